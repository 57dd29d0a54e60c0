//! Ends long work early.
//!
//! Work on many or long texts looks at it again and again, so that a person who stops it does not wait.

use std::fmt;
use std::sync::Arc;

/// Tells long work whether it should end. Clones tell the same.
#[derive(Clone, Default)]
pub struct Stop(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

/// Long work was ended before it had a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

impl Stop {
    /// Returns one that stops the work as soon as `is_stopped` says so.
    pub fn when(is_stopped: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(is_stopped)))
    }

    /// Returns one that never stops anything.
    #[must_use]
    pub const fn never() -> Self {
        Self(None)
    }

    /// Returns whether the work may go on.
    ///
    /// # Errors
    ///
    /// Where it should end.
    pub fn check(&self) -> Result<(), Stopped> {
        if self.0.as_ref().is_some_and(|is_stopped| is_stopped()) { Err(Stopped) } else { Ok(()) }
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stop").field(&self.check().is_err()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn all_clones_stop_once_the_flag_is_raised_and_never_means_never() {
        let flag = Arc::new(AtomicBool::new(false));
        let raised = Arc::clone(&flag);
        let stop = Stop::when(move || raised.load(Ordering::Relaxed));
        let clone = stop.clone();
        assert_eq!(clone.check(), Ok(()));

        flag.store(true, Ordering::Relaxed);

        assert_eq!(
            (stop.check(), clone.check(), Stop::never().check()),
            (Err(Stopped), Err(Stopped), Ok(()))
        );
    }
}
