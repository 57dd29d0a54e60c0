//! How a race stands, as JSON and in sentences.

use serde::Serialize;

use crate::curate::mixed;
use crate::domain::{Fields, Projection, Race, RowId, Trial, TrialKind, TrialOutcome};
use crate::measure::race::saved;
use crate::measure::{Acceptance, AcceptanceFigures};
use crate::text::{SafeText, counted};
use crate::workbench::race_is_as_it_ended;

/// How a race stands, as `--json` prints it.
#[derive(Debug, Serialize)]
pub(super) struct RaceJson {
    race: u32,
    state: &'static str,
    decisions: DecisionsJson,
    pending: usize,
    versions: usize,
    seed: u64,
    blind: bool,
    /// Left out while nothing may tell the versions apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    sides: Option<Vec<SideJson>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    best: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saved: Option<SavedJson>,
    /// Whether decisions were changed since, so that it would have ended in another way.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    changed_since: bool,
    /// The rows that wait, in the order in which they are to be decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rows: Option<Vec<RowJson>>,
}

#[derive(Debug, Serialize)]
struct DecisionsJson {
    made: u32,
    most: u32,
}

#[derive(Debug, Serialize)]
struct SideJson {
    prompt: String,
    version: u32,
    id: String,
    rows: u32,
    accepted: u64,
    rejected: u64,
    acceptance: AcceptanceFigures,
}

#[derive(Debug, Serialize)]
struct SavedJson {
    decisions: u32,
    equal_shares: u32,
}

/// A row that waits.
#[derive(Debug, Serialize)]
pub(super) struct RowJson {
    id: RowId,
    fields: Fields,
}

impl RowJson {
    /// Returns the row in one line.
    pub(super) fn line(&self) -> String {
        format!("{}  {}", self.id, SafeText::one_line(self.fields.text()).as_str())
    }
}

/// Returns the race that goes on, else the last one.
pub(super) fn race_of(projection: &Projection) -> Option<&Trial> {
    projection.laboratory().trials().iter().rev().find(|trial| trial.kind == TrialKind::Race)
}

impl RaceJson {
    /// Returns how a race stands.
    pub(super) fn of(projection: &Projection, trial: &Trial, unblind: bool) -> Self {
        let race = Race::of(projection, trial);
        let sides: Vec<Acceptance> = race.decided.iter().copied().map(Acceptance::from).collect();
        let shows = unblind || !trial.hides();
        let outcome = trial.ended.map(|end| end.outcome);
        let name = |place: usize| trial.sides.get(place).and_then(|side| projection.version(side.version));
        let side = |(place, of): (usize, &Acceptance)| {
            let version = name(place);
            SideJson {
                prompt: version.map(|version| version.name.clone()).unwrap_or_default(),
                version: version.map_or(0, |version| version.number),
                id: trial.sides.get(place).map(|side| side.version.to_string()).unwrap_or_default(),
                rows: race.rows.get(place).copied().unwrap_or_default(),
                accepted: of.accepted,
                rejected: of.rejected,
                acceptance: of.figures(),
            }
        };
        let best = match outcome {
            Some(TrialOutcome::Best { side }) => name(side.into()),
            _ => None,
        };
        let changed_since = !race_is_as_it_ended(&race, trial);
        // How many decisions there were at the end is not known once some were changed.
        let saved = best.filter(|_| !changed_since).and_then(|_| saved(&sides, trial.seed));
        Self {
            race: trial.number.0,
            state: match outcome {
                None => "racing",
                Some(TrialOutcome::Best { .. }) => "best",
                Some(TrialOutcome::NoDifference) => "no_difference",
                Some(TrialOutcome::Undecided) => "undecided",
                Some(TrialOutcome::Stopped) => "stopped",
            },
            decisions: DecisionsJson { made: race.made(), most: trial.rows },
            pending: race.pending.len(),
            versions: sides.len(),
            seed: trial.seed,
            blind: trial.blind,
            sides: shows.then(|| sides.iter().enumerate().map(side).collect()),
            best: best.map(|version| format!("{}@v{}", version.name, version.number)),
            saved: saved.map(|saved| SavedJson { decisions: saved.took, equal_shares: saved.equal }),
            changed_since,
            rows: None,
        }
    }

    /// Returns how the last race stands, with the rows that wait; `None` where there was none.
    pub(super) fn with_rows(projection: &Projection) -> Option<Self> {
        let trial = race_of(projection)?;
        let waiting = mixed(trial.seed, &Race::of(projection, trial).pending);
        let rows = waiting.into_iter().filter_map(|row| projection.row(row));
        let rows = rows.map(|row| RowJson { id: row.id(), fields: row.fields() }).collect();
        Some(Self { rows: Some(rows), ..Self::of(projection, trial, false) })
    }
}

/// Says how a race stands.
pub(super) fn sentences(json: &RaceJson, session: &str) -> Vec<String> {
    let (made, most) = (json.decisions.made, json.decisions.most);
    let decisions = counted(made.into(), "decision");
    let after = if json.changed_since { String::new() } else { format!(" after {decisions}") };
    let waits = if json.pending == 1 { "waits" } else { "wait" };
    let rows = format!("{} {waits}", counted(json.pending as u64, "row"));
    let mut lines = vec![match (json.state, &json.best) {
        ("best", Some(best)) => format!("{best} is the best{after}."),
        ("no_difference", _) => {
            format!("No difference of 10 points or more is left between the versions{after}.")
        }
        ("undecided", _) => format!("Undecided{after}: no version is known to be the best."),
        ("stopped", _) => format!("The race was ended by hand after {decisions} of at most {most}."),
        _ => format!(
            "A race of {} goes on: {made} of at most {most} decisions; {rows}. `rowsmith race next {session}` lists them, \
             `rowsmith accept {session} ID` and `reject` decide them one by one.",
            counted(json.versions as u64, "version")
        ),
    }];
    if let Some(saved) = &json.saved {
        lines.push(format!(
            "Equal shares would take about {} decisions under the same rule; the race took {}.",
            saved.equal_shares, saved.decisions
        ));
    }
    if json.changed_since {
        lines.push("Decisions were changed since the race ended; with those of now it would have ended in another way.".into());
    }
    for side in json.sides.iter().flatten() {
        let of = Acceptance::new(side.accepted, side.rejected);
        lines.push(format!(
            "{}@v{}  {} accepted, {} rejected  {of}",
            side.prompt, side.version, side.accepted, side.rejected
        ));
    }
    lines
}
