//! The lines of the scoreboard: what the rows of a version came to with each model, and whether it is better.

use std::collections::BTreeMap;

use ratatui::text::{Line, Span};

use crate::app::versions::is_on_blind_trial;
use crate::domain::{Against, ScoreLine, Scoreboard, Standing, Version, dollars, figure};
use crate::measure::{Acceptance, told_scoreboard};
use crate::text::{model_name, thousands, width};
use crate::ui::canvas::outside;
use crate::ui::theme::Slot;
use crate::ui::view::Screen;
use crate::ui::widget::reading::{wrapped, wrapped_line};

/// The columns of the names and the figures at the left.
const LEFT_NAME: usize = 16;
const LEFT: usize = LEFT_NAME + 9;
/// The columns of the names at the right.
const RIGHT_NAME: usize = 14;

impl Screen<'_> {
    /// Returns the scoreboard as the decisions are now, with the figures of texts as they were counted last, and without
    /// the versions of a blind trial that goes on.
    pub(super) fn present_scoreboard(self) -> Scoreboard {
        let mut present = told_scoreboard(self.model.shown(), None);
        let counted = self.model.versions.texts.as_ref().map_or(&[][..], |counted| &counted.lines);
        let key = |line: &ScoreLine| (line.version, line.provider.clone(), line.model.clone());
        let known: BTreeMap<_, _> = counted.iter().map(|line| (key(line), line)).collect();
        for line in &mut present.lines {
            if let Some(counted) = known.get(&key(line)) {
                (line.near_duplicates, line.distinct_2) = (counted.near_duplicates, counted.distinct_2);
            }
        }
        present
    }

    /// Returns the lines of the scoreboard of a version, none wider than `columns`.
    pub(super) fn score_lines(
        self,
        version: &Version,
        scoreboard: &Scoreboard,
        columns: u16,
    ) -> Vec<Line<'static>> {
        let theme = self.theme;
        let shown = self.model.shown();
        let sentence = |text: &str| wrapped(text, columns, theme[Slot::Muted]);
        if is_on_blind_trial(shown, version.id) {
            return sentence(
                "Hidden while blind: a trial of this version goes on, and its figures would tell.",
            );
        }
        let mut lines = Vec::new();
        for line in scoreboard.of(version.id) {
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            lines.extend(self.score_line(line, columns));
        }
        if lines.is_empty() {
            let rows = shown.counts().of_version(version.id).total();
            return sentence(&match rows {
                0 => "No rows yet.".to_owned(),
                _ => format!(
                    "{} rows, all of the offline generator. It reads no prompt, so they say nothing of these words.",
                    thousands(rows.into())
                ),
            });
        }
        lines
    }

    fn score_line(self, line: &ScoreLine, columns: u16) -> Vec<Line<'static>> {
        let theme = self.theme;
        let name = match &line.model {
            Some(model) => format!("{} · {}", line.provider, model_name(model)),
            None => line.provider.clone(),
        };
        let mut lines = vec![
            Line::from(outside(&name, theme[Slot::Strong]).content.into_owned()).style(theme[Slot::Strong]),
        ];
        let (left, right) = (left_of(line), right_of(line));
        for place in 0..left.len().max(right.len()) {
            let mut spans = Vec::new();
            if let Some((name, figure)) = left.get(place) {
                spans.push(Span::styled(format!("{name:<LEFT_NAME$}"), theme[Slot::Muted]));
                let pad = (LEFT - LEFT_NAME).saturating_sub(3 + width(figure));
                spans.push(Span::styled(format!("{}{figure}   ", " ".repeat(pad)), theme[Slot::Figure]));
            } else {
                spans.push(Span::raw(" ".repeat(LEFT)));
            }
            if let Some((name, figure)) = right.get(place) {
                spans.push(Span::styled(format!("{name:<RIGHT_NAME$}"), theme[Slot::Muted]));
                spans.push(Span::styled(figure.clone(), theme[Slot::Figure]));
            }
            lines.push(Line::from(spans));
        }
        if !line.reasons.is_empty() {
            let reasons: Vec<_> =
                line.reasons.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
            let text = format!("rejected for  {}", reasons.join(" · ").replace('\n', " "));
            lines.extend(wrapped(&text, columns, theme[Slot::Text]));
        }
        lines.extend(self.standings(line, columns));
        lines
    }

    /// Returns how a line stands against the parent's and the best one, a sentence each.
    fn standings(self, line: &ScoreLine, columns: u16) -> Vec<Line<'static>> {
        let parent = line.against_parent.as_ref().map(|against| (against, "its parent"));
        let best = line.against_best.as_ref().map(|against| (against, "the best so far"));
        let both = match (parent, best) {
            (Some((parent, _)), Some((best, _))) if parent.version == best.version => {
                vec![(best, "its parent and the best so far")]
            }
            (parent, best) => parent.into_iter().chain(best).collect(),
        };
        let shown = self.model.shown();
        let can_tell = |(against, _): &(&Against, &str)| !is_on_blind_trial(shown, against.version);
        let drawn = |(against, who): (&Against, &str)| self.standing(against, who, columns);
        both.into_iter().filter(can_tell).flat_map(drawn).collect()
    }

    fn standing(self, against: &Against, who: &str, columns: u16) -> Vec<Line<'static>> {
        let (word, joined, slot) = match against.standing {
            Standing::Better => ("better", "than", Slot::Good),
            Standing::Worse => ("worse", "than", Slot::Rejected),
            Standing::Undecided => ("undecided", "against", Slot::Warning),
        };
        let more = against.more.map_or_else(String::new, |more| {
            format!(" · about {} more decisions on each would tell (an estimate)", thousands(more.into()))
        });
        let likely = share(against.probability);
        let text = format!("{word} {joined} v{}, {who} · P(better) {likely}{more}", against.number);
        let mark = 0..word.len();
        wrapped_line(&text, columns, self.theme[Slot::Text], std::slice::from_ref(&mark), self.theme[slot])
    }
}

