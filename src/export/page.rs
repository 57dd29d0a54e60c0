//! An evaluation as a page of its own: no script, no request, light and dark.
//!
//! Everything that comes from a session is escaped. Colours are those of the reader's system, by `prefers-color-scheme`;
//! nothing is told by colour alone.

mod charts;
mod tables;

use std::io::Write as _;
use std::path::Path;

use super::ExportError;
use super::placing::Placing;
use crate::domain::{Evaluation, EvaluationWarning, Existing, Verdict};
use crate::text::SafeText;
use crate::text::time::rfc3339;

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1c1e21; --paper: #ffffff; --soft: #5b636d; --line: #d5d9de; --real: #5b6bd6;
  --with: #b8500f; --fill: #f3f4f6; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --paper: #15171a; --soft: #a0a8b2; --line: #383d44; --real: #93a2ff; --with: #f0a05a;
    --fill: #1f2226; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: .25rem 0 .75rem; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
p, li { max-width: 46rem; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.verdict { border-left: .3rem solid var(--with); padding: .25rem 0 .25rem 1rem; margin: 1rem 0; font-size: 1.1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
td.own { background: var(--fill); font-weight: 600; }
.pair { display: flex; flex-wrap: wrap; gap: 2.5rem; }
svg { width: 100%; height: auto; display: block; font: 13px system-ui, sans-serif; }
svg text { fill: var(--ink); }
svg .soft { fill: var(--soft); }
svg line.grid { stroke: var(--line); }
svg .real { stroke: var(--real); fill: var(--real); }
svg .with { stroke: var(--with); fill: var(--with); }
svg polyline { fill: none; stroke-width: 2; }
";

/// Returns the page of an evaluation.
pub(crate) fn page(evaluation: &Evaluation, session: &str) -> String {
    let verdict = match evaluation.verdict {
        Verdict::Helps => "The accepted rows help",
        Verdict::NoBetterThanAControl => "No better than a simpler way",
        Verdict::Undecided => "Not decided",
        Verdict::Hurts => "The accepted rows hurt",
    };
    let session = escaped(session);
    let sections = [
        section("PR-AUC of each arm", &charts::arms(evaluation)),
        section("By how many accepted rows join", &charts::curve(evaluation)),
        section("F1 of each label, without and with the accepted rows", &charts::classes(evaluation)),
        section("What is taken for what", &tables::confusions(evaluation)),
        section("All figures", &tables::arms(evaluation)),
        section("What each version brings by itself", &tables::versions(evaluation)),
        section("Warnings", &list(evaluation.warnings.iter().map(EvaluationWarning::sentence))),
        section("What was left out", &list(evaluation.left_out.sentences())),
        section("How it was computed", &computed(evaluation)),
    ];
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         img-src data:\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <title>{verdict} · {session}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <p class=\"soft\">{session} · {} · evaluated {}</p>\n<h1>{verdict}</h1>\n\
         <p class=\"verdict\">{}</p>\n<p>{}</p>\n{}</body>\n</html>\n",
        escaped(&evaluation.target),
        escaped(&rfc3339(evaluation.at.0)),
        escaped(&evaluation.sentence()),
        escaped(&evaluation.deciding()),
        sections.concat()
    )
}

/// Returns a section, or nothing where it has no content.
fn section(title: &str, content: &str) -> String {
    if content.is_empty() {
        String::new()
    } else {
        format!("<section>\n<h2>{title}</h2>\n{content}</section>\n")
    }
}

fn list(sentences: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> =
        sentences.into_iter().map(|sentence| format!("<li>{}</li>\n", escaped(&sentence))).collect();
    if items.is_empty() { String::new() } else { format!("<ul>\n{}</ul>\n", items.concat()) }
}

fn computed(evaluation: &Evaluation) -> String {
    let times = if evaluation.opened == 1 { "once" } else { &format!("{} times", evaluation.opened) };
    format!(
        "<p>{}</p>\n<p>Each seed keeps all known train rows of the target and draws nine in ten of the other labels; the \
         test rows are real, were never shown to a model, and are the same for all seeds and arms. Texts are weighted by \
         TF-IDF of words and pairs of words, anew for each training set. PR-AUC is the area under the curve of precision \
         over recall of the target, which needs no threshold. The interval holds 95 % of 1,000 bootstrap replicates, each \
         of which draws the seeds, and one set of test rows for all of them, with replacement. The rows help where it lies \
         above 0 and neither copies nor weights do as well.</p>\n<p class=\"soft\">The test rows were opened {times}, \
         this time included. Made by rowsmith.</p>\n",
        escaped(&evaluation.basis())
    )
}

/// Returns a text that HTML shows as it is, with control characters made visible.
fn escaped(text: &str) -> String {
    let safe = SafeText::one_line(text);
    let mut out = String::with_capacity(safe.as_str().len());
    for character in safe.as_str().chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            character => out.push(character),
        }
    }
    out
}

/// Checks that a page may be written to a path.
///
/// # Errors
///
/// Where a file is there already and is to stay, or none can be written there.
pub(crate) fn check_page(out: &Path, existing: Existing) -> Result<(), ExportError> {
    Placing::begin(out, existing).map(drop)
}

/// Writes a page whole, or not at all.
///
/// # Errors
///
/// As [`check_page`].
pub(crate) fn place_page(out: &Path, existing: Existing, page: &str) -> Result<(), ExportError> {
    let unwritable = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::AlreadyExists => ExportError::Exists { out: out.to_owned() },
        _ => ExportError::Unwritable { out: out.to_owned(), source },
    };
    let mut placing = Placing::begin(out, existing)?;
    placing.file().write_all(page.as_bytes()).map_err(unwritable)?;
    placing.finish().map_err(unwritable)?;
    Ok(())
}

#[cfg(test)]
mod tests;
