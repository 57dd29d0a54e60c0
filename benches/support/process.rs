//! The resources of a process, as the system counts them.

use std::fs;

/// Returns the resident memory of a process, in MB of 1,000,000 bytes. `process` is a process id,
/// or `self`.
pub(crate) fn resident_mb(process: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kib: f64 = kib.trim().trim_end_matches(" kB").parse().unwrap();
    kib * 1024.0 / 1_000_000.0
}
