//! What is printed of a comparison: how it stands, its pairs, and once it has ended which row was whose.

use serde::Serialize;

use super::super::args::CompareArgs;
use super::super::{CliError, Context, Out};
use crate::domain::{Pair, PairTally, Projection, RowNumber, Standing, Trial, TrialKind, TrialNumber};
use crate::measure::pair_words::verdict;
use crate::text::counted;
use crate::workbench::pair_figures;

/// A comparison, as `compare --json` prints it.
#[derive(Debug, Serialize)]
struct CompareJson {
    trial: u32,
    blind: bool,
    status: &'static str,
    seed: u64,
    wanted: u32,
    pairs: u32,
    decided: u32,
    open: u32,
    differ: u32,
    both: u32,
    neither: u32,
    /// The version, the model and the wins of each side; null while the comparison is blind and goes on.
    sides: Option<Vec<SideJson>>,
    /// The share that the first side wins of pairs that differ; null like `sides`.
    interval: Option<[f64; 2]>,
    /// The p value of the sign test; null like `sides`, since it tells whether the last choice went with the leader.
    p: Option<f64>,
    standing: Option<Standing>,
    /// About how many more pairs would tell; null like `sides`.
    more: Option<u32>,
    sentence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<Vec<PairJson>>,
}

#[derive(Debug, Serialize)]
struct SideJson {
    name: String,
    version: String,
    provider: &'static str,
    model: Option<String>,
    temperature: f64,
    wins: u32,
}

#[derive(Debug, Serialize)]
struct PairJson {
    pair: usize,
    left: HalfJson,
    right: HalfJson,
    said: Option<&'static str>,
    /// Which side the left row is of, 0 or 1; null while the comparison is blind and goes on.
    left_side: Option<u8>,
}

#[derive(Debug, Serialize)]
struct HalfJson {
    id: String,
    text: String,
}

/// Prints the comparison that goes on, or the last one, with its pairs.
pub(super) fn status(context: &Context, args: &CompareArgs, out: &mut Out) -> Result<(), CliError> {
    let bench = context.read(&args.session)?;
    let projection = bench.projection();
    let mut all = projection.laboratory().trials().iter().rev();
    let Some(trial) = all.find(|trial| trial.kind == TrialKind::Compare) else {
        return Err(CliError::Usage("Nothing was compared in this session yet.".into()));
    };
    let pairs = projection.pairs(trial.number);
    if args.json {
        let mut json = json(projection, trial, &pairs);
        let listed = pairs.iter().enumerate().map(|(place, pair)| pair_json(projection, place, *pair));
        json.list = Some(listed.collect());
        return out.json(&json);
    }
    out.line(&sentence(projection, trial, &pairs))?;
    for (place, pair) in pairs.iter().enumerate() {
        let said = projection.said_of(*pair).map_or("open", |choice| choice.name());
        out.line(&format!("{:>4}  {said}", place + 1))?;
        for (name, row) in [("left ", pair.left), ("right", pair.right)] {
            let text = projection.row(row).map(|row| row.text().to_owned()).unwrap_or_default();
            out.line(&format!("      {name}  {text}"))?;
        }
    }
    Ok(())
}

/// Prints how a comparison stands.
pub(super) fn standing(
    projection: &Projection,
    number: TrialNumber,
    as_json: bool,
    out: &mut Out,
) -> Result<(), CliError> {
    let trial = projection.laboratory().trial(number);
    let trial = trial.ok_or_else(|| CliError::Failed("The comparison is not there.".into()))?;
    let pairs = projection.pairs(number);
    if as_json {
        return out.json(&json(projection, trial, &pairs));
    }
    out.line(&sentence(projection, trial, &pairs))
}

/// Returns whether nothing printed may tell the sides.
fn hides(projection: &Projection, trial: &Trial) -> bool {
    projection.blind_trial().is_some_and(|blind| blind.number == trial.number)
}

fn sentence(projection: &Projection, trial: &Trial, pairs: &[Pair]) -> String {
    let tally = projection.tally(pairs);
    let far = format!("{} of {} decided.", tally.decided(), counted(tally.all().into(), "pair"));
    if hides(projection, trial) {
        // Whether it is told, and how far off that is, would say whether the last choice went with the leader.
        let (differ, PairTally { both, neither, .. }) = (tally.that_differ(), tally);
        let word = if differ == 1 { "differs" } else { "differ" };
        let counts = format!("{differ} {word}, both are good in {both}, neither is in {neither}.");
        return format!("A blind comparison goes on: {far} {counts} --end says how it came out.");
    }
    let names = projection.side_names(trial);
    let name = |side: usize| names.get(side).map_or("", String::as_str);
    format!("{far} {}", verdict([name(0), name(1)], &pair_figures(tally)))
}

fn json(projection: &Projection, trial: &Trial, pairs: &[Pair]) -> CompareJson {
    let tally = projection.tally(pairs);
    let PairTally { both, neither, open, .. } = tally;
    let figures = pair_figures(tally);
    let is_told = !hides(projection, trial);
    let status = match &trial.ended {
        None => "running",
        Some(end) => match end.outcome {
            crate::domain::TrialOutcome::Best { .. } => "best",
            crate::domain::TrialOutcome::NoDifference => "no-difference",
            crate::domain::TrialOutcome::Undecided => "undecided",
            crate::domain::TrialOutcome::Stopped => "stopped",
        },
    };
    CompareJson {
        trial: trial.number.0,
        blind: trial.blind,
        status,
        seed: trial.seed,
        wanted: trial.rows,
        pairs: tally.all(),
        decided: tally.decided(),
        open,
        differ: tally.that_differ(),
        both,
        neither,
        sides: is_told.then(|| sides(projection, trial, tally)),
        interval: is_told.then_some([figures.interval.low, figures.interval.high]),
        p: is_told.then_some(figures.p_sign),
        standing: is_told.then_some(figures.standing),
        more: figures.more.filter(|_| is_told),
        sentence: sentence(projection, trial, pairs),
        list: None,
    }
}

fn sides(projection: &Projection, trial: &Trial, tally: PairTally) -> Vec<SideJson> {
    let sides = trial.sides.iter().zip(projection.side_names(trial)).zip([tally.first, tally.second]);
    let of = |((side, name), wins): ((&crate::domain::Side, String), u32)| SideJson {
        name,
        version: side.version.to_string(),
        provider: side.settings.provider.name(),
        model: side.settings.model.clone(),
        temperature: side.settings.temperature,
        wins,
    };
    sides.map(of).collect()
}

fn pair_json(projection: &Projection, place: usize, pair: Pair) -> PairJson {
    let half = |row: RowNumber| {
        let row = projection.row(row);
        HalfJson {
            id: row.map(|row| row.id().to_string()).unwrap_or_default(),
            text: row.map(|row| row.text().to_owned()).unwrap_or_default(),
        }
    };
    let is_told = !projection.hidden_side(pair.left);
    PairJson {
        pair: place + 1,
        left: half(pair.left),
        right: half(pair.right),
        said: projection.said_of(pair).map(crate::domain::PairChoice::name),
        left_side: is_told.then_some(u8::from(pair.is_swapped)),
    }
}
