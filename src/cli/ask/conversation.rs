//! The conversation itself: answers in, lines out. It reads and makes nothing.
//!
//! ```text
//! Look, NewArgs ──► opening ──► question ──► answer ─┬─► Taken: the next question, or the command
//!                                  ▲                 ├─► Again: why, and the same question
//!                                  └─────────────────┴─► Left
//! ```

mod answers;

use std::path::{Path, PathBuf};

use super::choice::has_numbers;
use super::paint::Paint;
use super::sheet::{self, Paper};
use super::words::{HOW, Question};
use crate::cli::args::NewArgs;
use crate::cli::look;
use crate::dataset::findings::{Counted, label_remarks, listed, number, rows, spelled, splits_all, values};
use crate::dataset::{Column, Guess, Look, guess};
use crate::text::{SafeText, truncate, width, wrap};

/// The most labels that are listed; of more, only the rarest are.
const LABELS: usize = 12;
/// The most remarks on labels.
const REMARKS: usize = 3;
/// The most screen columns of a proposal.
const PROPOSAL: usize = 40;

/// Says why a session cannot be made in a folder.
pub(super) type Place<'a> = &'a dyn Fn(&Path) -> Result<PathBuf, String>;

/// What became of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    /// It was taken; this is what it means.
    Taken(String),
    /// It was not, or was no answer; the lines say why, and the question stands.
    Again(Vec<String>),
    /// The person leaves.
    Left,
}

/// What is settled so far.
#[derive(Debug, Clone)]
struct Settled {
    args: NewArgs,
    dir: Option<PathBuf>,
    passes_unlabelled_known: bool,
}

/// The conversation that finds out what `new` needs.
pub(super) struct Conversation<'a> {
    look: &'a Look,
    data: &'a Path,
    settled: Settled,
    before: Vec<Settled>,
    place: Place<'a>,
    paper: Paper,
}

impl<'a> Conversation<'a> {
    /// Begins with what was given on the command line.
    pub(super) fn new(
        look: &'a Look,
        data: &'a Path,
        (args, dir): (&NewArgs, Option<&Path>),
        place: Place<'a>,
        paper: Paper,
    ) -> Self {
        let settled = Settled {
            passes_unlabelled_known: args.skip_unlabelled,
            args: args.clone(),
            dir: dir.map(Path::to_owned),
        };
        Self { look, data, settled, before: Vec::new(), place, paper }
    }

    /// Tells the width of the terminal, which may have changed.
    pub(super) fn set_columns(&mut self, columns: usize) {
        self.paper.columns = columns;
    }

    /// Returns the width of the terminal.
    pub(super) const fn columns(&self) -> usize {
        self.paper.columns
    }

    /// Returns how lines are set off.
    pub(super) const fn paint(&self) -> Paint {
        self.paper.paint
    }

    /// Returns what is shown first: the file, its first rows, and what is unusual.
    pub(super) fn opening(&self) -> Vec<String> {
        let Look { rows: count, columns, remarks, .. } = self.look;
        let columns = if columns.len() == 1 {
            "1 column".to_owned()
        } else {
            format!("{} columns", number(columns.len()))
        };
        let title = format!(
            "{} is {} with {} and {columns}.",
            self.data.display(),
            look::format_name(self.look),
            rows(*count)
        );
        let title = SafeText::new(&title).into_inner();
        let mut lines: Vec<String> =
            self.wrapped(&title).iter().map(|line| self.paper.paint.strong(line)).collect();
        lines.push(String::new());
        lines.extend(sheet::first_rows(self.look, has_numbers(&self.names()), self.paper));
        lines.push(String::new());
        remarks.iter().for_each(|remark| lines.extend(self.bullet(remark)));
        lines.extend((!remarks.is_empty()).then(String::new));
        lines
    }

    /// Returns how to answer.
    pub(super) fn how(&self) -> Vec<String> {
        self.wrapped(HOW).iter().map(|line| self.paper.paint.faint(line)).chain([String::new()]).collect()
    }

    /// Returns why no session can be made of the file, where none can.
    pub(super) fn is_hopeless(&self) -> Option<String> {
        let can_be =
            |question| self.look.columns.iter().filter(move |column| self.unfit(question, column).is_none());
        let texts = can_be(Question::Text).count();
        let other = can_be(Question::Label)
            .any(|label| texts > 1 || can_be(Question::Text).all(|text| text != label));
        if texts > 0 && other {
            return None;
        }
        let lacks =
            if texts == 0 { "a column of texts" } else { "a second column, which says each row's label" };
        Some(format!(
            "{} has no session in it yet: it lacks {lacks}. Add it to the file. Where its cells are parted by an unusual \
             character, name that with `--separator`.",
            self.data.display()
        ))
    }

