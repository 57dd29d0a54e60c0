//! The table of commands.
//!
//! A command is what a person can ask for by name. Keys, palette, help, footer and tables are generated from it.

#![expect(clippy::enum_variant_names, reason = "all commands that scroll are named so")]

mod meaning;
mod scope;

use std::str::FromStr;

pub(crate) use scope::Scope;

/// Generates [`Command`], an enum of commands for each scope, and their names, docs and arguments
/// from one table.
macro_rules! commands {
    ($($scope:ident: $of:ident {
        $($name:literal $variant:ident $(($argument:literal))? $doc:literal)*
    })*) => {
        $(
            #[doc = concat!("A command of [`Scope::", stringify!($scope), "`].")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            pub enum $of {
                $(#[doc = $doc] $variant,)*
            }

            impl $of {
                const fn name(self) -> &'static str {
                    match self { $(Self::$variant => $name,)* }
                }

                const fn doc(self) -> &'static str {
                    match self { $(Self::$variant => $doc,)* }
                }

                const fn argument(self) -> Option<&'static str> {
                    match self { $(Self::$variant => commands!(@optional $($argument)?),)* }
                }
            }
        )*

        /// What a person can ask for by name.
        ///
        /// Each scope has its own enum, so that the match which runs its commands is exhaustive. Where the
        /// scope does not matter, [`Command::AcceptRow`] is short for
        /// `Command::Rows(RowsCommand::AcceptRow)`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Command {
            $(#[doc = concat!("A command of [`Scope::", stringify!($scope), "`].")] $scope($of),)*
        }

        #[expect(non_upper_case_globals, reason = "a command has one name, with its scope and without")]
        impl Command {
            $($(#[doc = $doc] pub const $variant: Self = Self::$scope($of::$variant);)*)*
        }

        impl Command {
            /// All commands, scope by scope, in the order in which the help shows them.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)*)*];

            /// Returns the command's name, in kebab case.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$scope(command) => command.name(),)* }
            }

            /// Returns what the command does, in one line.
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$scope(command) => command.doc(),)* }
            }

            /// Returns the scope in which the command is bound.
            #[must_use]
            pub const fn scope(self) -> Scope {
                match self { $(Self::$scope(_) => Scope::$scope,)* }
            }

            /// Returns the name of the argument that follows the command in the palette, if it takes one.
            #[must_use]
            pub const fn argument(self) -> Option<&'static str> {
                match self { $(Self::$scope(command) => command.argument(),)* }
            }
        }
    };
    (@optional $argument:literal) => { Some($argument) };
    (@optional) => { None };
}

