//! Variables that neither part of a prompt names.

use super::PreviewRenderer;
use crate::domain::{Draft, Problem, PromptContent, PromptPart};
use crate::template::mentioned;

impl PreviewRenderer {
    /// Returns the variables that no template names, with their places in the text of the variables.
    pub(super) fn unused(draft: &Draft, content: &PromptContent) -> Vec<Problem> {
        let mut named = mentioned(&content.user);
        named.extend(mentioned(&content.system));
        let unused = content.variables.keys().filter(|name| !named.contains(name.as_str()));
        unused.filter_map(|name| at(&draft.variables, name)).collect()
    }
}

/// Returns what is said of a variable, at the place of its name in the text of the variables.
fn at(text: &str, name: &str) -> Option<Problem> {
    let mut start = 0;
    for (index, line) in text.split('\n').enumerate() {
        let key = line.split('=').next().unwrap_or_default().trim();
        if key.trim_matches(['"', '\'']) == name {
            let from = start + line.find(key).unwrap_or_default();
            let message =
                format!("`{name}` is named in neither part of the prompt, so no request says its value.");
            let range = from..from + key.len();
            return Some(Problem { part: PromptPart::Variables, range, line: index + 1, message });
        }
        start += line.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unused(user: &str, system: &str, variables: &str) -> Vec<(usize, String)> {
        let draft = Draft {
            user: user.into(),
            system: system.into(),
            variables: variables.into(),
            ..Draft::default()
        };
        let content = super::super::prompts::content_of_draft(&draft).unwrap();
        let found = PreviewRenderer::unused(&draft, &content);
        found.into_iter().map(|found| (found.line, variables[found.range].to_owned())).collect()
    }

    #[test]
    fn a_variable_that_neither_part_names_is_found_at_its_line() {
        let variables = "topic = [\"a\"]\n\n tone = [\"b\", \"kind = c\"]\n\"kind\" = [\"d\"]\n";

        assert_eq!(unused("{{ topic }}", "", variables), [(4, "\"kind\"".into()), (3, "tone".into())]);
        assert!(unused("{{ topic }} {{ kind }}", "{% if tone %}x{% endif %}", variables).is_empty());
        assert_eq!(unused("topic {# {{ tone }} #}", "", "tone = [\"b\"]"), [(1, "tone".into())]);
    }
}
