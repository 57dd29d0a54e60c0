//! What a run notices of its server, said once each.

use std::sync::atomic::{AtomicBool, Ordering};

use super::answering_model::is_other_model;
use crate::domain::{ExchangeMessage, Run};
use crate::text::thousands;

/// From how many missing tokens on a prompt counts as cut.
const MISSING: u64 = 1_000;

/// What was noticed already.
#[derive(Debug, Default)]
pub(in crate::engine) struct Noticed {
    other_model: AtomicBool,
    cut_prompt: AtomicBool,
    /// Whether the server read a prompt as a whole: where it counts fewer tokens later, it remembered some.
    reads_whole: AtomicBool,
}

impl Noticed {
    /// Begins with what a run noticed before it went on.
    pub(in crate::engine) fn new(run: &Run) -> Self {
        let is_known = run.remarks.iter().any(|remark| remark.contains(CUT));
        Self { cut_prompt: AtomicBool::new(is_known), ..Self::default() }
    }

    /// Returns a remark where another model answers than was asked for.
    pub(in crate::engine) fn model(&self, run: &Run, answered: &str) -> Option<String> {
        let asked = run.generator.model.as_deref()?;
        // There a model is asked for by the name that somebody gave its deployment.
        let is_deployed = run.generator.base_url.as_deref().is_some_and(|url| url.contains(".azure."));
        if is_deployed || !is_other_model(asked, answered) || self.other_model.swap(true, Ordering::Relaxed) {
            return None;
        }
        Some(format!("Asked for `{asked}`, and `{answered}` answers; check the server's model."))
    }

    /// Returns a remark where the server read far less than was sent; `sent` is our estimate of the messages.
    pub(in crate::engine) fn prompt(
        &self,
        messages: &[ExchangeMessage],
        sent: u64,
        read: u64,
    ) -> Option<String> {
        if read == 0 || sent < MISSING {
            return None;
        }
        if !is_cut(messages, sent, read) {
            self.reads_whole.store(true, Ordering::Relaxed);
            return None;
        }
        if self.reads_whole.load(Ordering::Relaxed) || self.cut_prompt.swap(true, Ordering::Relaxed) {
            return None;
        }
        let sent = thousands(sent / 100 * 100);
        Some(format!(
            "About {sent} tokens were sent and the server read {}: {CUT}; give the model a larger context, or shorten \
             the prompt.",
            thousands(read)
        ))
    }
}

const CUT: &str = "it seems to cut long prompts";

/// Returns whether a server that read so many tokens cannot have read all messages.
fn is_cut(messages: &[ExchangeMessage], sent: u64, read: u64) -> bool {
    sent.saturating_sub(read) >= MISSING && read * 100 < sent * 45 && {
        let fewest: u64 = messages.iter().map(|message| fewest_tokens(&message.text)).sum();
        read * 10 < fewest * 6
    }
}

/// Returns about the fewest tokens that any tokeniser makes of a text: one a word, three of four characters of scripts
/// without blanks in pairs, nothing for blanks, and little for one character without end.
fn fewest_tokens(text: &str) -> u64 {
    let (mut halves, mut before, mut repeated) = (0_u64, ' ', 0_u32);
    for character in text.chars() {
        repeated = if character == before { repeated + 1 } else { 0 };
        let begins_word = character.is_alphanumeric() && !before.is_alphanumeric();
        if character.is_whitespace() || repeated > 2 {
        } else if is_written_without_blanks(character) {
            halves += 1;
        } else if begins_word
            || !character.is_alphanumeric() && repeated == 0 && !before.is_ascii_punctuation()
        {
            halves += 2;
        }
        before = character;
    }
    halves / 2
}

