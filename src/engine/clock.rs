//! The clock. Nothing below this floor knows what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::Timestamp;

/// Returns the time of now.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