commands! {
    Rows: RowsCommand {
        "accept-row" AcceptRow "Accept the row and go on to the next pending one"
        "reject-row" RejectRow "Reject the row and go on to the next pending one"
        "skip-row" SkipRow "Skip the row and go on to the next pending one"
        "rate-1" Rate1 "Accept the row with one star"
        "rate-2" Rate2 "Accept the row with two stars"
        "rate-3" Rate3 "Accept the row with three stars"
        "rate-4" Rate4 "Accept the row with four stars"
        "rate-5" Rate5 "Accept the row with five stars"
        "clear-rating" ClearRating "Clear the row's rating"
        "reject-with-reason" RejectWithReason "Reject the row and say why"
        "tag-row" TagRow "Tag the row"
        "repeat-decision" RepeatDecision "Repeat the last decision on this row"
        "relabel-row" RelabelRow "Give the row another label"
        "edit-row" EditRow "Edit the row"
        "show-exchange" ShowExchange "Show the request and the reply behind the row"
        "show-scraps" ShowScraps "Show what did not become rows in the run of the row"
        "show-duplicates" ShowDuplicates "Show the rows that are equal or nearly equal, in groups"
        "copy-row" CopyRow "Copy the row's text"
        "next-row" NextRow "Go to the next row"
        "previous-row" PreviousRow "Go to the row before"
        "first-row" FirstRow "Go to the first row"
        "last-row" LastRow "Go to the last row"
        "page-down" PageDown "Go half a page down"
        "page-up" PageUp "Go half a page up"
        "next-flagged" NextFlagged "Go to the next flagged row"
        "previous-flagged" PreviousFlagged "Go to the flagged row before"
        "next-pending" NextPending "Go to the next pending row"
        "next-new" NextNew "Go to the new rows: the first, then the next one"
        "goto" Goto("NUMBER") "Go to a row by its arrival number"
        "show-facets" ShowFacets "Count what the shown rows are like, by state, flag, variable and so on, and filter by it"
        "accept-matching" AcceptMatching "Accept every row that the filter matches"
        "reject-matching" RejectMatching "Reject every row that the filter matches"
        "skip-matching" SkipMatching "Skip every row that the filter matches"
        "tag-matching" TagMatching "Add tags to every row that the filter matches, or take them away"
        "relabel-matching" RelabelMatching "Give every row that the filter matches another label"
        "mark-rows" MarkRows "Mark rows from this one on, to decide them together; again ends it"
        "mark-all" MarkAll "Mark all rows that are shown, to decide them together; again ends it"
        "find-replace" FindReplace "Find and replace in the marked rows, else in all that are shown"
    }
    Bench: BenchCommand {
        "undo" Undo "Undo the last decision or edit"
        "redo" Redo "Redo what was undone"
        "sample" Sample "Sample rows with the last settings"
        "sampling-settings" SamplingSettings "Change what the next sample uses"
        "reset-settings" ResetSettings "Forget what was chosen for the next samples"
        "resume-run" ResumeRun "Go on with the last run that misses rows"
        "show-run" ShowRun "Show the last run: its requests, tokens, remarks and failures"
        "save-version" SaveVersion "Save the prompt as a version"
        "edit-prompt" EditPrompt "Edit the prompt"
        "discard-draft" DiscardDraft "Go back to the words of the prompt's version"
        "restore-draft" RestoreDraft "Bring back the draft that was discarded or replaced"
        "load" LoadVersion("VERSION") "Put a version into the editor"
        "compare-draft" CompareDraft "Compare the draft with its version"
        "compare" CompareVersion("VERSION") "Compare the draft with any version"
        "draft-next-version" DraftNextVersion "Ask the model for a changed prompt, from what was rejected and edited"
        "filter" FilterRows("EXPR") "Filter the rows, which follow what you type"
        "save-view" SaveView("NAME") "Save the filter and the order as a view"
        "view" ChooseView("NAME") "Show the rows of a saved view"
        "delete-view" DeleteView("NAME") "Delete a saved view; its rows stay"
        "sort" SortRows("ORDER") "Sort the rows by another order"
        "sort-again" SortAgain "Sort and filter again, with the rows that came since"
    }
    Anywhere: AnywhereCommand {
        "go-bench" GoBench "Go to the bench"
        "go-versions" GoVersions "Go to the versions of the prompt, and to what each came to"
        "go-compare" GoCompare "Go to the comparison of two versions, models or settings"
        "go-data" GoData "Go to the dataset, and to what a classifier does not get in it"
        "go-coverage" GoCoverage "Go to the coverage map: how many rows each pair of values has"
        "go-measure" GoMeasure "Go to the evaluation: whether the accepted rows help"
        "go-export" GoExport "Go to the export of accepted rows"
        "go-history" GoHistory "Go to the history: all operations, and the way back to any of them"
        "go-race" GoRace "Go to the race: versions that compete for the next rows"
        "export" ExportTo("PATH") "Write the accepted rows to a file: names it in the export's form"
        "show-guidelines" ShowGuidelines "Show the labelling guidelines"
        "show-commands" ShowCommands "Find a command by name"
        "next-pane" NextPane "Go to the next pane"
        "previous-pane" PreviousPane "Go to the pane before"
        "zoom" Zoom "Give the pane the whole screen, or take it back"
        "back" Back "Back out one step"
        "write-elsewhere" WriteElsewhere "Write everything to another folder, where it cannot be saved"
        "suspend" Suspend "Suspend the program"
        "quit" Quit "Quit"
    }
    Prompt: PromptCommand {
        "leave-editor" LeaveEditor "Go back to the rows"
        "next-part" NextPart "Go to the next part: user, system, variables"
        "edit-externally" EditExternally "Open the part in $EDITOR"
    }
    Completion: CompletionCommand {
        "take-completion" TakeCompletion "Write the rest of the word"
        "next-completion" NextCompletion "Go to the next word"
        "previous-completion" PreviousCompletion "Go to the word before"
        "close-completions" CloseCompletions "Go on without these words"
    }
    RowEditor: RowEditorCommand {
        "save-edit" SaveEdit "Save the edit"
        "leave-row-editor" LeaveRowEditor "Leave; asks if something changed"
        "next-field" NextField "Go between the text and the other fields"
    }
    Typing: TypingCommand {
        "cursor-left" CursorLeft "Go a character left"
        "cursor-right" CursorRight "Go a character right"
        "cursor-up" CursorUp "Go a line up"
        "cursor-down" CursorDown "Go a line down"
        "word-left" WordLeft "Go a word left"
        "word-right" WordRight "Go a word right"
        "line-start" LineStart "Go to the start of the line"
        "line-end" LineEnd "Go to the end of the line"
        "text-start" TextStart "Go to the start of the text"
        "text-end" TextEnd "Go to the end of the text"
        "text-page-down" TextPageDown "Go a page down"
        "text-page-up" TextPageUp "Go a page up"
        "new-line" NewLine "Start a new line"
        "delete-back" DeleteBack "Delete the character before the cursor"
        "delete-forward" DeleteForward "Delete the character at the cursor"
        "delete-word-back" DeleteWordBack "Delete the word before the cursor"
        "delete-word-forward" DeleteWordForward "Delete the word after the cursor"
        "delete-to-line-start" DeleteToLineStart "Delete to the start of the line"
        "delete-to-line-end" DeleteToLineEnd "Delete to the end of the line"
        "undo-typing" UndoTyping "Undo typing"
        "redo-typing" RedoTyping "Redo typing"
    }
    Line: LineCommand {
        "confirm-line" ConfirmLine "Do it"
        "leave-line" LeaveLine "Leave without doing it"
        "next-choice" NextChoice "Go to the next choice"
        "previous-choice" PreviousChoice "Go to the choice before"
        "take-choice" TakeChoice "Write the choice into the line"
    }
    Settings: SettingsCommand {
        "apply-settings" ApplySettings "Use these settings"
        "leave-settings" LeaveSettings "Leave the settings as they were"
        "next-setting" NextSetting "Go to the next setting"
        "previous-setting" PreviousSetting "Go to the setting before"
        "next-value" NextValue "Take the next choice, or go a character right"
        "previous-value" PreviousValue "Take the choice before, or go a character left"
        "cycle-value" CycleValue "Take the next choice, or look for what can be chosen"
        "reset-form" ResetForm "Write what holds where nothing is chosen here"
    }
    Versions: VersionsCommand {
        "use-version" UseVersion "Put the version into the editor"
        "diff-versions" DiffVersions "Take one end of a comparison; on another version compare the two"
        "fork-version" ForkVersion "Begin another prompt with the words of the version"
        "note-version" NoteVersion "Write a note about the version"
        "label-version" LabelVersion "Give the version a label, or take one off that it has"
        "next-prompt" NextPrompt "Show the versions of the next prompt"
        "previous-prompt" PreviousPrompt "Show the versions of the prompt before"
    }
    Data: DataCommand {
        "make-example" MakeExample "Make the row an example, or take it back"
    }
    Compare: CompareCommand {
        "choose-left" ChooseLeft "Accept the left row and reject the right one"
        "choose-right" ChooseRight "Accept the right row and reject the left one"
        "choose-both" ChooseBoth "Accept both rows of the pair"
        "choose-neither" ChooseNeither "Reject both rows of the pair"
        "leave-pair-open" LeavePairOpen "Leave the pair open and go on to the next open one"
        "next-pair" NextPair "Go to the next pair"
        "previous-pair" PreviousPair "Go to the pair before"
        "undo-pair" UndoPair "Undo the last decision"
        "redo-pair" RedoPair "Redo what was undone"
        "sample-pairs" SamplePairs "Sample the rows that the comparison misses"
        "end-comparison" EndComparison "End the comparison and show which row was whose"
    }
    CompareForm: CompareFormCommand {
        "start-comparison" StartComparison "Begin the comparison"
        "change-compare-field" ChangeCompareField "Type in the line, choose, switch it, or press the button"
        "next-compare-field" NextCompareField "Go to the next line"
        "previous-compare-field" PreviousCompareField "Go to the line before"
        "next-compare-value" NextCompareValue "Take the next choice"
        "previous-compare-value" PreviousCompareValue "Take the choice before"
    }
    CompareField: CompareFieldCommand {
        "leave-compare-field" LeaveCompareField "Stop typing; what was typed stays"
    }
    Measure: MeasureCommand {
        "evaluate" Evaluate "Evaluate the accepted rows on the real test rows"
    }
    Coverage: CoverageCommand {
        "sample-into" SampleInto "Sample rows with the values of the selected pair"
        "next-hole" NextHole "Go to the next pair that could have rows and has none"
        "next-value-down" NextValueDown "Go a line down"
        "previous-value-down" PreviousValueDown "Go a line up"
        "next-value-across" NextValueAcross "Go a column to the right"
        "previous-value-across" PreviousValueAcross "Go a column to the left"
        "next-variable-down" NextVariableDown "Show another variable in the lines"
        "next-variable-across" NextVariableAcross "Show another variable in the columns"
    }
    History: HistoryCommand {
        "jump" Jump "Go back, or forth, to just after the operation; one undo takes that back"
        "show-operation-rows" ShowOperationRows "Show the rows that the operation was about"
    }
    Export: ExportCommand {
        "start-export" StartExport "Write the rows"
        "copy-export-command" CopyExportCommand "Copy the command that writes the same"
        "change-export-field" ChangeExportField "Type in the line, choose, switch it, or press the button"
        "next-export-field" NextExportField "Go to the next line"
        "previous-export-field" PreviousExportField "Go to the line before"
        "next-export-value" NextExportValue "Take the next choice"
        "previous-export-value" PreviousExportValue "Take the choice before"
        "choose-format" ChooseFormat "Choose the format from a list"
        "reset-export" ResetExport "Write what holds before anything is chosen"
    }
    Race: RaceCommand {
        "sample-race" SampleRace "Sample the race's next rows again, or pause that"
        "end-race" EndRace "End the race as it stands"
    }
    RaceForm: RaceFormCommand {
        "begin-race" BeginRace "Begin the race"
        "choose-side" ChooseSide "Let the version race, or not"
        "next-race-line" NextRaceLine "Go to the next line"
        "previous-race-line" PreviousRaceLine "Go to the line before"
        "more-of-race" MoreOfRace "Make the number larger"
        "fewer-of-race" FewerOfRace "Make the number smaller"
        "leave-race-form" LeaveRaceForm "Leave the form"
    }
    RaceEnd: RaceEndCommand {
        "new-race" NewRace "Choose the versions of another race"
        "load-best" LoadBest "Put the race's best version into the editor"
        "label-production" LabelProduction "Label the race's best version `production`"
        "label-candidate" LabelCandidate "Label the race's best version `candidate`"
    }
    ExportField: ExportFieldCommand {
        "leave-export-field" LeaveExportField "Stop typing; what was typed stays"
    }
    Formats: FormatsCommand {
        "next-format" NextFormat "Go to the next format"
        "previous-format" PreviousFormat "Go to the format before"
        "take-format" TakeFormat "Take the format"
    }
    Facets: FacetsCommand {
        "next-facet-value" NextFacetValue "Go to the next value"
        "previous-facet-value" PreviousFacetValue "Go to the value before"
        "next-facet" NextFacet "Go to the next facet"
        "previous-facet" PreviousFacet "Go to the facet before"
        "choose-facet-value" ChooseFacetValue "Filter by the value, or take it out again; counts are of the rows that match"
        "exclude-facet-value" ExcludeFacetValue "Filter the rows with the value out, or take that back"
        "unfold-facet" UnfoldFacet "Show all values of the facet, or only the most frequent"
    }
    Scraps: ScrapsCommand {
        "next-scrap" NextScrap "Go to the next scrap"
        "previous-scrap" PreviousScrap "Go to the scrap before"
        "next-scrap-run" NextScrapRun "Go to the next run that left scraps"
        "previous-scrap-run" PreviousScrapRun "Go to the run before that left scraps"
        "repair-scrap" RepairScrap "Make a row of the scrap by hand"
    }
    Duplicates: DuplicatesCommand {
        "next-duplicate" NextDuplicate "Go to the next row of the group"
        "previous-duplicate" PreviousDuplicate "Go to the row of the group before"
        "next-group" NextGroup "Go to the next group"
        "previous-group" PreviousGroup "Go to the group before"
        "keep-row" KeepRow "Keep this row of the group and reject the others"
        "keep-best" KeepBest "Keep the best row of the group and reject the others"
        "merge-groups" MergeGroups "Keep the best row of every group, after a question"
    }
    Run: RunCommand {
        "next-run" NextRun "Go to the next run"
        "previous-run" PreviousRun "Go to the run before"
    }
    Replace: ReplaceCommand {
        "show-matches" ShowMatches "Go through the rows that would change, before they do"
        "leave-replace" LeaveReplace "Leave everything as it is"
        "next-replace-field" NextReplaceField "Go to the next line"
        "previous-replace-field" PreviousReplaceField "Go to the line before"
        "next-replace-value" NextReplaceValue "Take the next choice, or go a character right"
        "previous-replace-value" PreviousReplaceValue "Take the choice before, or go a character left"
    }
    Matches: MatchesCommand {
        "leave-match-out" LeaveMatchOut "Leave the row as it is, or take it in again"
    }
    Scroll: ScrollCommand {
        "scroll-down" ScrollDown "Scroll a line down"
        "scroll-up" ScrollUp "Scroll a line up"
        "scroll-page-down" ScrollPageDown "Scroll half a page down"
        "scroll-page-up" ScrollPageUp "Scroll half a page up"
        "scroll-to-top" ScrollToTop "Scroll to the top"
        "scroll-to-bottom" ScrollToBottom "Scroll to the bottom"
    }
    Overlay: OverlayCommand {
        "close" Close "Close the window"
    }
    Question: QuestionCommand {
        "answer-yes" AnswerYes "Yes"
        "answer-no" AnswerNo "No"
        "answer-save" AnswerSave "Save the edit and leave"
        "answer-discard" AnswerDiscard "Discard the edit and leave"
    }
    Everywhere: EverywhereCommand {
        "stop-or-quit" StopOrQuit "Stop the run that is going, else ask whether to quit"
        "show-help" ShowHelp "Show the keys"
    }
}

/// A name that no command has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("There is no command `{0}`.")]
pub struct NoSuchCommand(pub String);

impl FromStr for Command {
    type Err = NoSuchCommand;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|command| command.name() == name);
        found.copied().ok_or_else(|| NoSuchCommand(name.to_owned()))
    }
}

#[cfg(test)]
mod tests;
