//! The parser of filters, for the screen, `--filter` and saved views alike.
//!
//! ```text
//! filter     all ("or" all)*
//! all        unit ("and"? unit)*
//! unit       "-"? (condition | "(" filter ")")
//! condition  word | key operator value                     parse/token.rs, parse/term.rs
//! ```

mod begun;
mod name;
mod term;
mod token;

use std::ops::Range;
use std::str::FromStr;

use super::error::FilterError;
use super::filter::{Condition, Filter, Term};
use super::sort::Sort;
pub(crate) use begun::{last_word, parse_typed};
pub use name::VariableNames;
pub(super) use name::{is_key, is_of_name};
use term::Parsed;

/// How many bytes a filter may have.
const LONGEST: usize = 16 * 1024;
/// How deep brackets may stand in brackets.
const DEEPEST: usize = 16;
/// How many regular expressions a filter may have: each may take a megabyte or two.
const MOST_PATTERNS: usize = 16;

impl Filter {
    /// Reads a filter where no variable of the prompts is known.
    ///
    /// # Errors
    ///
    /// As [`Filter::parse_with`].
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        Self::parse_with(text, &VariableNames::default())
    }

    /// Reads a filter; the names of variables are keys in it.
    ///
    /// # Errors
    ///
    /// An unknown key or value, a figure that is not a number, an open quotation mark or bracket, a regular
    /// expression that is none, or more than is read. The error holds the place and what to write instead.
    pub fn parse_with(text: &str, names: &VariableNames) -> Result<Self, FilterError> {
        let mut parser = Parser::new(text, names);
        let filter = parser.filter()?;
        match parser.sort {
            None => Ok(filter),
            Some((_, range)) => {
                let message = "`sort:` orders rows and filters none; leave it out here.";
                Err(FilterError::new(range, message).within(text))
            }
        }
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Reads a filter that may also contain `sort:KEY`, as the rows pane accepts it.
///
/// # Errors
///
/// As [`Filter::parse_with`].
pub(crate) fn parse_view(text: &str, names: &VariableNames) -> Result<(Filter, Option<Sort>), FilterError> {
    let mut parser = Parser::new(text, names);
    let filter = parser.filter()?;
    Ok((filter, parser.sort.map(|(sort, _)| sort)))
}

/// Reads one filter.
struct Parser<'a> {
    text: &'a str,
    names: &'a VariableNames,
    /// The byte where the next unit begins.
    at: usize,
    /// The order that was asked for last, and where.
    sort: Option<(Sort, Range<usize>)>,
    /// How many regular expressions there are.
    patterns: usize,
    /// Whether the text may end anywhere, since it is still being typed.
    is_begun: bool,
}

impl<'a> Parser<'a> {
    const fn new(text: &'a str, names: &'a VariableNames) -> Self {
        Self { text, names, at: 0, sort: None, patterns: 0, is_begun: false }
    }

    /// Reads the whole text.
    fn filter(&mut self) -> Result<Filter, FilterError> {
        self.whole().map_err(|error| error.within(self.text))
    }

    fn whole(&mut self) -> Result<Filter, FilterError> {
        if self.text.len() > LONGEST {
            let message = format!("A filter has at most {LONGEST} bytes; this one has {}.", self.text.len());
            return Err(FilterError::new(0..self.text.len(), message));
        }
        let mut conditions = Vec::new();
        put_group(&mut conditions, false, self.alternatives(0)?);
        Ok(Filter { conditions })
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Reads alternatives up to the end, or up to the bracket that closes them.
    fn alternatives(&mut self, depth: usize) -> Result<Vec<Filter>, FilterError> {
        let mut all = Vec::new();
        let mut conditions = Vec::new();
        // The `or` or `and` that nothing follows so far.
        let mut open: Option<(&str, Range<usize>)> = None;
        loop {
            self.skip_blanks();
            if self.rest().is_empty() || (depth > 0 && self.rest().starts_with(')')) {
                break;
            }
            let Some(joint) = self.joint() else {
                self.unit(depth, &mut conditions)?;
                open = None;
                continue;
            };
            if open.is_some() || conditions.is_empty() {
                return Err(FilterError::new(joint.1, format!("Before `{}` comes a condition.", joint.0)));
            }
            if joint.0 == "or" {
                all.push(Filter { conditions: std::mem::take(&mut conditions) });
            }
            open = Some(joint);
        }
        if let Some((word, range)) = open.filter(|_| !self.is_begun) {
            return Err(FilterError::new(range, format!("Behind `{word}` comes a condition.")));
        }
        if !conditions.is_empty() || all.is_empty() {
            all.push(Filter { conditions });
        }
        Ok(all)
    }

    /// Reads `or` or `and`, in upper or lower case, if one comes next.
    fn joint(&mut self) -> Option<(&'static str, Range<usize>)> {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')')).unwrap_or(rest.len());
        let word = ["or", "and"].into_iter().find(|word| rest[..end].eq_ignore_ascii_case(word))?;
        let range = self.at..self.at + end;
        self.at = range.end;
        Some((word, range))
    }

