//! What an answer means, and why it is none.

use std::path::Path;

use super::super::choice::{Unclear, chosen, has_numbers};
use super::super::sheet::shown_name;
use super::super::words::Question;
use super::Conversation;
use crate::dataset::findings::spelled;
use crate::dataset::{Column, Kind};
use crate::text::SafeText;
use crate::workbench::NO_SPLIT;

impl Conversation<'_> {
    /// Returns why a column cannot be what is asked for.
    pub(super) fn unfit(&self, question: Question, column: &Column) -> Option<String> {
        let name = spelled(&column.name);
        let text = self.settled.args.text.as_deref();
        if column.name.trim().is_empty() {
            return Some("That column has no name; give it one in the first line of the file.".to_owned());
        }
        if self.look.columns.iter().filter(|other| other.name == column.name).count() > 1 {
            return Some(format!(
                "Several columns are called {name}; give each a name of its own in the file."
            ));
        }
        if column.filled == 0 {
            return Some(format!("The column {name} is empty."));
        }
        match question {
            Question::Text if !column.kinds.contains(&Kind::Text) => {
                Some(format!("The column {name} holds no texts."))
            }
            Question::Text if self.settled.args.label.as_deref() == Some(column.name.as_str()) => {
                Some(format!("The column {name} is the label already."))
            }
            Question::Label if text == Some(column.name.as_str()) => {
                Some(format!("The column {name} is the text already."))
            }
            Question::Label if column.kinds.contains(&Kind::Object) => {
                Some(format!("The column {name} holds objects, and a label is a word or a number."))
            }
            _ => None,
        }
    }

    /// Takes an answer; `None` says that the person leaves, an error why it is none.
    pub(super) fn take(&mut self, question: Question, typed: &str) -> Result<Option<String>, String> {
        match question {
            Question::Text | Question::Label => self.take_column(question, typed).map(Some),
            Question::Split => {
                let column = self.split().map(|column| column.name.clone());
                let is_yes = yes_or_no(typed)?;
                self.settled.args.split = if is_yes { column } else { Some(NO_SPLIT.to_owned()) };
                Ok(Some(if is_yes { "yes" } else { "no" }.to_owned()))
            }
            Question::Unlabelled => {
                if !yes_or_no(typed)? {
                    return Err(
                        "Then give those rows a label in the file, and begin again; esc leaves.".to_owned()
                    );
                }
                self.settled.args.skip_unlabelled = true;
                self.settled.passes_unlabelled_known = true;
                Ok(Some("yes".to_owned()))
            }
            Question::Target => self.take_target(typed).map(Some),
            Question::Folder => {
                let typed = typed.trim();
                // A name that begins with a sign of an option would be taken for one.
                let folder = if typed.starts_with('-') { format!("./{typed}") } else { typed.to_owned() };
                let folder = (self.place)(Path::new(&folder))?;
                let shown = SafeText::name(&folder.to_string_lossy()).to_string();
                self.settled.dir = Some(folder);
                Ok(Some(shown))
            }
        }
    }

    fn take_column(&mut self, question: Question, typed: &str) -> Result<String, String> {
        let names = self.names();
        let numbers = if has_numbers(&names) { names.len() } else { 0 };
        let place = chosen(typed, &names, numbers)
            .map_err(|unclear| why("column", typed, &names, numbers, unclear))?;
        let column = &self.look.columns[place];
        if let Some(why) = self.unfit(question, column) {
            return Err(why);
        }
        let args = &mut self.settled.args;
        if question == Question::Text {
            args.text = Some(column.name.clone());
        } else {
            args.label = Some(column.name.clone());
            let has = |target: &String| {
                column.has_more_values || column.values.iter().any(|(value, _)| value == target)
            };
            if let Some(target) = args.target.as_ref().filter(|target| !has(target)) {
                return Err(format!(
                    "The column {} has no label {}.",
                    spelled(&column.name),
                    spelled(target)
                ));
            }
        }
        Ok(shown_name(column))
    }

    fn take_target(&mut self, typed: &str) -> Result<String, String> {
        let (labels, shown) = self.labels();
        let names: Vec<&str> = labels.iter().map(|(label, _)| *label).collect();
        let numbers = if has_numbers(&names) { shown } else { 0 };
        let has_more = self.label().is_some_and(|label| label.has_more_values);
        let label = match chosen(typed, &names, numbers) {
            Ok(place) => names[place].to_owned(),
            // Not all labels were counted, so whether it is one shows when the file is read.
            Err(Unclear::Unknown(None)) if has_more => typed.trim().to_owned(),
            Err(unclear) => return Err(why("label", typed, &names, numbers, unclear)),
        };
        self.settled.args.target = Some(label.clone());
        Ok(SafeText::name(&label).to_string())
    }
}

/// Returns why an answer was not taken.
fn why(what: &str, typed: &str, names: &[&str], numbers: usize, unclear: Unclear) -> String {
    match unclear {
        Unclear::Unknown(Some(near)) => {
            format!("There is no {what} {}; did you mean {}?", spelled(typed.trim()), spelled(names[near]))
        }
        Unclear::Unknown(None) => {
            let how = if numbers > 0 { "a number or a name" } else { "a name" };
            format!("There is no {what} {}; type {how} from above.", spelled(typed.trim()))
        }
        Unclear::Beyond => format!("The numbers go from 1 to {numbers}."),
        Unclear::Several(places) => {
            let several: Vec<String> = places.iter().take(4).map(|place| spelled(names[*place])).collect();
            let how =
                if numbers > 0 { "its number, or its name as it stands" } else { "its name as it stands" };
            format!("That could be {}; type {how}.", several.join(" or "))
        }
    }
}

fn yes_or_no(typed: &str) -> Result<bool, String> {
    match typed.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err("Answer y or n.".to_owned()),
    }
}
