//! An evaluation in sentences, the same on the screen, on the command line and on a page.

use super::{Arm, Evaluation, EvaluationWarning, LeftOut, Verdict};

/// Returns a figure from 0 to 1 with three digits and without the zero in front: `.962`, `1.000`.
#[must_use]
pub(crate) fn figure(figure: f64) -> String {
    let written = format!("{figure:.3}");
    match written.strip_prefix('0') {
        Some(rest) => rest.to_owned(),
        None => written.replacen("-0.", "−.", 1).replacen('-', "−", 1),
    }
}

/// Returns a p value with the sign in front: `= .034`, or `< .001`.
#[must_use]
pub(crate) fn p_value(p: f64) -> String {
    if p < 0.001 { "< .001".to_owned() } else { format!("= {}", figure(p)) }
}

/// Returns a difference of figures with its sign: `+.014`, `−.003`.
#[must_use]
pub(crate) fn difference(gain: f64) -> String {
    let written = figure(gain);
    if written.starts_with('−') { written } else { format!("+{written}") }
}

/// Returns a number of rows: `1 row`, `40 rows`.
fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

impl Evaluation {
    /// Returns the verdict as a sentence for people who know no statistics.
    #[must_use]
    pub(crate) fn sentence(&self) -> String {
        let Self { accepted, target, .. } = self;
        let of = if *accepted == 1 { "The accepted row" } else { &format!("The {accepted} accepted rows") };
        let verb = |many: &'static str, one: &'static str| if *accepted == 1 { one } else { many };
        match self.verdict {
            Verdict::Helps => format!(
                "{of} {}: trained with them, a classifier recognises `{target}` better in real texts that it has never \
                 seen, and better than by copying known rows or weighting them more.",
                verb("help", "helps")
            ),
            Verdict::NoBetterThanAControl => {
                let control = match self.control {
                    Some(Arm::Balanced) => "giving the known rows of `TARGET` more weight",
                    _ => "copying the known rows of `TARGET`",
                };
                let control = control.replace("TARGET", target);
                format!(
                    "{of} {} no better than a simpler way: a classifier trained with them recognises `{target}` better, \
                     but {control} does as well, and needs no new rows.",
                    verb("are", "is")
                )
            }
            Verdict::Undecided => format!(
                "It is not decided whether the accepted rows help: with and without them, a classifier recognises \
                 `{target}` about as well, and the difference may be chance."
            ),
            Verdict::Hurts => format!(
                "{of} {}: trained with them, a classifier recognises `{target}` worse in real texts that it has never \
                 seen than without them.",
                verb("hurt", "hurts")
            ),
        }
    }

    /// Returns the figures that decide, on one line.
    #[must_use]
    pub(crate) fn deciding(&self) -> String {
        let mean = |arm| {
            let found = self.arms.iter().find(|figures| figures.arm == arm);
            figure(found.map_or(0.0, |figures| figures.figures.pr_auc.mean))
        };
        format!(
            "PR-AUC {} → {}, gain {} (95 % interval {} to {}), {}",
            mean(Arm::Real),
            mean(Arm::Accepted),
            difference(self.gain),
            difference(self.interval.low),
            difference(self.interval.high),
            self.verdict.name()
        )
    }

    /// Returns what it was trained and measured on, as a sentence.
    #[must_use]
    pub(crate) fn basis(&self) -> String {
        let others = match self.accepted_other {
            0 => String::new(),
            others => format!(", {others} of them of other labels"),
        };
        format!(
            "{} known train rows ({} of `{}`), {} test rows ({} of it), {} accepted{others}; {}, {}.",
            self.train_rows,
            self.train_target,
            self.target,
            self.test_rows,
            self.test_target,
            self.accepted,
            self.model.words(),
            if self.seeds == 1 { "1 seed".to_owned() } else { format!("{} seeds", self.seeds) }
        )
    }
}

