//! What a process takes, as the system counts it.

use std::fs;

/// Returns the memory of a process that is in use, in MB of 1,000,000 bytes. `self` is the own one.
pub(crate) fn resident_mb(process: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kib: f64 = kib.trim().trim_end_matches(" kB").parse().unwrap();
    kib * 1024.0 / 1_000_000.0
}
