//! What stands beside the requests in a folder for Ray: a script and what to do with it.

use crate::text::shell_word;

const SCRIPT: &str = include_str!("ray/run.py");
const PAGE: &str = include_str!("ray/README.md");

/// Returns the names and texts of the files beside the requests.
pub(crate) fn ray_files(session: &str, model: &str) -> [(&'static str, String); 2] {
    let page = PAGE.replace("{{session}}", session).replace("{{model}}", &shell_word(model));
    [("run.py", SCRIPT.to_owned()), ("README.md", page)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_the_session_and_the_model_and_the_script_is_as_it_is() {
        let [(script, text), (page, words)] = ray_files("sms-spam", "a model");

        assert_eq!((script, page), ("run.py", "README.md"));
        assert_eq!(text, SCRIPT);
        assert!(
            words.contains("sms-spam") && words.contains("'a model'") && !words.contains("{{"),
            "{words}"
        );
    }
}
