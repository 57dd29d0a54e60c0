//! The first request of a run goes alone, so that a refused key or a wrong address is asked once and not as often as
//! requests may be under way.

use std::time::Duration;

/// How long the others wait for a server that does not say whether it takes the first request.
const LONGEST_WAIT: Duration = Duration::from_millis(1_500);

/// Where the first request that a server gets stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// Still to be sent; `to_its_end` says whether the others wait until it has ended, because only then it is known
    /// what a request takes.
    Unsent { to_its_end: bool },
    /// Under way; the others wait until then at the latest, if at all so long.
    Alone { until: Option<Duration> },
    /// The others may go.
    Over,
}

impl First {
    /// Notes that a request goes out.
    pub(super) fn sent(&mut self, now: Duration) {
        if let Self::Unsent { to_its_end } = *self {
            *self = Self::Alone { until: (!to_its_end).then(|| now.saturating_add(LONGEST_WAIT)) };
        }
    }

    /// Notes that the server took it.
    pub(super) const fn accepted(&mut self) {
        if let Self::Alone { until: Some(_) } = self {
            *self = Self::Over;
        }
    }

    /// Notes that it has ended.
    pub(super) const fn ended(&mut self) {
        *self = Self::Over;
    }

    /// Returns whether it is not known yet how the server takes requests.
    pub(super) fn is_open(self, now: Duration) -> bool {
        match self {
            Self::Unsent { .. } => true,
            Self::Alone { until } => until.is_none_or(|until| now < until),
            Self::Over => false,
        }
    }

    /// Returns until when the others wait at most, where that is bounded.
    pub(super) const fn until(self) -> Option<Duration> {
        match self {
            Self::Alone { until } => until,
            Self::Unsent { .. } | Self::Over => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn the_others_wait_until_it_was_taken_or_has_ended_or_for_a_second_and_a_half() {
        let mut first = First::Unsent { to_its_end: false };
        assert!(first.is_open(at(9_000)));
        first.sent(at(100));
        assert!(first.is_open(at(1_599)) && !first.is_open(at(1_600)));
        let mut ended = first;
        first.accepted();
        ended.ended();
        assert_eq!((first, ended), (First::Over, First::Over));
    }

    #[test]
    fn where_tokens_are_limited_they_wait_until_its_end_however_long_that_takes() {
        let mut first = First::Unsent { to_its_end: true };
        first.sent(at(100));
        first.accepted();
        assert!(first.is_open(at(1_000_000)) && first.until().is_none());
        first.ended();
        assert!(!first.is_open(at(0)));
    }
}
