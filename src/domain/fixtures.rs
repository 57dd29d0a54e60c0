//! Facts for the tests of all modules.

mod evaluation;
mod trial;

use std::collections::BTreeMap;

use super::{
    Budget, Change, DatasetSettings, Event, ExampleSettings, Fact, Fields, Flag, GeneratorInfo,
    GeneratorSettings, Import, Lines, Mark, NewImported, NewRow, OperationId, Origin, Projection,
    PromptContent, Request, RequestNumber, RowId, RowNumber, Run, RunNumber, RunStatus, Schema, Scores,
    Session, Stored, Target, Timestamp, Tokens, TrialSide, Version, VersionId,
};

pub(crate) use evaluation::evaluation;
pub(crate) use trial::TrialStory;

/// Writes facts with ascending operations and times, and folds them as it goes.
#[derive(Debug, Default)]
pub(crate) struct Story {
    pub(crate) facts: Vec<Fact>,
    pub(crate) projection: Projection,
}

/// Returns the end of a request that was answered, sent once.
pub(crate) fn request_ended(
    run: RunNumber,
    request: RequestNumber,
    reply: Option<Stored>,
    tokens: Tokens,
    seconds: f64,
) -> Event {
    Event::RequestEnded {
        run,
        request,
        reply,
        tokens,
        estimated: Tokens::default(),
        answered_by: None,
        remarks: vec![],
        seconds,
        error: None,
        cut_off: false,
        sent: 1,
    }
}

