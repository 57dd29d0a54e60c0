//! The formats as the form offers them: their groups, and what each is for.

/// What formats have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatGroup {
    /// A row for each text.
    Tables,
    /// Files that trainers of language models read.
    Training,
    /// A better and a worse answer to one prompt.
    Preferences,
    /// Files that annotation tools read.
    Annotation,
    /// Files that test prompts or small classifiers.
    Tests,
}

impl FormatGroup {
    /// Returns the group's heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tables => "Tables",
            Self::Training => "Training",
            Self::Preferences => "Preference pairs",
            Self::Annotation => "Annotation tools",
            Self::Tests => "Tests",
        }
    }
}

/// Declares the formats once: variant, name on the command line, group, ending of the file, sentence.
macro_rules! formats {
    ($($(#[$default:ident])? $variant:ident $name:literal $group:ident $ending:literal $about:literal;)*) => {
        /// How rows leave.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub enum ExportFormat {
            $(#[doc = $about] $(#[$default])? $variant,)*
        }

        impl ExportFormat {
            /// All formats, group by group.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns its name, as the command line spells it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns its group.
            #[must_use]
            pub const fn group(self) -> FormatGroup {
                match self { $(Self::$variant => FormatGroup::$group,)* }
            }

            /// Returns the ending of its files; empty where it is a folder.
            #[must_use]
            pub const fn ending(self) -> &'static str {
                match self { $(Self::$variant => $ending,)* }
            }

            /// Returns what it is for, in a sentence.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }
        }
    };
}

formats! {
    #[default]
    Jsonl "jsonl" Tables ".jsonl" "One JSON object a line, for programs: what every loader reads and no type gets lost in.";
    Csv "csv" Tables ".csv" "A table with commas, for spreadsheets and pandas.";
    Tsv "tsv" Tables ".tsv" "A table with tabs, for tools that split lines at tabs.";
    Parquet "parquet" Tables ".parquet" "A typed, compressed table, for pandas, polars, Spark and `datasets`.";
    Hf "hf" Tables "" "A dataset folder for the Hugging Face Hub: Parquet files with a card that says how the rows were made.";
    OpenAi "openai" Training ".jsonl" "Chat messages for fine-tuning at OpenAI, and wherever its format is taken.";
    Alpaca "alpaca" Training ".json" "Instruction, input and output for LLaMA-Factory, with the entry of `dataset_info.json` beside them.";
    ShareGpt "sharegpt" Training ".json" "Conversations for LLaMA-Factory and Axolotl, with the entry of `dataset_info.json` beside them.";
    FastText "fasttext" Training ".txt" "A label and a text a line, to train a fastText classifier.";
    Dpo "dpo" Preferences ".jsonl" "Pairs for TRL's DPO trainer: what you accepted or wrote against what you rejected or changed, of one prompt.";
    Kto "kto" Preferences ".jsonl" "Single answers for TRL's KTO trainer, each marked as wanted or unwanted; no pairs are needed.";
    Argilla "argilla" Annotation ".jsonl" "Records for Argilla, the label as a suggestion for annotators to confirm.";
    Prodigy "prodigy" Annotation ".jsonl" "Tasks for Prodigy with your answers and the hashes that it tells tasks apart by.";
    LabelStudio "label-studio" Annotation ".json" "Tasks for Label Studio with predictions, and the labelling config beside them.";
    Promptfoo "promptfoo" Tests ".yaml" "A test file for promptfoo: the prompt, its variables and accepted rows to compare with.";
}

/// What a model is taught with the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExportTask {
    /// To label a text.
    #[default]
    Classify,
    /// To write rows.
    Generate,
}

impl ExportTask {
    /// Returns its name, as the command line spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classify => "classify",
            Self::Generate => "generate",
        }
    }
}

impl ExportFormat {
    /// Returns the format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// Returns the format that a file of this name has by its ending, where it means one.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let tables = [Self::Jsonl, Self::Csv, Self::Tsv, Self::Parquet];
        let name = name.to_ascii_lowercase();
        tables.into_iter().find(|format| name.ends_with(format.ending()))
    }

    /// Returns whether its rows can teach either task.
    #[must_use]
    pub const fn has_tasks(self) -> bool {
        matches!(self, Self::OpenAi | Self::Alpaca | Self::ShareGpt)
    }

    /// Returns whether its rows say where they come from, unless they are bare.
    #[must_use]
    pub const fn has_provenance(self) -> bool {
        matches!(self, Self::Jsonl | Self::Csv | Self::Tsv | Self::Parquet | Self::Hf)
    }

    /// Returns whether spreadsheets open it, and would run a cell that looks like a formula.
    #[must_use]
    pub const fn is_for_spreadsheets(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv)
    }

    /// Returns whether rejected rows are written too.
    #[must_use]
    pub const fn takes_rejected(self) -> bool {
        matches!(self.group(), FormatGroup::Preferences | FormatGroup::Annotation)
    }

    /// Returns whether skipped rows are written too, as ones that a person has seen.
    #[must_use]
    pub const fn takes_skipped(self) -> bool {
        matches!(self.group(), FormatGroup::Annotation)
    }

    /// Returns whether its files are no text, so that their rows are shown as JSON.
    #[must_use]
    pub const fn is_shown_as_json(self) -> bool {
        matches!(self, Self::Parquet | Self::Hf)
    }

    /// Returns the place among all formats.
    #[must_use]
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|format| *format == self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_found_by_its_name_and_the_groups_stay_together() {
        for format in ExportFormat::ALL {
            assert_eq!(ExportFormat::from_name(format.name()), Some(*format));
            assert!(format.about().ends_with('.') && format.about().len() < 120, "{}", format.name());
        }
        let mut groups: Vec<_> = ExportFormat::ALL.iter().map(|format| format.group().title()).collect();
        groups.dedup();
        assert_eq!(groups, ["Tables", "Training", "Preference pairs", "Annotation tools", "Tests"]);
    }

    #[test]
    fn only_an_ending_of_one_meaning_names_a_format() {
        assert_eq!(ExportFormat::of_file("a/Rows.CSV"), Some(ExportFormat::Csv));
        assert_eq!(ExportFormat::of_file("rows.json"), None);
        assert_eq!(ExportFormat::of_file("parquet"), None);
    }
}