impl EvaluationWarning {
    /// Returns it as a sentence that says what to do.
    #[must_use]
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::FewSeeds { seeds } => format!(
                "Only {} drawn: the interval may be too narrow. Use 10 or more.",
                if *seeds == 1 { "1 seed was".to_owned() } else { format!("{seeds} seeds were") }
            ),
            Self::FewRows { rows: count } => format!(
                "Only {} accepted: fewer than 30 seldom change a classifier enough to be seen. Accept more and evaluate \
                 again.",
                if *count == 1 { "1 row is".to_owned() } else { format!("{count} rows are") }
            ),
            Self::SmallTestSet { rows: count } => format!(
                "Only {} of the test set have the target label, so the interval is wide. More labelled rows of it would \
                 narrow it.",
                rows(*count)
            ),
            Self::TestSetOpenedBefore { times } => format!(
                "The test rows were opened {} before. Whoever looks after each change fits the rows to the test set: \
                 decide by the figure on train rows, and evaluate at the end.",
                if *times == 1 { "once".to_owned() } else { format!("{times} times") }
            ),
            Self::Detectable { roc_auc } => format!(
                "A classifier tells accepted rows from real ones (ROC-AUC {}): they have marks that real texts lack, \
                 which a model may learn instead of the label. Look for words that only they have.",
                figure(*roc_auc)
            ),
            Self::Contaminated { rows: count } => format!(
                "{} left out because {} nearly the same text as a test row. Reject them.",
                if *count == 1 { "1 accepted row was".to_owned() } else { format!("{count} accepted rows were") },
                if *count == 1 { "it has" } else { "they have" }
            ),
            Self::ThresholdDoesAsWell => "Tuning the decision threshold on the real rows alone gives a higher F1 than \
                 the accepted rows with theirs tuned. If F1 is what counts for you, tune the threshold instead."
                .to_owned(),
        }
    }
}

impl LeftOut {
    /// Returns what was left out and why, a sentence each.
    #[must_use]
    pub(crate) fn sentences(self) -> Vec<String> {
        let were = |count: u64, one: &str, many: &str| {
            if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
        };
        let accepted = |count| were(count, "accepted row was", "accepted rows were");
        [
            (
                self.set_aside,
                format!(
                    "{} left out because a test row has the same text.",
                    were(self.set_aside, "train row was", "train rows were")
                ),
            ),
            (
                self.contaminating,
                format!(
                    "{} left out because a test row has the same or nearly the same text.",
                    accepted(self.contaminating)
                ),
            ),
            (
                self.duplicates,
                format!("{} left out because another one has the same text.", accepted(self.duplicates)),
            ),
            (
                self.held_back,
                format!(
                    "{} held back, as the session asks for; only the arm `ceiling` uses them.",
                    were(self.held_back, "train row of the target was", "train rows of the target were")
                ),
            ),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, sentence)| sentence)
        .collect()
    }
}

impl Arm {
    /// Returns what it is trained on, in a few words.
    #[must_use]
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Real => "the known real rows",
            Self::Accepted => "with the accepted rows",
            Self::Copies => "with as many copies of known rows",
            Self::Balanced => "with all labels weighing the same",
            Self::Eda => "with as many edits of known rows",
            Self::Threshold => "with the threshold tuned",
            Self::Ceiling => "with as many rows that were held back",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits_and_differences_a_sign() {
        assert_eq!([0.9618, 1.0, 0.0, -0.25].map(figure), [".962", "1.000", ".000", "−.250"]);
        assert_eq!([0.0139, -0.0032, -1.0, 0.0].map(difference), ["+.014", "−.003", "−1.000", "+.000"]);
    }

    #[test]
    fn counts_of_one_are_spoken_as_one() {
        let left_out = LeftOut { set_aside: 1, contaminating: 2, duplicates: 0, held_back: 0 };
        let said = left_out.sentences();
        assert_eq!(said.len(), 2);
        assert!(said[0].starts_with("1 train row was ") && said[1].starts_with("2 accepted rows were "));
        let once = EvaluationWarning::TestSetOpenedBefore { times: 1 }.sentence();
        assert!(once.contains("opened once before"), "{once}");
    }

    #[test]
    fn names_are_those_of_the_json() {
        for verdict in Verdict::ALL {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.name());
        }
        for arm in Arm::ALL {
            assert_eq!(serde_json::to_value(arm).unwrap(), arm.name());
        }
    }
}
