//! Prints measured figures beside their limits.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::time::Duration;

/// Prints a heading.
pub(crate) fn heading(text: &str) {
    println!("\n{text}");
}

/// Prints the median and the 99th percentile of some times. `most` holds their limits in
/// milliseconds, in this order; it is shorter where there is no limit.
pub(crate) fn times(label: &str, times: &[Duration], most: &[f64]) {
    let mut ms: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1000.0).collect();
    ms.sort_by(f64::total_cmp);
    let at = |hundredths: usize| ms.get((ms.len() * hundredths / 100).min(ms.len().saturating_sub(1)));
    let (Some(&median), Some(&p99)) = (at(50), at(99)) else {
        println!("  {label:<58} nothing was measured");
        return;
    };
    let is_kept = most.iter().zip([median, p99]).all(|(most, measured)| measured <= *most);
    let limit = most.iter().map(|most| format!("at most {most} ms")).collect::<Vec<_>>().join(", ");
    let measured = match ms.len() {
        1 => format!("{median:.1} ms"),
        count => format!("median {median:>7.3}  p99 {p99:>7.3} ms  of {count}"),
    };
    line(label, &measured, &limit, is_kept);
}

/// Prints one figure in a unit.
pub(crate) fn figure(label: &str, measured: f64, unit: &str, most: f64) {
    line(label, &format!("{measured:.1} {unit}"), &format!("at most {most} {unit}"), measured <= most);
}

/// Prints a measured figure beside its limit.
pub(crate) fn line(label: &str, measured: &str, limit: &str, is_kept: bool) {
    let verdict = if is_kept { "" } else { "  OVER" };
    println!("  {label:<58} {measured:<44} {limit}{verdict}");
}