/// Returns a probability; none is written as certain.
fn share(probability: f64) -> String {
    match probability {
        high if high > 0.999 => "> .999".to_owned(),
        low if low < 0.001 => "< .001".to_owned(),
        _ => figure(probability),
    }
}

/// Returns the counts of a line, each with its name.
fn left_of(line: &ScoreLine) -> Vec<(&'static str, String)> {
    let count = |count: u32| thousands(count.into());
    vec![
        ("requests", count(line.requests)),
        ("valid rows", count(line.rows)),
        ("scraps", count(line.scraps)),
        ("flagged", count(line.flagged)),
        ("near-duplicates", line.near_duplicates.map_or_else(|| "…".to_owned(), count)),
    ]
}

/// Returns what was decided of a line and what its rows cost, each with its name.
fn right_of(line: &ScoreLine) -> Vec<(&'static str, String)> {
    let decided = line.decided;
    let bulk = match line.bulk.total() {
        0 => String::new(),
        bulk => format!(" · {} in bulk", thousands(bulk.into())),
    };
    let one_by_one = format!("{} · {} ✓ {} ✗{bulk}", decided.total(), decided.accepted, decided.rejected);
    let none = || "–".to_owned();
    let texts = line.distinct_2.map_or_else(|| "…".to_owned(), figure);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a mean of counts is never negative"
    )]
    let tokens =
        line.tokens_per_accepted.map(|tokens| format!("{} tokens", thousands(tokens.round() as u64)));
    // A model that costs nothing has no figure for it.
    let cost = line.cost_per_accepted.filter(|cost| *cost > 0.0).map(dollars);
    let spent: Vec<String> = tokens.into_iter().chain(cost).collect();
    vec![
        ("one by one", one_by_one),
        ("accepted", Acceptance::from(decided).to_string()),
        ("mean rating", line.mean_rating.map_or_else(none, |rating| format!("{rating:.1}"))),
        ("distinct-2", texts),
        ("per accepted", if spent.is_empty() { none() } else { spent.join(" · ") }),
    ]
}
