//! The scoreboard as text and as JSON.

use serde::Serialize;

use super::{COLUMNS, wrapped};
use crate::domain::{Against, ScoreLine, Scoreboard, Standing, compact, dollars};
use crate::measure::{Acceptance, AcceptanceFigures};
use crate::text::{counted, truncate, width};

/// A line as JSON has it: with the accepted share and its interval.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    #[serde(flatten)]
    line: &'a ScoreLine,
    acceptance: AcceptanceFigures,
}

/// Returns the lines as JSON has them.
pub(super) fn shown(board: &Scoreboard) -> Vec<Shown<'_>> {
    let shown = |line| Shown { line, acceptance: acceptance(line).figures() };
    board.lines.iter().map(shown).collect()
}

fn acceptance(line: &ScoreLine) -> Acceptance {
    line.decided.into()
}

/// Returns the scoreboard as lines of at most [`COLUMNS`]; none where no model wrote a row.
pub(super) fn lines(board: &Scoreboard) -> Vec<String> {
    let mut lines = Vec::new();
    if board.lines.is_empty() {
        return lines;
    }
    let of_one = board.lines.iter().all(|line| line.prompt == board.lines[0].prompt);
    let name = |line: &ScoreLine| {
        if of_one { format!("v{}", line.number) } else { format!("{}@v{}", line.prompt, line.number) }
    };
    lines.push(String::new());
    lines.push("Scoreboard: what was decided one by one, of rows that models wrote".to_owned());
    let columns = [14, 16, 7, 9, 16, 11];
    let row = |cells: [&str; 6]| {
        let cells = cells.iter().zip(columns).map(|(cell, columns)| {
            let cell = truncate(cell, columns - 1);
            let blanks = " ".repeat(columns - width(&cell));
            cell.into_owned() + &blanks
        });
        format!("  {}", cells.collect::<String>()).trim_end().to_owned()
    };
    lines.push(row(["version", "model", "rows", "decided", "accepted", "to best"]));
    for line in &board.lines {
        lines.push(row([
            &name(line),
            line.model.as_deref().unwrap_or(&line.provider),
            &line.rows.to_string(),
            &line.decided.total().to_string(),
            &acceptance(line).to_string(),
            line.against_best.as_ref().map_or("–", |best| word(best.standing)),
        ]));
    }
    for line in &board.lines {
        let model = line.model.as_deref().unwrap_or(&line.provider);
        lines.push(truncate(&format!("{} of {model}", name(line)), COLUMNS).into_owned());
        lines.extend(details(line).iter().flat_map(|detail| wrapped(detail, "  ")));
    }
    lines
}

const fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Better => "better",
        Standing::Worse => "worse",
        Standing::Undecided => "undecided",
    }
}

/// Returns what else is known of a line, each a line before it is wrapped.
fn details(line: &ScoreLine) -> Vec<String> {
    let mut first = vec![
        counted(u64::from(line.requests), "request"),
        counted(u64::from(line.scraps), "scrap"),
        format!("{} flagged", line.flagged),
    ];
    first.extend(line.near_duplicates.map(|rows| counted(u64::from(rows), "near-duplicate")));
    first.extend(line.distinct_2.map(|share| format!("distinct-2 {share:.2}")));
    first.extend(line.mean_rating.map(|mean| format!("rating {mean:.1}")));
    let tokens = line.tokens_per_accepted.map(|tokens| format!("{tokens:.0} for each accepted row"));
    let cost = line.cost_per_accepted.filter(|cost| *cost > 0.0);
    let mut costs = vec![format!("{} tokens", compact(line.tokens))];
    costs.extend(tokens);
    costs.extend(cost.map(|cost| format!("{} for each", dollars(cost))));
    let mut details = vec![first.join(" · "), costs.join(" · ")];
    if !line.reasons.is_empty() {
        let reasons = line.reasons.iter().map(|(reason, rows)| format!("{reason} ({rows})"));
        details.push(format!("rejected: {}", reasons.collect::<Vec<_>>().join(", ")));
    }
    details.extend(line.against_parent.as_ref().map(|other| sentence("its parent", other)));
    let best = line.against_best.as_ref();
    let is_another =
        |other: &&Against| line.against_parent.as_ref().is_none_or(|parent| parent.version != other.version);
    details.extend(best.filter(is_another).map(|other| sentence("the best", other)));
    details
}

fn sentence(who: &str, against: &Against) -> String {
    let Against { number, probability, standing, more, .. } = against;
    let standing = match standing {
        Standing::Undecided => "undecided against".to_owned(),
        told => format!("{} than", word(*told)),
    };
    let more = more.map_or_else(String::new, |more| format!("; about {more} more on each would tell"));
    format!("{standing} {who}, v{number}: P(better) {probability:.3}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Decisions, VersionId};

    fn line(number: u32, accepted: u32) -> ScoreLine {
        let against = |standing, more| {
            let version = VersionId::from_digest([1; 8]);
            Some(Against { version, number: 1, probability: 0.8125, standing, more })
        };
        ScoreLine {
            version: VersionId::from_digest([2; 8]),
            prompt: "main".into(),
            number,
            provider: "openai".into(),
            model: Some("a-model-with-a-long-name/and-an-owner".into()),
            requests: 12,
            rows: 60,
            scraps: 1,
            flagged: 4,
            near_duplicates: Some(2),
            decided: Decisions { accepted, rejected: 60 - accepted },
            bulk: Decisions::default(),
            mean_rating: Some(3.5),
            distinct_2: Some(0.712),
            tokens: 1800,
            tokens_per_accepted: Some(40.0),
            cost_per_accepted: Some(0.0004),
            reasons: vec![
                ("too long to be read by anybody who is in a hurry".repeat(3), 9),
                ("dull".into(), 2),
            ],
            against_parent: against(Standing::Undecided, Some(57)),
            against_best: against(Standing::Worse, None),
        }
    }

    #[test]
    fn the_table_and_the_lines_below_it_fit_a_terminal_of_eighty_columns() {
        let board = Scoreboard { lines: vec![line(1, 45), line(40, 5)] };
        for line in lines(&board) {
            assert!(width(&line) <= COLUMNS, "{} columns: {line}", width(&line));
        }
        assert!(lines(&Scoreboard::default()).is_empty());
    }

    #[test]
    fn what_is_undecided_says_how_many_more_decisions_would_tell() {
        let said = lines(&Scoreboard { lines: vec![line(2, 45)] }).join("\n");
        assert!(said.contains("  v2            a-model-with-a…"), "{said}");
        assert!(said.contains("75 % [63–84]    worse"), "{said}");
        let sentence = "  undecided against its parent, v1: P(better) 0.812; about 57 more on each";
        assert!(said.contains(sentence), "{said}");
    }

    #[test]
    fn json_has_the_accepted_share_with_its_interval_and_reasons_by_name() {
        let board = Scoreboard { lines: vec![line(2, 45)] };
        let found = serde_json::to_value(shown(&board)).unwrap();
        assert_eq!(found[0]["acceptance"]["rate"], 0.75);
        assert_eq!(found[0]["reasons"][1], serde_json::json!({"reason": "dull", "rows": 2}));
        assert_eq!(found[0]["against_best"]["standing"], "worse");
    }
}