impl Story {
    /// A version, a run of one request and `rows` rows labelled `spam`.
    pub(crate) fn with_rows(rows: u32) -> Self {
        let mut story = Self::default();
        let texts: Vec<_> = (0..rows).map(|i| format!("row number {i}")).collect();
        story.version("first words");
        story.sampled(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        story
    }

    pub(crate) fn add(&mut self, event: Event) -> OperationId {
        let operation = self.projection.next_operation();
        self.push(Fact::new(operation, self.now(), event));
        operation
    }

    fn now(&self) -> Timestamp {
        Timestamp(1_000_000 + 1000 * i64::try_from(self.facts.len()).unwrap())
    }

    pub(crate) fn push(&mut self, fact: Fact) {
        self.projection.apply(&fact);
        self.facts.push(fact);
    }

    pub(crate) fn version(&mut self, user: &str) -> VersionId {
        self.version_with(user, &[])
    }

    /// Makes a version that declares variables.
    pub(crate) fn version_with(&mut self, user: &str, variables: &[(&str, &[&str])]) -> VersionId {
        let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let variables = variables.iter().map(|(name, of)| ((*name).to_owned(), values(of))).collect();
        let number = u32::try_from(self.projection.versions().len()).unwrap() + 1;
        let id = VersionId::from_digest(u64::from(number).to_be_bytes());
        let content = PromptContent { user: user.into(), variables, ..PromptContent::default() };
        let parent = self.projection.versions().last().map(|version| version.id);
        let (name, note, created_at) = ("main".to_owned(), None, self.now());
        let version = Version { id, name, number, parent, content, note, created_at };
        self.add(Event::VersionMade { version });
        id
    }

    pub(crate) fn sampled(&mut self, texts: &[&str]) -> RunNumber {
        let rows = texts.iter().map(|text| self.new_row(text, vec![])).collect();
        self.sampled_rows(rows)
    }

    pub(crate) fn new_row(&self, text: &str, flags: Vec<Flag>) -> NewRow {
        let mut bits = 0xcbf2_9ce4_8422_2325 ^ self.projection.len() as u64;
        text.bytes().for_each(|b| bits = (bits ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        let scores = Scores { novelty: Some(0.5), nearest: Some("7".into()) };
        let fields = Fields::of_text(text);
        NewRow { id: RowId::from_bits(bits), label: "spam".into(), fields, flags, scores }
    }

    pub(crate) fn sampled_rows(&mut self, rows: Vec<NewRow>) -> RunNumber {
        self.rows_by("offline", None, rows)
    }

    /// A run of another generator than the built-in one.
    pub(crate) fn sampled_by(&mut self, provider: &str, model: Option<&str>, texts: &[&str]) -> RunNumber {
        let rows = texts.iter().map(|text| self.new_row(text, vec![])).collect();
        self.rows_by(provider, model, rows)
    }

    /// Says which model answered a request.
    pub(crate) fn answered_by(&mut self, request: RequestNumber, model: &str) {
        let run = self.projection.request(request).unwrap().run;
        self.add(Event::RequestEnded {
            run,
            request,
            reply: None,
            tokens: Tokens::default(),
            estimated: Tokens::default(),
            answered_by: Some(model.into()),
            remarks: vec![],
            seconds: 1.0,
            error: None,
            cut_off: false,
            sent: 1,
        });
    }

    /// Adds failed requests to the last run, one for each value of the variable `topic`.
    pub(crate) fn failed_requests(&mut self, reason: &str, topics: &[&str], remarks: &[&str]) {
        let run = self.projection.runs().next_back().unwrap().number;
        for topic in topics {
            let number = RequestNumber(u32::try_from(self.projection.request_count()).unwrap());
            let variables = std::sync::Arc::new([("topic".to_owned(), (*topic).to_owned())].into());
            let last = self.projection.requests().last().unwrap().clone();
            let request = Request { number, run, variables, answered_by: None, seconds: None, ..last };
            self.add(Event::RequestBegan { request, messages: Stored::Inline("[]".into()) });
            self.add(Event::RequestEnded {
                run,
                request: number,
                reply: None,
                tokens: Tokens { input: 40, output: 0 },
                estimated: Tokens { input: 0, output: 12 },
                answered_by: None,
                remarks: remarks.iter().map(|remark| (*remark).to_owned()).collect(),
                seconds: 0.3,
                error: Some(reason.to_owned()),
                cut_off: false,
                sent: 1,
            });
        }
    }

    /// A batch of a race, of `small`, with a row for each text.
    pub(crate) fn batch_for(&mut self, of: TrialSide, budget: Budget, texts: &[&str]) -> RunNumber {
        let rows = texts.iter().map(|text| self.new_row(text, vec![])).collect();
        let topic = [("topic", "bank")];
        self.rows_for(("openai", Some("small")), &topic, rows, |run| Run { trial: Some(of), budget, ..run })
    }

    pub(crate) fn rows_by(&mut self, provider: &str, model: Option<&str>, rows: Vec<NewRow>) -> RunNumber {
        self.rows_with((provider, model), &[("topic", "bank")], rows)
    }

    /// A run of one request with these values of its variables.
    pub(crate) fn rows_with(
        &mut self,
        of: (&str, Option<&str>),
        values: &[(&str, &str)],
        rows: Vec<NewRow>,
    ) -> RunNumber {
        self.rows_for(of, values, rows, |run| run)
    }

    fn rows_for(
        &mut self,
        (provider, model): (&str, Option<&str>),
        values: &[(&str, &str)],
        rows: Vec<NewRow>,
        with: impl FnOnce(Run) -> Run,
    ) -> RunNumber {
        let number = RunNumber(u32::try_from(self.projection.runs().count()).unwrap() + 1);
        let version = self.projection.versions().last().unwrap().id;
        let generator = GeneratorInfo {
            provider: provider.to_owned(),
            model: model.map(str::to_owned),
            base_url: None,
            temperature: 1.0,
            seed: 42,
        };
        let requested = u32::try_from(rows.len()).unwrap();
        let run = with(Run::begun(number, version, "spam", generator, requested, self.now()));
        let operation = self.add(Event::RunBegan { run: Box::new(run) });
        let request = RequestNumber(u32::try_from(self.projection.request_count()).unwrap());
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let variables = std::sync::Arc::new(values.collect());
        let examples = vec!["7".to_owned()];
        let (run, first) = (number, RowNumber(u32::try_from(self.projection.len()).unwrap()));
        let began = Request {
            number: request,
            run,
            index: 0,
            seed: 1,
            variables,
            examples,
            answered_by: None,
            seconds: None,
            key: String::new(),
        };
        let messages = Stored::Inline("[]".into());
        let tokens = Tokens { input: 10, output: 20 };
        for event in [
            Event::RequestBegan { request: began, messages },
            Event::Sampled { run, request, first, rows },
            request_ended(run, request, None, tokens, 0.8),
            Event::RunEnded { run, status: RunStatus::Done },
        ] {
            self.push(Fact::new(operation, self.now(), event));
        }
        number
    }

    /// Imports a file of rows labelled `spam`, one a line, pending.
    pub(crate) fn imported(&mut self, file: &str, origin: &Origin, texts: &[&str]) -> OperationId {
        let marks = vec![Mark::default(); texts.len()];
        self.imported_with(file, origin, texts, &marks)
    }

    /// Imports a file of rows that bring decisions.
    pub(crate) fn imported_with(
        &mut self,
        file: &str,
        origin: &Origin,
        texts: &[&str],
        marks: &[Mark],
    ) -> OperationId {
        let (mut lines, mut rows) = (Lines::default(), Vec::new());
        for ((place, text), mark) in (0..).zip(texts).zip(marks) {
            lines.push(u64::from(place) + 1, place);
            let mut row = self.new_row(text, vec![]);
            // Ids of the fixture come of the number of rows and the text.
            row.id = RowId::from_bits(0xfeed ^ (self.projection.len() as u64 + u64::from(place)) << 20);
            let there = Some(format!("item {}", place + 1));
            rows.push(NewImported { row, there, origin: 0, created_at: None, mark: mark.clone() });
        }
        let import = Import {
            number: u32::try_from(self.projection.imports().len()).unwrap() + 1,
            file: file.to_owned(),
            hash: format!("hash of {file}"),
            format: "jsonl".into(),
            lines,
            first: RowNumber(u32::try_from(self.projection.len()).unwrap()),
            rows: u32::try_from(rows.len()).unwrap(),
            at: self.now(),
        };
        self.add(Event::Imported { import: Box::new(import), origins: vec![origin.clone()], rows })
    }

    pub(crate) fn change(&mut self, rows: &[u32], change: Change) -> OperationId {
        let rows = rows.iter().copied().map(RowNumber).collect();
        self.add(Event::Changed { rows, change, bulk: false })
    }

    pub(crate) fn undo(&mut self) -> bool {
        let fact = self.projection.undo(self.projection.next_operation(), self.now());
        fact.map(|fact| self.push(fact)).is_some()
    }

    /// Jumps to the state just after an operation; `false` where that is the present one.
    pub(crate) fn jump(&mut self, target: OperationId) -> bool {
        let fact = self.projection.jump(target, self.projection.next_operation(), self.now()).unwrap();
        let changes = matches!(&fact.event, Event::Jumped { restores, .. } if !restores.is_empty());
        if changes {
            self.push(fact);
        }
        changes
    }

    pub(crate) fn redo(&mut self) -> bool {
        let fact = self.projection.redo(self.projection.next_operation(), self.now());
        fact.map(|fact| self.push(fact)).is_some()
    }
}

/// Returns a session with these fields.
pub(crate) fn session(schema: Schema) -> Session {
    Session {
        name: "tickets".into(),
        is_named: true,
        description: "Tickets of a help desk".into(),
        guidelines: String::new(),
        dataset: DatasetSettings {
            path: "tickets.csv".into(),
            text: "text".into(),
            label: "label".into(),
            id: None,
            split: None,
            separator: None,
            quotes: None,
            join: false,
            skip_unlabelled: false,
            test_fraction: 0.2,
            seed: 42,
            scarce: None,
        },
        target: Target { label: "spam".into(), goal: None },
        generator: GeneratorSettings::default(),
        schema,
        variables: BTreeMap::new(),
        rules: BTreeMap::new(),
        examples: ExampleSettings::default(),
        system: String::new(),
        user: "Write one.".into(),
    }
}
