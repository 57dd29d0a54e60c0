//! `metrics`: how varied rows are, how near to real ones, and which version is better.

mod scoreboard;

use serde::Serialize;

use super::args::MetricsArgs;
use super::watched::{Watched, Words};
use super::{CliError, Context, Out, out};
use crate::domain::{
    Concern, Diversity, Figure, GroupDiversity, GroupFigures, LengthFigures, LengthHistogram, Measured,
    OtherUse,
};
use crate::text::{counted, truncate, width, wrap};
use crate::workbench::WorkbenchError;

/// The columns that a line takes at most.
const COLUMNS: usize = 80;
/// The columns of a bar at its longest.
const BAR: u16 = 24;

/// What is printed as JSON.
#[derive(Serialize)]
struct Found<'a> {
    #[serde(flatten)]
    diversity: &'a Diversity,
    scoreboard: Vec<scoreboard::Shown<'a>>,
}

/// Measures the rows of the target, compares the versions and prints the figures.
pub(super) fn run(context: &Context, args: &MetricsArgs, out: &mut Out) -> Result<u8, CliError> {
    let bench = context.read(&args.session)?;
    let watched = Watched::begin(true, Words { verb: "measuring", done: "groups of rows measured" })?;
    let measured = bench.diversity(watched.watch());
    let outcome = measured.and_then(|diversity| Ok((diversity, bench.scoreboard(watched.watch().stop)?)));
    let code = watched.end();
    let (diversity, board) = match outcome {
        Err(error @ WorkbenchError::FiguresStopped) => {
            out::say(&format!("rowsmith: {error}"));
            return Ok(code.unwrap_or(1));
        }
        outcome => outcome?,
    };
    if args.json {
        out.json(&Found { diversity: &diversity, scoreboard: scoreboard::shown(&board) })?;
    } else {
        for line in lines(&diversity).into_iter().chain(scoreboard::lines(&board)) {
            out.line(&line)?;
        }
    }
    out.finish()?;
    Ok(0)
}

/// Returns the figures as lines of at most [`COLUMNS`].
fn lines(diversity: &Diversity) -> Vec<String> {
    let mut lines = Vec::new();
    let Diversity { session, target, real_rows, real_lengths, other_labels, groups } = diversity;
    let rows = counted(*real_rows, "known real row");
    lines.extend(wrapped(&format!("{session} › {target}: {rows}"), ""));
    if let Some(lengths) = real_lengths {
        lines.push(lengths_line("words", &lengths.words));
        lines.push(lengths_line("chars", &lengths.chars));
    }
    if *other_labels > 0 {
        let rows = counted(*other_labels, "accepted or pending row");
        lines.extend(wrapped(&format!("Left out: {rows} of other labels than `{target}`."), ""));
    }
    let accepted = groups.first().filter(|first| first.measured.is_some()).map(|first| first.rows);
    for (at, group) in groups.iter().enumerate() {
        lines.push(String::new());
        // Behind the accepted and the pending rows come parts of the accepted ones.
        if at > 1 && Some(group.rows) == accepted {
            lines.push(truncate(&format!("{}: all accepted rows", group.group), COLUMNS).into_owned());
        } else {
            push_group(&mut lines, group);
        }
    }
    lines
}

fn push_group(lines: &mut Vec<String>, group: &GroupDiversity) {
    let rows = counted(group.rows, "row");
    let Some(measured) = &group.measured else {
        lines.push(truncate(&format!("{}: {rows}", group.group), COLUMNS).into_owned());
        lines.extend(group.remark.iter().flat_map(|remark| wrapped(remark, "  ")));
        return;
    };
    let is_compared = measured.figures.iter().any(|figure| figure.real.is_some());
    let beside = match (is_compared, measured.compared) {
        (true, compared) if compared == group.rows => "beside as many real ones".to_owned(),
        (true, compared) => format!("{compared} of them beside as many real ones"),
        (false, _) => "without real ones to compare with".to_owned(),
    };
    lines.push(truncate(&format!("{}: {rows}, {beside}", group.group), COLUMNS).into_owned());
    lines.extend(group.remark.iter().flat_map(|remark| wrapped(remark, "  ")));
    lines.push("  figure                rows      all     real      limit      people".to_owned());
    lines.extend(measured.figures.iter().map(figure_line));
    if let Some(lengths) = &measured.lengths {
        lines.push(lengths_line("words", &lengths.words));
        lines.push(lengths_line("chars", &lengths.chars));
    }
    push_words(lines, measured);
    push_histogram(lines, &measured.histogram);
    let sentences = measured.figures.iter().filter_map(|figure| figure.sentence.as_ref());
    lines.extend(sentences.flat_map(|sentence| wrapped_point(sentence)));
}

