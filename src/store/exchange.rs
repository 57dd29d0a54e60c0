//! Finds the messages and the reply of a request in the journal.

use std::collections::HashMap;

use super::files::Layout;
use super::line::Entry;
use super::replay::Assembler;
use super::segment::{self, Line, Place, Visitor};
use super::{StoreError, texts};
use crate::domain::{Event, Exchange, Fact, RequestNumber, Stored};

/// Reads an exchange from its places in the journal; `None` if it is not there.
pub(crate) fn at(
    layout: &Layout,
    request: RequestNumber,
    asked: Place,
    answered: Option<Place>,
) -> Result<Option<Exchange>, StoreError> {
    let mut found = Found::of(request);
    for place in [Some(asked), answered].into_iter().flatten() {
        if let Ok(Entry::Fact(fact)) = segment::read_at(&layout.journal(), place) {
            found.take(fact);
        }
    }
    found.messages.is_some().then(|| found.exchange(layout)).transpose()
}

/// Finds an exchange by reading the whole journal.
pub(crate) fn scan(layout: &Layout, request: RequestNumber) -> Result<Exchange, StoreError> {
    let mut search = Search { found: Found::of(request), assembler: Assembler::default() };
    segment::walk(&layout.journal(), 0, &mut search)?;
    search.found.exchange(layout)
}

/// The messages and the replies of all requests; long ones stay in their files until they are asked for.
#[derive(Debug)]
pub(crate) struct Exchanges {
    layout: Layout,
    found: HashMap<RequestNumber, Found>,
}

impl Exchanges {
    /// Reads the whole journal.
    pub(super) fn read(layout: &Layout) -> Result<Self, StoreError> {
        let mut all = All { found: HashMap::new(), assembler: Assembler::default() };
        segment::walk(&layout.journal(), 0, &mut all)?;
        Ok(Self { layout: layout.clone(), found: all.found })
    }

    /// Returns the exchange of a request, where the journal has it.
    pub(crate) fn get(&self, request: RequestNumber) -> Option<Exchange> {
        self.found.get(&request)?.clone().exchange(&self.layout).ok()
    }
}

struct All {
    found: HashMap<RequestNumber, Found>,
    assembler: Assembler<Fact>,
}

impl Visitor for All {
    fn line(&mut self, line: &Line<'_>) -> Result<(), StoreError> {
        match line.entry()? {
            Entry::Abandoned(operations) => self.assembler.abandon(&operations),
            Entry::Fact(fact) => {
                for fact in self.assembler.take(fact.operation, fact.part, fact) {
                    let of = match &fact.event {
                        Event::RequestBegan { request, .. } => request.number,
                        Event::RequestEnded { request, .. } => *request,
                        _ => continue,
                    };
                    self.found.entry(of).or_insert_with(|| Found::of(of)).take(fact);
                }
            }
        }
        Ok(())
    }
}

/// The stored texts of one request.
#[derive(Debug, Clone)]
struct Found {
    request: RequestNumber,
    messages: Option<Stored>,
    reply: Option<Stored>,
    error: Option<String>,
    cut_off: bool,
    /// Whether it is known from records alone.
    retold: bool,
}

impl Found {
    const fn of(request: RequestNumber) -> Self {
        Self { request, messages: None, reply: None, error: None, cut_off: false, retold: false }
    }

    fn take(&mut self, fact: Fact) {
        match fact.event {
            Event::RequestBegan { request, messages } if request.number == self.request => {
                self.messages = Some(messages);
            }
            Event::RequestEnded { request, reply, error, cut_off, .. } if request == self.request => {
                (self.reply, self.error, self.cut_off) = (reply, error, cut_off);
            }
            Event::Retold(told) if told.requests.iter().any(|request| request.number == self.request) => {
                self.retold = true;
            }
            _ => {}
        }
    }

    fn exchange(self, layout: &Layout) -> Result<Exchange, StoreError> {
        let none = if self.retold { StoreError::Wordless } else { StoreError::NoRequest };
        let messages = texts::read(layout, self.messages.ok_or(none(self.request))?)?;
        let messages = serde_json::from_str(&messages).map_err(|error| {
            StoreError::Unwritable(format!(
                "the messages of request {} are no list ({error})",
                self.request.0
            ))
        })?;
        let reply = self.reply.map(|reply| texts::read(layout, reply)).transpose()?;
        Ok(Exchange { messages, reply, error: self.error, cut_off: self.cut_off, thinking: vec![] })
    }
}

struct Search {
    found: Found,
    assembler: Assembler<Fact>,
}

impl Visitor for Search {
    fn line(&mut self, line: &Line<'_>) -> Result<(), StoreError> {
        match line.entry()? {
            Entry::Abandoned(operations) => self.assembler.abandon(&operations),
            Entry::Fact(fact) => {
                let ready = self.assembler.take(fact.operation, fact.part, fact);
                ready.into_iter().for_each(|fact| self.found.take(fact));
            }
        }
        Ok(())
    }
}
