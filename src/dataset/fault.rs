//! What can be wrong in a line of a file, as sentences with a remedy.

use super::sentence::{counted, listed, quoted, suggestion};

/// An error in one line of a dataset, or in several.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineFault {
    /// A byte is not UTF-8.
    #[error(
        "the byte {byte:#04x}, number {offset} of the file, is not valid UTF-8. Save the file as UTF-8, \
         for instance with `iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW`."
    )]
    NotUtf8 {
        /// The byte.
        byte: u8,
        /// Its position in the file, from 0.
        offset: u64,
    },
    /// A record has more or fewer fields than the header.
    #[error("the record has {}, the header has {expected}. {remedy}", counted(*found, "field"))]
    Ragged {
        /// The fields of the record.
        found: usize,
        /// The fields of the header.
        expected: usize,
        /// What to do.
        remedy: String,
    },
    /// The names of the columns are not in the first line.
    #[error(
        "the names of the columns seem to be in line {line}, below a title or a comment. \
         Take out what is above them: `{command}`, and read that file."
    )]
    NamesBelow {
        /// The line of the names.
        line: u64,
        /// The command that takes them and the rows.
        command: String,
    },
    /// The rows have a cell more than the header.
    #[error(
        "each row has a cell more than the header, where programs such as R write a row's number. \
         Put a name above it: `{command}`, and read that file."
    )]
    NumbersWithoutName {
        /// The command that writes a name above the numbers.
        command: String,
    },
    /// Each line is between quotes as a whole.
    #[error(
        "each line is between quotes as a whole, so it is one cell. Take the outer quotes off: `{command}`, and read \
         that file."
    )]
    QuotedLines {
        /// The command that takes the quotes off.
        command: String,
    },
    /// The file ends inside a quoted field.
    #[error(
        "the record opens a quote that is still open at the end of the file. \
         Close it, and write a quote inside a quoted field twice."
    )]
    UnclosedQuote,
    /// A quoted field goes on behind its closing quote.
    #[error(
        "a quote is opened here and closed in the middle of a cell, so what follows cannot be told apart. {}",
        stray_remedy(*backslash)
    )]
    StrayQuote {
        /// Whether a backslash is before the quote that closes.
        backslash: bool,
    },
    /// A line ends in a carriage return alone.
    #[error(
        "the line ends in a carriage return alone. Save the file with line feeds, as `tr '\\r' '\\n'` does."
    )]
    LoneCarriageReturn,
    /// The first line is a row.
    #[error(
        "the file seems to have no header: its first line reads like a row ({}). \
         Put names above it: `{command}`, and read that file.",
        listed(cells.iter().map(|cell| quoted(cell)))
    )]
    NoHeader {
        /// The cells of the first line.
        cells: Vec<String>,
        /// The command that writes a file with a header.
        command: String,
    },
    /// A line is not JSON.
    #[error("the {what} is not valid JSON: {reason}. Write one JSON object a line.")]
    Json {
        /// What is not JSON: a line, or an item of a list.
        what: &'static str,
        /// What the parser said.
        reason: String,
    },
    /// An escape stands for half of a character.
    #[error(
        "the {what} holds `{escape}`, half of a character without its other half, which no text can hold. Write the whole \
         character, or `\\ufffd` in its place."
    )]
    HalfCharacter {
        /// What holds it: a line, an item of a list, or a text.
        what: &'static str,
        /// The escape.
        escape: String,
    },
    /// A line of one of several files is wrong.
    #[error("it is line {line} of {}, where {why}", quoted(file))]
    OfFile {
        /// The name of the file.
        file: String,
        /// The line in it, or the number of the object where these are not a line each.
        line: u64,
        /// What is wrong with it, as a sentence.
        why: String,
    },
    /// A line is Python, or JSON with a comment.
    #[error("the {what} holds {found}, which JSON does not have. {remedy}")]
    NearlyJson {
        /// What holds it: a line, or an item of a list.
        what: &'static str,
        /// What is there.
        found: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A field that is read holds what JSON does not have.
    #[error(
        "{} is `NaN` or an infinity, which Python writes for a missing number and JSON does not have. \
         Write the value, or `null` where there is none.",
        quoted(column)
    )]
    NotANumber {
        /// The column.
        column: String,
    },
    /// The file ends inside an object or a list.
    #[error("the file ends inside of it, so it was probably cut off. Get the whole file.")]
    CutOff,
    /// A line is JSON, but not an object.
    #[error("the {what} holds {found} where an object is expected. Write one JSON object a line.")]
    NotAnObject {
        /// What holds it: a line, or an item of a list.
        what: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// The rows are inside of another object.
    #[error(
        "the rows are inside of {}, where they have the columns {}. Take them out: {command}, and read that file.",
        quoted(inside),
        listed(columns.iter().map(|column| quoted(column)))
    )]
    Wrapped {
        /// The key that holds them.
        inside: String,
        /// The keys of the first row in it.
        columns: Vec<String>,
        /// The commands that take them out.
        command: String,
    },
    /// The rows are not objects, but written in another shape.
    #[error(
        "the file holds {found}, not an object for each row. Write it so: {command}, and read that file."
    )]
    Shape {
        /// What it holds.
        found: &'static str,
        /// The commands that write rows.
        command: String,
    },
    /// A named column is missing.
    #[error(
        "there is no column {}{} The columns are {}.",
        quoted(column),
        suggestion(column, columns.iter().map(String::as_str)),
        listed(columns.iter().map(|column| quoted(column)))
    )]
    NoColumn {
        /// The column that was asked for.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// A named column occurs more than once.
    #[error("the column {} is there twice. Give one of them another name.", quoted(column))]
    ColumnTwice {
        /// The column.
        column: String,
    },
    /// A field that should hold text holds something else.
    #[error("{} holds {found} where text is expected. Write it as a string.", quoted(column))]
    NotText {
        /// The column.
        column: String,
        /// What is there.
        found: &'static str,
    },
    /// A row has several labels.
    #[error(
        "{} is a list of several labels, and a row has one. Leave one in each list, or write a row for each.",
        quoted(column)
    )]
    SeveralLabels {
        /// The column.
        column: String,
    },
    /// Rows have no label.
    #[error(
        "{count} of {} no {}. Label them or take them out; \
         to pass over them, write `skip_unlabelled = true` under [dataset], or `--skip-unlabelled` behind `new`.",
        format_args!("{} {}", counted(*rows, "row"), if *count == 1 { "has" } else { "have" }),
        quoted(column)
    )]
    Unlabelled {
        /// The column.
        column: String,
        /// How many rows have none.
        count: usize,
        /// How many rows there are.
        rows: usize,
    },
    /// An id is empty.
    #[error("{} is empty. Every row needs a value there; fill it in or remove the row.", quoted(column))]
    EmptyValue {
        /// The column.
        column: String,
    },
    /// A split column holds words that say nothing.
    #[error(
        "{} says {}, where `train`, `test` and `validation` are known. \
         Write one of them there, or leave the split column out to split by seed.",
        quoted(column),
        listed(values.iter().map(|(value, rows)| format!("{} ({rows})", quoted(value))))
    )]
    SplitValues {
        /// The column.
        column: String,
        /// The values that are not known, each with its rows.
        values: Vec<(String, usize)>,
    },
    /// Two rows have one id.
    #[error(
        "the id {} was already used in line {first}. Make the ids unique, or leave the id column out.",
        quoted(id)
    )]
    DuplicateId {
        /// The id.
        id: String,
        /// The line that used it first.
        first: u64,
    },
    /// There are more rows than fit into a `u32`.
    #[error("a dataset may hold 4,294,967,295 rows, and this one goes on. Leave rows out of the file.")]
    TooManyRows,
}

impl LineFault {
    /// Returns whether both are the same trouble, in different lines.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other) && self.column() == other.column()
    }

    fn column(&self) -> Option<&str> {
        match self {
            Self::NoColumn { column, .. }
            | Self::ColumnTwice { column }
            | Self::NotText { column, .. }
            | Self::NotANumber { column }
            | Self::EmptyValue { column } => Some(column),
            _ => None,
        }
    }
}

/// Returns a separator as a word.
pub(super) fn separator_name(separator: char) -> String {
    match separator {
        ',' => "comma".to_owned(),
        ';' => "semicolon".to_owned(),
        '\t' => "tab".to_owned(),
        '|' => "vertical bar".to_owned(),
        other => format!("`{other}`"),
    }
}

fn stray_remedy(backslash: bool) -> &'static str {
    if backslash {
        "Write a quote inside a quoted cell twice, not behind a backslash, as `sed 's/\\\\\"/\"\"/g'` does."
    } else {
        "Write a quote inside a quoted cell twice; where quotes mean nothing, write `quotes = \"none\"` under [dataset]."
    }
}
