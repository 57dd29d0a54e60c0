//! The settings of the form as text: a command to run, or lines for a session file.

use super::SettingsForm;
use crate::config::Overrides;
use crate::domain::{GeneratorSettings, PlanMode, RunOrder};
use crate::text::shell_word;

impl SettingsForm {
    /// Returns the settings as a command, or as lines of a session file; a sentence where one is not valid.
    #[must_use]
    pub fn written(&self) -> String {
        match self.order() {
            Err((field, sentence)) => format!("`{}` is not valid: {sentence}", field.name()),
            Ok(order) if self.as_lines => session_lines(&order.generator),
            Ok(order) => self.command(&order),
        }
    }

    /// Returns the command that samples as the form says.
    fn command(&self, order: &RunOrder) -> String {
        let said = self.overrides().unwrap_or_default();
        let mut words = vec!["rowsmith sample".to_owned(), shell_word(&self.session)];
        let mut say = |option: &str, value: Option<String>| {
            words.extend(value.map(|value| format!("{option} {}", shell_word(&value))));
        };
        say("-n", Some(order.rows.to_string()));
        say("--profile", (self.profile > 0).then(|| self.chosen().name.clone()));
        say("--provider", said.provider.map(|provider| provider.name().to_owned()));
        say("--base-url", said.base_url.clone());
        say("--model", said.model.clone());
        say("--temperature", said.temperature.map(|warm| format!("{warm:?}")));
        say("--rows-per-request", said.rows_per_request.map(|rows| rows.to_string()));
        say("--reply-tokens", said.reply_tokens.filter(|most| *most > 0).map(|most| most.to_string()));
        say("--concurrency", said.concurrency.map(|most| most.to_string()));
        say("--seed", order.seed.map(|seed| seed.to_string()));
        say("--budget-cost", order.budget.cost.map(|cost| cost.to_string()));
        say("--budget-tokens", order.budget.tokens.map(|most| most.to_string()));
        say("--budget-requests", order.budget.requests.map(|most| most.to_string()));
        let mode = order.plan.mode;
        say("--plan", (mode != PlanMode::Random).then(|| mode.name().to_owned()));
        let switches = [
            (said.stream == Some(false), "--no-stream"),
            (said.schema == Some(false), "--no-schema"),
            (order.reuse, "--reuse"),
        ];
        words.extend(switches.iter().filter(|(is_on, _)| *is_on).map(|(_, option)| (*option).to_owned()));
        let without = without_option(&said);
        if !without.is_empty() {
            words.push(format!("# no option says: {}", without.join(", ")));
        }
        words.join(" ")
    }
}

/// Returns what is said that only a session file or a profile can say.
fn without_option(said: &Overrides) -> Vec<&'static str> {
    [
        (said.stream == Some(true), "streaming on"),
        (said.schema == Some(true), "schema on"),
        (said.reply_tokens == Some(0), "no limit of a reply"),
    ]
    .into_iter()
    .filter_map(|(is_said, what)| is_said.then_some(what))
    .collect()
}

/// Returns the section of a session file that says the settings of a generator.
fn session_lines(generator: &GeneratorSettings) -> String {
    let quoted = |text: &String| toml::Value::from(text.clone()).to_string();
    let mut lines = vec!["[generator]".to_owned(), format!("provider = \"{}\"", generator.provider.name())];
    let mut say = |key: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("{key} = {value}")));
    };
    say("base_url", generator.base_url.as_ref().map(quoted));
    say("model", generator.model.as_ref().map(quoted));
    say("api_key_env", generator.api_key_env.as_ref().map(quoted));
    say("temperature", Some(format!("{:?}", generator.temperature)));
    say("rows_per_request", Some(generator.rows_per_request.to_string()));
    say("reply_tokens", generator.max_tokens.map(|most| most.to_string()));
    say("concurrency", Some(generator.concurrency.to_string()));
    let left_out: Vec<_> = generator.leave_out.iter().map(|name| format!("\"{}\"", name.name())).collect();
    say("leave_out", (!left_out.is_empty()).then(|| format!("[{}]", left_out.join(", "))));
    lines.join("\n")
}
