//! What an evaluation says in plain sentences, for people who know no statistics, and why.

use super::{Arm, Evaluation, EvaluationWarning, LeftOut, Verdict};

impl Verdict {
    /// Returns the verdict in a few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Helps => "helps",
            Self::NoBetterThanAControl => "no better than a control",
            Self::Undecided => "undecided",
            Self::Hurts => "hurts",
        }
    }
}

impl Arm {
    /// Returns what it trains with, in a few words.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Real => "the real rows",
            Self::Accepted => "real + accepted rows",
            Self::Copies => "real + copied rows",
            Self::Balanced => "rare labels weigh more",
            Self::Eda => "real + reworded rows",
            Self::Threshold => "real, threshold tuned",
            Self::Ceiling => "real + held-back rows",
        }
    }
}

/// Returns `1 row` or `2 rows`.
fn rows(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Returns a share or probability with three places and without the 0 before the point: `.962`.
#[must_use]
pub fn figure(value: f64) -> String {
    let text = format!("{value:.3}");
    let sign = if text.starts_with('-') && text != "-0.000" { "−" } else { "" };
    let plain = text.trim_start_matches('-');
    format!("{sign}{}", plain.strip_prefix('0').unwrap_or(plain))
}

/// Returns a difference with its sign: `+.014`, `−.014`.
#[must_use]
pub fn signed(value: f64) -> String {
    let text = figure(value);
    if text.starts_with('−') { text } else { format!("+{text}") }
}

impl Evaluation {
    /// Returns the verdict as one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (accepted, target) = (rows(self.accepted, "accepted row"), &self.target);
        let one = self.accepted == 1;
        let (help, hurt, bring) = if one { ("helps", "hurts", "brings") } else { ("help", "hurt", "bring") };
        match self.verdict {
            Verdict::Helps => format!(
                "The {accepted} {help}: trained with them too, a classifier finds `{target}` better among real rows that \
                 it never saw."
            ),
            Verdict::NoBetterThanAControl => format!(
                "The {accepted} {bring} no more than {} would, which needs no new row.",
                self.control.map_or("a control", Self::what_does_as_well)
            ),
            Verdict::Undecided => format!(
                "Whether the {accepted} {help} cannot be told yet: the difference on the real test rows is one that \
                 chance alone can make."
            ),
            Verdict::Hurts => format!(
                "The {accepted} {hurt}: trained with them too, a classifier finds `{target}` worse among real rows that \
                 it never saw."
            ),
        }
    }

    const fn what_does_as_well(control: Arm) -> &'static str {
        match control {
            Arm::Copies => "copies of the known rows",
            Arm::Balanced => "weighing the rare label more",
            Arm::Eda => "rewording the known rows",
            Arm::Threshold => "another decision threshold",
            Arm::Real | Arm::Accepted | Arm::Ceiling => "a control",
        }
    }

    /// Returns why that is the verdict: the gain, and its interval against 0.
    #[must_use]
    pub fn why(&self) -> String {
        let auc = |arm| self.arms.iter().find(|of| of.arm == arm).map(|of| of.figures.pr_auc.mean);
        let from_to = match (auc(Arm::Real), auc(Arm::Accepted)) {
            (Some(real), Some(accepted)) => format!(" from {} to {}", figure(real), figure(accepted)),
            _ => String::new(),
        };
        let (low, high) = (self.interval.low, self.interval.high);
        let place = match () {
            () if low > 0.0 => "lies above 0",
            () if high < 0.0 => "lies below 0",
            () => "holds 0",
        };
        format!(
            "PR-AUC goes{from_to}, by {}. The 95 % interval of that gain, {} to {}, {place}.",
            signed(self.gain),
            signed(low),
            signed(high)
        )
    }

    /// Returns what PR-AUC means, with what guessing would give.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 rows")]
    pub fn about_pr_auc(&self) -> String {
        let share = self.test_target as f64 / (self.test_rows.max(1)) as f64;
        format!(
            "PR-AUC: how well `{}` is put before all else, whatever the threshold; 1 is perfect, {} is guessing.",
            self.target,
            figure(share)
        )
    }
}