    /// Reads a condition or a group in brackets.
    fn unit(&mut self, depth: usize, conditions: &mut Vec<Condition>) -> Result<(), FilterError> {
        let start = self.at;
        let negated = self.rest().starts_with('-');
        let bracket = start + usize::from(negated);
        if self.text[bracket..].starts_with('(') {
            let any = self.group(bracket, depth)?;
            put_group(conditions, negated, any);
            return Ok(());
        }
        if self.rest().starts_with(')') {
            return Err(no_open_bracket(start));
        }
        let Some(token) = self.token(depth)? else {
            // What is only begun is the last.
            self.at = self.text.len();
            return Ok(());
        };
        self.at = token.range.end;
        match self.term(&token).map_err(|error| token.stray_bracket().unwrap_or(error))? {
            Parsed::Term(term) => conditions.push(Condition { negated, term }),
            Parsed::Sort(_) if negated => {
                return Err(FilterError::new(token.range, "Write `sort:-KEY` to turn the order round."));
            }
            Parsed::Sort(_) if depth > 0 => {
                return Err(FilterError::new(
                    token.range,
                    "`sort:` orders all rows; write it outside of brackets.",
                ));
            }
            Parsed::Sort(sort) => self.sort = Some((sort, token.range)),
        }
        Ok(())
    }

    /// Reads what stands in the brackets that open at a byte.
    fn group(&mut self, bracket: usize, depth: usize) -> Result<Vec<Filter>, FilterError> {
        let range = bracket..bracket + 1;
        if depth == DEEPEST {
            let message = format!("Brackets stand in one another at most {DEEPEST} deep.");
            return Err(FilterError::new(range, message));
        }
        self.at = range.end;
        let any = self.alternatives(depth + 1)?;
        let is_closed = self.rest().starts_with(')');
        if !is_closed && !self.is_begun {
            return Err(FilterError::new(range, "The bracket is not closed; add `)` at the end."));
        }
        self.at += usize::from(is_closed);
        let is_empty = any.iter().all(|filter| filter.conditions.is_empty());
        if is_empty && !self.is_begun {
            let message = "Between brackets come conditions, such as `(state:pending or tag:good)`.";
            return Err(FilterError::new(bracket..self.at, message));
        }
        Ok(any)
    }
}

/// Returns the error of a bracket that closes none.
fn no_open_bracket(at: usize) -> FilterError {
    let message = "No bracket is open here; to find `)`, put it in quotation marks.";
    FilterError::new(at..at + 1, message)
}

/// Adds a group to conditions: without brackets where they mean nothing.
fn put_group(conditions: &mut Vec<Condition>, negated: bool, mut any: Vec<Filter>) {
    let [only] = any.as_mut_slice() else {
        conditions.push(Condition { negated, term: Term::Group(any) });
        return;
    };
    match (only.conditions.len(), negated) {
        (1, _) => {
            for condition in only.conditions.drain(..) {
                let negated = condition.negated != negated;
                match condition.term {
                    Term::Group(any) => put_group(conditions, negated, any),
                    term => conditions.push(Condition { negated, term }),
                }
            }
        }
        (0, _) | (_, false) => conditions.append(&mut only.conditions),
        _ => conditions.push(Condition { negated, term: Term::Group(any) }),
    }
}

#[cfg(test)]
mod tests;