    /// Returns what is to be asked next; `None` once all is settled.
    pub(super) fn asks(&self) -> Option<Question> {
        let Settled { args, dir, passes_unlabelled_known } = &self.settled;
        let is_unlabelled = self.unlabelled() > 0 && !passes_unlabelled_known;
        [
            (Question::Text, args.text.is_none()),
            (Question::Label, args.label.is_none()),
            (Question::Split, args.split.is_none() && self.split().is_some()),
            (Question::Unlabelled, is_unlabelled),
            (Question::Target, args.target.is_none()),
            (Question::Folder, dir.is_none()),
        ]
        .into_iter()
        .find_map(|(question, is_open)| is_open.then_some(question))
    }

    /// Returns the lines of a question, with what it proposes in brackets.
    pub(super) fn question(&self, question: Question) -> Vec<String> {
        let mut lines = if question == Question::Target { self.label_table() } else { Vec::new() };
        let asked = match question {
            Question::Text => "Which column is the text?".to_owned(),
            Question::Label => "Which column is the label?".to_owned(),
            Question::Split => {
                let column = self.split().map(|column| (spelled(&column.name), listed(&values(column), 4)));
                let (name, says) = column.unwrap_or_default();
                format!("{name} says {says}. Split the rows by it?")
            }
            Question::Unlabelled => {
                let count = self.unlabelled();
                let has = if count == 1 { "has" } else { "have" };
                format!(
                    "{} {has} a text and no label. Pass over {}?",
                    rows(count),
                    if count == 1 { "it" } else { "them" }
                )
            }
            Question::Target => "Which label is the rare class that more rows are wanted of?".to_owned(),
            Question::Folder => "Which folder is to hold the session?".to_owned(),
        };
        let proposed = self.proposal(question).map_or(String::new(), |proposal| {
            format!("[{}]", truncate(SafeText::name(&proposal).as_str(), PROPOSAL))
        });
        let room = self.paper.columns.saturating_sub(width(&proposed) + 1);
        let asked = self.wrapped(&asked);
        let last = asked.len().saturating_sub(1);
        let paint = self.paper.paint;
        for (place, line) in asked.iter().enumerate() {
            if place == last && width(line) <= room && !proposed.is_empty() {
                lines.push(format!("{} {}", paint.strong(line), paint.chosen(&proposed)));
            } else {
                lines.push(paint.strong(line));
                lines.extend((place == last && !proposed.is_empty()).then(|| paint.chosen(&proposed)));
            }
        }
        lines
    }

    /// Takes in what was typed.
    pub(super) fn answer(&mut self, question: Question, typed: &str) -> Heard {
        let is_name = self.is_name(question, typed);
        match typed.trim() {
            "q" | "quit" if !is_name => return Heard::Left,
            "?" if !is_name => return Heard::Again(self.faint(question.explained())),
            "<" if !is_name => return self.back(),
            _ => {}
        }
        let before = self.settled.clone();
        let proposed = if typed.trim().is_empty() { self.proposal(question) } else { None };
        let outcome = match (typed.trim().is_empty(), &proposed) {
            (true, None) => Err("Nothing is proposed here; type a number or a name.".to_owned()),
            _ => self.take(question, proposed.as_deref().unwrap_or(typed)),
        };
        match outcome {
            Ok(Some(taken)) => {
                self.before.push(before);
                Heard::Taken(taken)
            }
            Ok(None) => Heard::Left,
            Err(why) => {
                self.settled = before;
                Heard::Again(self.refusal(&why))
            }
        }
    }

    /// Returns the equal command line.
    pub(super) fn command(&self) -> String {
        let Settled { args, dir, .. } = &self.settled;
        let guess = Guess { text: self.column(args.text.as_deref()), label: self.label(), target: None };
        look::command(args, dir.as_deref(), self.data, &guess)
    }

    /// Returns all that is settled, with the folder.
    pub(super) fn into_settled(self) -> (NewArgs, Option<PathBuf>) {
        (self.settled.args, self.settled.dir)
    }

    fn wrapped(&self, text: &str) -> Vec<String> {
        wrap(text, self.paper.columns.saturating_sub(1)).into_iter().map(str::to_owned).collect()
    }

    fn bullet(&self, remark: &str) -> Vec<String> {
        let safe = SafeText::new(remark).into_inner();
        let lines = wrap(&safe, self.paper.columns.saturating_sub(3));
        lines
            .iter()
            .enumerate()
            .map(|(place, line)| format!("{} {line}", if place == 0 { '-' } else { ' ' }))
            .collect()
    }

    fn faint(&self, text: &str) -> Vec<String> {
        self.wrapped(text).iter().map(|line| self.paper.paint.faint(line)).collect()
    }