impl EvaluationWarning {
    /// Returns the warning as a sentence, and what to do.
    #[must_use]
    pub fn sentence(&self, target: &str) -> String {
        match *self {
            Self::FewSeeds { seeds } => {
                format!("Only {}: the figures move by chance. Take ten or more.", rows(seeds, "seed"))
            }
            Self::FewRows { rows: few } => format!(
                "Only {}: accept at least 30 before you trust the verdict.",
                rows(few, "accepted row")
            ),
            Self::SmallTestSet { rows: few } => format!(
                "Only {} of `{target}`, so that the interval is wide. More labelled rows would narrow it.",
                rows(few, "test row")
            ),
            Self::TestSetOpenedBefore { times } => format!(
                "The test rows were opened {} before. Who looks after each change tunes on them: look seldom.",
                rows(times, "time")
            ),
            Self::Detectable { roc_auc } => format!(
                "A classifier tells accepted rows from real ones ({}; .500 is chance), so a gain may come from how they \
                 are written. Vary the prompt, or edit rows.",
                figure(roc_auc)
            ),
            Self::Contaminated { rows: count } => format!(
                "{} left out, because test rows say nearly the same. Reject such rows.",
                rows(count, "accepted row")
            ),
            Self::ThresholdDoesAsWell => {
                "Another decision threshold, tuned on real rows alone, gives an F1 at least as high: try that first."
                    .to_owned()
            }
        }
    }
}

impl LeftOut {
    /// Returns what was left out and why, in full sentences; none where nothing was.
    #[must_use]
    pub fn sentences(&self, target: &str) -> Vec<String> {
        let mut said = Vec::new();
        let mut say = |count: u64, what: &str, why: &str| {
            if count > 0 {
                said.push(format!("{} {why}.", rows(count, what)));
            }
        };
        say(self.contaminating, "accepted row", "left out: test rows say nearly the same");
        say(self.duplicates, "accepted row", "left out: another accepted row has the same text");
        say(self.set_aside, "train row", "left out: a test row has the same text");
        let why = format!("of `{target}` held back, since the session pretends not to know them");
        say(self.held_back, "train row", &why);
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_places_and_a_sign_where_they_are_differences() {
        assert_eq!((figure(0.9624).as_str(), figure(1.0).as_str()), (".962", "1.000"));
        assert_eq!((figure(-0.25).as_str(), figure(-0.0001).as_str()), ("−.250", ".000"));
        assert_eq!((signed(0.014).as_str(), signed(-0.014).as_str()), ("+.014", "−.014"));
        assert_eq!((signed(0.0).as_str(), signed(-0.0001).as_str()), ("+.000", "+.000"));
    }

    #[test]
    fn the_verdict_is_a_sentence_that_names_the_control_where_one_does_as_well() {
        let mut evaluation = crate::domain::fixtures::evaluation();
        assert!(
            evaluation.sentence().starts_with("The 61 accepted rows help: "),
            "{}",
            evaluation.sentence()
        );
        evaluation.verdict = Verdict::NoBetterThanAControl;
        evaluation.control = Some(Arm::Copies);
        assert_eq!(
            evaluation.sentence(),
            "The 61 accepted rows bring no more than copies of the known rows would, which needs no new row."
        );
    }

    #[test]
    fn the_reason_says_where_the_interval_lies() {
        let mut evaluation = crate::domain::fixtures::evaluation();
        assert_eq!(
            evaluation.why(),
            "PR-AUC goes from .962 to .976, by +.014. The 95 % interval of that gain, +.003 to +.027, lies above 0."
        );
        evaluation.interval.low = -0.01;
        assert!(evaluation.why().ends_with("−.010 to +.027, holds 0."), "{}", evaluation.why());
        evaluation.interval.high = -0.001;
        assert!(evaluation.why().ends_with("lies below 0."));
    }

    #[test]
    fn nothing_is_said_of_what_left_nothing_out() {
        assert_eq!(LeftOut::default().sentences("spam"), Vec::<String>::new());
        let left = LeftOut { duplicates: 1, set_aside: 187, ..LeftOut::default() };
        assert_eq!(
            left.sentences("spam"),
            [
                "1 accepted row left out: another accepted row has the same text.",
                "187 train rows left out: a test row has the same text."
            ]
        );
    }
}