const fn is_written_without_blanks(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{fff}' | '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Role;
    use crate::domain::fixtures::Story;
    use crate::template::estimate_tokens;

    fn remark(text: &str, read: u64) -> Option<String> {
        let messages = [ExchangeMessage { role: Role::User, text: text.to_owned() }];
        Noticed::default().prompt(&messages, estimate_tokens(text) as u64, read)
    }

    /// Prose of about so many tokens.
    fn prose(tokens: usize) -> String {
        "Please close my account today, since the new prices are far too high. ".repeat(tokens / 15)
    }

    #[test]
    fn a_prompt_of_which_less_than_half_was_read_is_remarked_once_with_both_figures() {
        let text = prose(8_000);
        let sent = estimate_tokens(&text) as u64;
        let said = remark(&text, 2_050).unwrap();
        let about = thousands(sent / 100 * 100);
        assert!(
            said.starts_with(&format!("About {about} tokens were sent and the server read 2,050: it ")),
            "{said}"
        );

        let noticed = Noticed::default();
        let messages = [ExchangeMessage { role: Role::User, text }];
        assert!(noticed.prompt(&messages, sent, 2_050).is_some());
        assert!(noticed.prompt(&messages, sent, 2_050).is_none());
    }

    #[test]
    fn a_run_that_goes_on_does_not_say_it_again() {
        let mut run = Story::with_rows(1).projection.runs().next().unwrap().clone();
        let text = prose(8_000);
        run.remarks.extend(remark(&text, 2_050));
        let messages = [ExchangeMessage { role: Role::User, text }];
        assert_eq!(Noticed::new(&run).prompt(&messages, 8_000, 2_050), None);
    }

    #[test]
    fn small_gaps_and_uncounted_prompts_are_not_remarked() {
        assert_eq!(remark(&prose(8_000), 4_500), None);
        assert_eq!(remark(&prose(1_200), 400), None, "too few are missing");
        assert_eq!(remark(&prose(8_000), 0), None, "nothing was counted");
    }

    #[test]
    fn texts_that_are_taken_for_longer_than_they_are_raise_no_alarm() {
        // What tokenisers make of such texts at the least: half a token a character, one for many blanks.
        let chinese = "请尽快取消我的订阅因为价格太高了我已经找到更好的服务".repeat(200);
        assert_eq!(remark(&chinese, chinese.chars().count() as u64 * 4 / 10), None);
        let thai = "กรุณายกเลิกการสมัครของฉันวันนี้".repeat(200);
        assert_eq!(remark(&thai, thai.chars().count() as u64 * 4 / 10), None);
        let ruled = format!("{}\n{}", "-=".repeat(20_000), "x".repeat(40_000));
        assert_eq!(remark(&ruled, 700), None);
        let blanks = format!("{}{}", prose(300), " \n".repeat(9_000));
        assert_eq!(remark(&blanks, 400), None);
        let words = "internationalisation ".repeat(2_000);
        assert_eq!(remark(&words, 2_400), None);
    }

    #[test]
    fn a_server_that_read_the_first_prompt_whole_only_remembers_the_next() {
        let messages = [ExchangeMessage { role: Role::User, text: prose(8_000) }];
        let noticed = Noticed::default();
        assert_eq!(noticed.prompt(&messages, 8_000, 7_800), None);
        assert_eq!(noticed.prompt(&messages, 8_000, 40), None);
    }

    #[test]
    fn another_model_is_said_once_and_a_deployment_has_a_name_of_its_own() {
        let mut run = Story::with_rows(1).projection.runs().next().unwrap().clone();
        let noticed = Noticed::new(&run);
        assert_eq!(noticed.model(&run, "small-1b"), None, "no model was asked for");
        run.generator.model = Some("big-70b".into());
        let said = "Asked for `big-70b`, and `small-1b` answers; check the server's model.";
        assert_eq!(noticed.model(&run, "small-1b").as_deref(), Some(said));
        assert_eq!(noticed.model(&run, "small-1b"), None);
        run.generator.base_url = Some("https://mine.openai.azure.com/openai/v1".into());
        assert_eq!(Noticed::default().model(&run, "gpt-4o"), None);
    }
}
