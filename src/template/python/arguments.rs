//! The arguments of a call, by place or by name, as Python binds them.

use minijinja::value::{Kwargs, Value};
use minijinja::{Error, ErrorKind};

/// The arguments of one call, bound to the names of its parameters.
#[derive(Debug)]
pub(super) struct Arguments {
    names: &'static [&'static str],
    values: Vec<Option<Value>>,
}

impl Arguments {
    /// Binds what was given to the names of the parameters.
    ///
    /// # Errors
    ///
    /// Where there are too many arguments, or one has a name that is not there.
    pub(super) fn bind(names: &'static [&'static str], given: &[Value]) -> Result<Self, Error> {
        let mut values: Vec<Option<Value>> = vec![None; names.len()];
        for (index, value) in given.iter().enumerate() {
            if !value.is_kwargs() {
                let place = values.get_mut(index).ok_or_else(|| Error::from(ErrorKind::TooManyArguments))?;
                *place = Some(value.clone());
                continue;
            }
            let options = Kwargs::try_from(value.clone())?;
            for name in options.args() {
                let Some(index) = names.iter().position(|known| *known == name) else {
                    return Err(super::refuse(format!(
                        "There is no argument `{name}` here; there {}.",
                        if names.is_empty() {
                            "are none".into()
                        } else {
                            format!("is `{}`", names.join("`, `"))
                        }
                    )));
                };
                values[index] = Some(options.peek::<Value>(name)?);
            }
        }
        Ok(Self { names, values })
    }

    /// Returns an argument, if it was given.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let index = self.names.iter().position(|known| *known == name)?;
        self.values.get(index)?.as_ref()
    }

    /// Returns an argument that is not `none`, if it was given.
    pub(super) fn some(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|value| !value.is_none())
    }

    /// Returns an argument that must be given.
    pub(super) fn needed(&self, name: &str) -> Result<&Value, Error> {
        self.get(name).ok_or_else(|| Error::from(ErrorKind::MissingArgument))
    }

    /// Returns a text, or `default` where none was given.
    pub(super) fn text<'a>(&'a self, name: &str, default: &'a str) -> Result<&'a str, Error> {
        self.get(name).map_or(Ok(default), |value| {
            value.as_str().ok_or_else(|| super::refuse(format!("The argument `{name}` must be a text here.")))
        })
    }

    /// Returns whether an argument counts as true.
    pub(super) fn flag(&self, name: &str, default: bool) -> bool {
        self.get(name).map_or(default, Value::is_true)
    }

    /// Returns a whole number, or `default` where none was given.
    pub(super) fn number(&self, name: &str, default: i64) -> Result<i64, Error> {
        self.get(name).map_or(Ok(default), |value| {
            i64::try_from(value.clone()).map_err(|error| {
                super::refuse(format!("The argument `{name}` must be a whole number here."))
                    .with_source(error)
            })
        })
    }

    /// Returns a length, 0 where it is negative.
    pub(super) fn length(&self, name: &str, default: usize) -> Result<usize, Error> {
        let default = i64::try_from(default).unwrap_or(i64::MAX);
        Ok(usize::try_from(self.number(name, default)?).unwrap_or(0))
    }
}