/// Returns one figure in columns; an exclamation mark stands where it is beyond its limit.
fn figure_line(of: &Measured) -> String {
    let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| number(of.figure, value));
    let sign = match of.figure.concern() {
        Concern::Low => "≥",
        Concern::High => "≤",
    };
    let limit =
        of.limit.map_or_else(|| "–".to_owned(), |limit| format!("{sign} {}", number(of.figure, limit)));
    let people = of.typical.map_or_else(String::new, |typical| {
        format!("{}–{}", number(of.figure, typical.low), number(of.figure, typical.high))
    });
    let all = of.all.map_or_else(String::new, |all| number(of.figure, all));
    let mark = if of.sentence.is_some() { "  !" } else { "" };
    let line = format!(
        "  {:<17} {:>8} {all:>8} {:>8} {limit:>10}   {people:<11}{mark}",
        of.figure.name(),
        shown(of.value),
        shown(of.real),
    );
    line.trim_end().to_owned()
}

fn number(figure: Figure, value: f64) -> String {
    match figure {
        Figure::Vendi => format!("{value:.1}"),
        Figure::NearDuplicates | Figure::Variations | Figure::OovRate | Figure::Coverage => {
            format!("{:.1} %", value * 100.0)
        }
        _ => format!("{value:.3}"),
    }
}

fn lengths_line(unit: &str, lengths: &LengthFigures) -> String {
    let LengthFigures { mean, median, sd, p05, p95 } = lengths;
    format!("  {unit}: mean {mean:.1}, sd {sd:.1}, median {median:.0}, 5 % to 95 % {p05:.0} to {p95:.0}")
}

fn push_words(lines: &mut Vec<String>, measured: &GroupFigures) {
    for (what, words) in [("more often", &measured.more_often), ("less often", &measured.less_often)] {
        if !words.is_empty() {
            let words: Vec<_> = words
                .iter()
                .map(|OtherUse { word, rows, real, .. }| format!("{word} ({rows}/{real})"))
                .collect();
            lines.extend(wrapped(&format!("{what} than real rows: {}", words.join(", ")), "  "));
        }
    }
}

/// Draws the shares of rows and of real rows that have each length.
fn push_histogram(lines: &mut Vec<String>, histogram: &LengthHistogram) {
    let LengthHistogram { starts, rows, real } = histogram;
    let (of_rows, of_real) = (rows.iter().sum::<u64>(), real.iter().sum::<u64>());
    let most =
        rows.iter().map(|&rows| share(rows, of_rows)).chain(real.iter().map(|&real| share(real, of_real)));
    let most = most.fold(f64::MIN_POSITIVE, f64::max);
    lines.push(format!("  words      {:<w$} real rows", "rows", w = usize::from(BAR) + 6));
    for (at, ((&start, &own), &other)) in starts.iter().zip(rows).zip(real).enumerate() {
        let name = match starts.get(at + 1) {
            Some(next) if *next == start + 1 => start.to_string(),
            Some(next) => format!("{start}–{}", next - 1),
            None => format!("{start}–"),
        };
        let bar =
            |share: f64| format!("{:<w$} {:>3.0} %", bar(share / most), share * 100.0, w = usize::from(BAR));
        lines.push(format!("  {name:<9}  {}  {}", bar(share(own, of_rows)), bar(share(other, of_real))));
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 rows")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Returns a bar of eighths of a column, as long as the share says.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the share is from 0 to 1")]
fn bar(share: f64) -> String {
    let eighths = (share.clamp(0.0, 1.0) * f64::from(BAR * 8)).round() as usize;
    let last = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"].get(eighths % 8).copied().unwrap_or_default();
    "█".repeat(eighths / 8) + last
}

