//! Records of another length than the header: what became of them, and what to do.

use csv::StringRecord;

use super::fault::{LineFault, separator_name};
use super::header::{Header, in_shell};
use super::sentence::counted;
use super::troubles::{Lines, Notes};
use crate::domain::Quotes;

/// The records of a table that are not as long as its header, or repeat it.
#[derive(Debug)]
pub(super) struct Ragged {
    names: StringRecord,
    separator: char,
    quotes: Quotes,
    /// Records that are as long as the header.
    even: usize,
    /// Records whose cells behind the header's are empty.
    ended: Lines,
    /// Records that repeat the header.
    repeated: Lines,
    /// Records of another length, with what is wrong in the first.
    uneven: Lines,
    fault: Option<LineFault>,
    /// The first of them, and how many are as long as it.
    first: Option<StringRecord>,
    alike: usize,
}

impl Ragged {
    /// Begins below a header.
    pub(super) fn new(names: &StringRecord, separator: char, quotes: Quotes) -> Self {
        Self {
            names: names.clone(),
            separator,
            quotes,
            even: 0,
            ended: Lines::default(),
            repeated: Lines::default(),
            uneven: Lines::default(),
            fault: None,
            first: None,
            alike: 0,
        }
    }

    /// Returns whether a record is a row; a longer one is cut to the header's length where nothing is lost by it.
    pub(super) fn is_row(&mut self, line: u64, record: &mut StringRecord) -> bool {
        let columns = self.names.len();
        if record.len() > columns && record.iter().skip(columns).all(|cell| cell.trim().is_empty()) {
            record.truncate(columns);
            self.ended.add(line);
        }
        if record.len() != columns {
            self.add(line, record);
            return false;
        }
        self.even += 1;
        let is_name = |(cell, name): (&str, &str)| cell.trim().eq_ignore_ascii_case(name.trim());
        let is_repeated = columns > 1 && record.iter().zip(&self.names).all(is_name);
        if is_repeated {
            self.repeated.add(line);
        }
        !is_repeated
    }

    fn add(&mut self, line: u64, record: &StringRecord) {
        self.uneven.add(line);
        let first = self.first.get_or_insert_with(|| record.clone());
        self.alike += usize::from(first.len() == record.len());
        if self.fault.is_none() {
            let (found, expected) = (record.len(), self.names.len());
            self.fault = Some(LineFault::Ragged { found, expected, remedy: self.remedy(record) });
        }
    }

    /// Returns what to do about a record.
    fn remedy(&self, record: &StringRecord) -> String {
        let name = separator_name(self.separator);
        if self.quotes == Quotes::None {
            return format!("A field cannot have a {name} or a line break in it; replace them with blanks.");
        }
        let begins = |signs: &[char]| record.iter().any(|cell| cell.trim_start().starts_with(signs));
        if begins(&['"']) {
            "A quote holds a field together only where it follows the separator directly; take out the blanks before it."
                .to_owned()
        } else if begins(&['\'', '“', '„', '”', '«']) {
            "Only straight double quotes (\") hold a field together; write those in the place of the others."
                .to_owned()
        } else if record.len() < self.names.len() {
            format!(
                "Fill in the {name}s of empty fields; where a text goes on in the next line, put it between quotes."
            )
        } else {
            format!("Put a field that has a {name}, a quote or a line break in it between quotes.")
        }
    }

    /// Notes what was found.
    pub(super) fn finish(self, header: &Header<'_>, notes: &mut Notes) {
        if self.repeated.count > 0 {
            notes.remark(format!(
                "{} the header ({}) and {} passed over.",
                if self.repeated.count == 1 {
                    "1 line repeats".into()
                } else {
                    format!("{} lines repeat", self.repeated.count)
                },
                notes.places(&self.repeated),
                if self.repeated.count == 1 { "was" } else { "were" },
            ));
        }
        if self.ended.count > 0 {
            notes.remark(format!(
                "{} {} with empty fields behind the last column ({}), which were passed over.",
                counted(self.ended.count, "row"),
                if self.ended.count == 1 { "ends" } else { "end" },
                notes.places(&self.ended)
            ));
        }
        let (Some(fault), Some(first)) = (self.fault, self.first) else { return };
        let is_number = first.get(0).is_some_and(|cell| cell.trim().parse::<u64>().is_ok());
        let is_longer = self.names.len() > 1 && first.len() == self.names.len() + 1;
        if is_number && is_longer && self.even == 0 && self.alike == self.uneven.count {
            let command = format!("sed '1s/^/number{}/' {} > NEW.csv", self.separator, in_shell(header.path));
            notes.trouble(header.line, LineFault::NumbersWithoutName { command });
        } else {
            notes.trouble_in(self.uneven, fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{error, read, rows};

    #[test]
    fn a_header_that_is_repeated_is_no_row_and_is_told() {
        for again in ["text,label\n", "Text, LABEL \n", "\"text\",label\n"] {
            let records = read("a.csv", format!("text,label\nHi,x\n{again}Ho,y\n")).unwrap();
            assert_eq!(rows(&records), [("2".into(), "x", "Hi"), ("4".into(), "y", "Ho")], "{again}");
            assert_eq!(records.remarks(), ["1 line repeats the header (line 3) and was passed over."]);
        }
        let part = read("a.csv", "text,label\ntext,x\nHi,label\n").unwrap();
        assert_eq!((part.len(), part.remarks().len()), (2, 0));
    }

    #[test]
    fn empty_fields_behind_the_last_column_are_passed_over_and_told() {
        let records = read("a.csv", "text,label\nHi,x,\nHo,y,, ,\nHa,x\n").unwrap();

        let expected = [("2".into(), "x", "Hi"), ("3".into(), "y", "Ho"), ("4".into(), "x", "Ha")];
        assert_eq!(rows(&records), expected);
        assert_eq!(
            records.remarks(),
            ["2 rows end with empty fields behind the last column (lines 2 and 3), which were passed over."]
        );
        assert!(error("a.csv", "text,label\nHi,x,y\n").contains("the record has 3 fields"));
    }

    #[test]
    fn the_remedy_fits_what_is_wrong() {
        for (row, says) in [
            ("Hi, you,x", "Put a field that has a comma, a quote or a line break in it between quotes."),
            ("Hi", "Fill in the commas of empty fields"),
            ("x, \"Hi, you\"", "take out the blanks before it"),
            ("'Hi, you',x", "Only straight double quotes"),
            ("“Hi, you”,x", "Only straight double quotes"),
        ] {
            let said = error("a.csv", format!("text,label\nHo,y\n{row}\n"));
            assert!(said.starts_with("a.csv, line 3: the record has") && said.contains(says), "{said}");
        }
    }

    #[test]
    fn names_below_a_title_and_numbers_without_a_name_are_told_with_the_command() {
        let rows = "text,label\nHi,x\nHo,y\nHa,x\n";
        for (above, from) in
            [("# made today\n# by me\n", 3), ("Messages of 2024,\n,\n", 3), ("Messages\n", 2)]
        {
            let said = error("a b.csv", format!("{above}{rows}"));
            assert!(said.contains(&format!("`tail -n +{from} 'a b.csv' > NEW.csv`")), "{said}");
        }
        let said = error("a.csv", "text,label\n1,Hi,x\n2,Ho,y\n");
        assert!(said.contains("`sed '1s/^/number,/' a.csv > NEW.csv`"), "{said}");
        let said = error("a.csv", "\"text,label\"\n\"Hi,x\"\n");
        assert!(said.contains("`python3 -c 'import csv, sys; "), "{said}");
    }
}
