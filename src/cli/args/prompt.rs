//! The arguments of `prompt`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::sample::BudgetArgs;
use super::{GeneratorArgs, ListArgs, SESSION_HELP};

const REFERENCE_HELP: &str = "[NAME@](N | vN | LABEL | latest | ID), `draft` for the text in the editor, or `replaced` for the draft before it";

/// What to do with prompts.
#[derive(Debug, Subcommand)]
pub(crate) enum PromptCommand {
    /// List the versions.
    List(ListArgs),
    /// Print a version as a prompt file.
    Show {
        #[arg(help = SESSION_HELP)]
        session: String,
        #[arg(value_name = "REF", help = REFERENCE_HELP)]
        reference: String,
    },
    /// Compare two versions, line by line.
    Diff {
        #[arg(help = SESSION_HELP)]
        session: String,
        /// The version before, or `draft`.
        a: String,
        /// The version after, or `draft`.
        b: String,
    },
    /// Put a version into the editor; `replaced` brings back what was there before.
    Use {
        #[arg(help = SESSION_HELP)]
        session: String,
        #[arg(value_name = "REF", help = REFERENCE_HELP)]
        reference: String,
    },
    /// Write a note about a version; without words, take it away.
    Note {
        #[arg(help = SESSION_HELP)]
        session: String,
        #[arg(value_name = "REF", help = REFERENCE_HELP)]
        reference: String,
        /// The note.
        #[arg(value_name = "TEXT")]
        words: Vec<String>,
    },
    /// Ask the model for a changed prompt, from what was rejected, why, and what was edited; nothing is changed by itself.
    Suggest(SuggestArgs),
    /// Add versions from files: prompt files, templates of llm, prompts of promptfoo, chats in JSON.
    Add(AddPromptArgs),
    /// Give a version a label, such as production; each label names one version of a prompt.
    Label(LabelArgs),
    /// Make a prompt of another name that begins with what a version says.
    Fork {
        #[arg(help = SESSION_HELP)]
        session: String,
        #[arg(value_name = "REF", help = REFERENCE_HELP)]
        reference: String,
        /// The name of the new prompt.
        name: String,
    },
    /// Write versions to prompt files, which `prompt add` reads back as the same versions.
    Export(ExportPromptArgs),
}

/// What the next version is drafted from, and by whom.
#[derive(Debug, Args)]
pub(crate) struct SuggestArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    #[arg(long, value_name = "REF", help = "The version to change: [NAME@](N | vN | ID); else the latest")]
    pub prompt: Option<String>,
    #[command(flatten)]
    pub generator: GeneratorArgs,
    #[command(flatten)]
    pub budget: BudgetArgs,
    /// Write the changed prompt to this file, and print what changed; else the prompt is printed.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Which files to add.
#[derive(Debug, Args)]
pub(crate) struct AddPromptArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// The files, or folders with `.j2` files.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The prompt to add to; else the one that the file names, else the current one.
    #[arg(long, value_name = "N")]
    pub name: Option<String>,
    /// A value of a variable that the files name; may be repeated.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub variable: Vec<String>,
}

/// Which version gets which label.
#[derive(Debug, Args)]
pub(crate) struct LabelArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    #[arg(value_name = "REF", help = REFERENCE_HELP)]
    pub reference: String,
    /// The label.
    pub label: String,
    /// Take the label from the version.
    #[arg(long)]
    pub remove: bool,
}

/// Which versions to write, and where to.
#[derive(Debug, Args)]
pub(crate) struct ExportPromptArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// The versions; else the latest of each prompt.
    #[arg(value_name = "REF", conflicts_with = "all")]
    pub references: Vec<String>,
    /// Write every version, as NAME-vN.j2.
    #[arg(long)]
    pub all: bool,
    /// The folder to write to, a file for one version, or `-` for standard output.
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    /// Replace files that say something else.
    #[arg(long)]
    pub force: bool,
}