    fn refusal(&self, why: &str) -> Vec<String> {
        let safe = SafeText::new(why).into_inner();
        self.wrapped(&safe).iter().map(|line| self.paper.paint.wrong(line)).collect()
    }

    fn back(&mut self) -> Heard {
        match self.before.pop() {
            Some(before) => {
                self.settled = before;
                Heard::Taken("< back".to_owned())
            }
            None => Heard::Again(self.refusal("This is the first question; esc leaves.")),
        }
    }

    fn names(&self) -> Vec<&'a str> {
        self.look.columns.iter().map(|column| column.name.as_str()).collect()
    }

    fn column(&self, name: Option<&str>) -> Option<&'a Column> {
        self.look.columns.iter().find(|column| Some(column.name.as_str()) == name)
    }

    fn label(&self) -> Option<&'a Column> {
        self.column(self.settled.args.label.as_deref())
    }

    fn guess(&self) -> Guess<'a> {
        guess(self.look, self.settled.args.text.as_deref(), self.settled.args.label.as_deref())
    }

    /// Returns the column that splits the rows, where one does.
    fn split(&self) -> Option<&'a Column> {
        let Settled { args, .. } = &self.settled;
        let is_free = |column: &&Column| {
            let name = Some(&column.name);
            name != args.text.as_ref() && name != args.label.as_ref()
        };
        self.look.columns.iter().filter(is_free).find(|column| splits_all(column, self.look.rows))
    }

    /// Returns how many rows have a text and no label.
    fn unlabelled(&self) -> usize {
        let text = self.column(self.settled.args.text.as_deref());
        text.zip(self.label()).map_or(0, |(text, label)| text.filled.saturating_sub(label.filled))
    }

    /// Returns the labels in the order in which they are listed, and how many of them are.
    fn labels(&self) -> (Vec<Counted<'a>>, usize) {
        let mut labels = self.label().map(values).unwrap_or_default();
        if labels.len() <= LABELS {
            let count = labels.len();
            return (labels, count);
        }
        labels.reverse();
        let proposed = self.guess().target;
        if let Some(place) = labels.iter().position(|(label, _)| Some(*label) == proposed) {
            let proposed = labels.remove(place);
            labels.insert(place.min(LABELS - 1), proposed);
        }
        (labels, LABELS)
    }

    fn is_name(&self, question: Question, typed: &str) -> bool {
        match question {
            Question::Text | Question::Label => self.names().contains(&typed.trim()),
            Question::Target => self.labels().0.iter().any(|(label, _)| *label == typed.trim()),
            _ => false,
        }
    }

    /// Returns what enter takes.
    fn proposal(&self, question: Question) -> Option<String> {
        let guess = self.guess();
        let name = |column: Option<&Column>| {
            column.filter(|column| self.unfit(question, column).is_none()).map(|column| column.name.clone())
        };
        match question {
            Question::Text => name(guess.text),
            Question::Label => name(guess.label).or_else(|| self.only_other()),
            Question::Split | Question::Unlabelled => Some("yes".to_owned()),
            Question::Target => guess.target.map(str::to_owned),
            Question::Folder => {
                let folder = look::folder_for(self.data).to_string_lossy().into_owned();
                (self.place)(Path::new(&folder)).is_ok().then_some(folder)
            }
        }
    }

    /// Returns the only column that can be the label and has values in common rows, where the guess names none.
    fn only_other(&self) -> Option<String> {
        let is_shared =
            |column: &&Column| !column.has_more_values && column.values.len() * 2 <= column.filled;
        let fits = |column: &&Column| self.unfit(Question::Label, column).is_none();
        let mut fitting = self.look.columns.iter().filter(fits).filter(is_shared);
        let only = fitting.next()?;
        fitting.next().is_none().then(|| only.name.clone())
    }

    fn label_table(&self) -> Vec<String> {
        let (labels, shown) = self.labels();
        let label = self.label();
        let all = label.map_or(0, |label| label.filled);
        let names: Vec<&str> = labels.iter().map(|(label, _)| *label).collect();
        let proposed = self.guess().target.and_then(|target| names.iter().position(|name| *name == target));
        let mut lines = sheet::labels(&labels[..shown], all, has_numbers(&names), proposed, self.paper);
        if shown < labels.len() {
            let more = label.is_some_and(|label| label.has_more_values);
            let count = format!("{}{}", number(labels.len()), if more { " or more" } else { "" });
            lines.extend(
                self.faint(&format!("The rarest of {count} labels; any other is chosen by its name.")),
            );
        }
        lines.push(String::new());
        let mut by_rows = labels;
        by_rows.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        let remarks = label_remarks(&by_rows, self.guess().target.unwrap_or_default());
        remarks.iter().take(REMARKS).for_each(|remark| lines.extend(self.bullet(remark)));
        lines.extend((!remarks.is_empty()).then(String::new));
        lines
    }
}