fn wrapped(text: &str, before: &str) -> Vec<String> {
    wrap(text, COLUMNS - width(before))
        .into_iter()
        .map(|line| format!("{before}{}", line.trim_end()))
        .collect()
}

/// Returns a sentence with a mark before it.
fn wrapped_point(sentence: &str) -> Vec<String> {
    let lines = wrap(sentence, COLUMNS - 4).into_iter().enumerate();
    lines.map(|(at, line)| format!("{}{}", if at == 0 { "  ! " } else { "    " }, line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LengthTest, Lengths};

    fn group(rows: u64) -> GroupDiversity {
        let lengths = LengthFigures { mean: 1234.5, median: 1200.0, sd: 432.1, p05: 1000.0, p95: 12_345.0 };
        let sentence = "Accepted rows repeat pairs of words: distinct-2 is 0.50, and 0.84 in as many real rows. Raise \
                        the temperature, or add a variable such as a topic or a tone to the prompt.";
        let measured = |figure: Figure| {
            let most = Some(if number(figure, 1.0).ends_with('%') { 1.0 } else { 9999.9 });
            Measured {
                figure,
                value: Some(0.5),
                all: most,
                real: most,
                typical: figure.typical(),
                limit: most,
                sentence: Some(sentence.into()),
            }
        };
        let used = |at: u64| OtherUse { word: format!("unusual{at}"), rows: at, real: 2000, z: 3.0 };
        GroupDiversity {
            group: "accepted".into(),
            rows,
            measured: (rows >= 10).then(|| GroupFigures {
                compared: rows / 2,
                figures: Figure::ALL.into_iter().map(measured).collect(),
                lengths: Some(Lengths { words: lengths, chars: lengths }),
                length_test: Some(LengthTest { statistic: 0.5, p: 0.01 }),
                histogram: LengthHistogram {
                    starts: vec![0, 1000, 2000],
                    rows: vec![1, 9, 0],
                    real: vec![0, 0, 4],
                },
                more_often: (0..10).map(used).collect(),
                less_often: vec![],
            }),
            remark: (rows < 10).then(|| format!("10 rows or more have figures, and there are {rows}.")),
        }
    }

    fn shown(groups: Vec<GroupDiversity>) -> Vec<String> {
        let (session, target) = ("a-session-of-a-long-name".repeat(4), "spam".to_owned());
        lines(&Diversity { session, target, real_rows: 559, real_lengths: None, other_labels: 2, groups })
    }

    #[test]
    fn every_line_fits_a_terminal_of_eighty_columns() {
        for line in shown(vec![group(10_000), group(3)]) {
            assert!(width(&line) <= COLUMNS, "{} columns: {line}", width(&line));
        }
    }

    #[test]
    fn a_figure_beyond_its_limit_has_a_mark_and_its_sentence_follows() {
        let lines = shown(vec![group(20)]);
        let line = lines.iter().find(|line| line.contains("distinct-2")).unwrap();
        assert!(line.ends_with("0.790–0.880  !"), "{line}");
        assert!(lines.iter().any(|line| line.starts_with("  ! Accepted rows repeat")), "{lines:?}");
        assert!(
            lines.contains(&"Left out: 2 accepted or pending rows of other labels than `spam`.".to_owned())
        );
    }

    #[test]
    fn too_few_rows_are_said() {
        let lines = shown(vec![group(3)]);
        let last = lines.iter().rev().take(2).map(String::as_str).collect::<Vec<_>>();
        assert_eq!(last, ["  10 rows or more have figures, and there are 3.", "accepted: 3 rows"]);
    }

    #[test]
    fn a_version_with_all_accepted_rows_does_not_repeat_their_figures() {
        let version = |rows| GroupDiversity { group: "v1".into(), ..group(rows) };
        assert_eq!(
            shown(vec![group(20), group(0), version(20)]).pop().as_deref(),
            Some("v1: all accepted rows")
        );
        assert_ne!(
            shown(vec![group(20), group(0), version(12)]).pop().as_deref(),
            Some("v1: all accepted rows")
        );
    }

    #[test]
    fn bars_are_as_long_as_their_shares() {
        assert_eq!((bar(0.0), bar(1.0)), (String::new(), "█".repeat(24)));
        assert_eq!(bar(0.5 + 1.0 / 192.0), "█".repeat(12) + "▏");
    }
}
