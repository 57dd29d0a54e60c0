use super::*;

fn of(left: u32, right: u32, both: u32, neither: u32) -> PairFigures {
    figures(PairCounts { left, right, both, neither })
}

#[test]
fn pairs_that_tell_nothing_count_in_n_alone() {
    let few = of(20, 4, 0, 0);
    let more = of(20, 4, 30, 6);
    assert_eq!((few.n, more.n), (24, 60));
    assert_eq!((few.standing, more.standing), (Standing::Better, Standing::Better));
    assert_eq!(few.interval, more.interval);
    assert!((few.p_sign - sign_test(20, 4)).abs() < 1e-15);
}

#[test]
fn the_sides_may_be_exchanged() {
    let (one, other) = (of(5, 21, 3, 4), of(21, 5, 3, 4));
    assert_eq!((one.standing, other.standing), (Standing::Worse, Standing::Better));
    assert!((one.interval.low - (1.0 - other.interval.high)).abs() < 1e-9, "{one:?} {other:?}");
}

#[test]
fn the_interval_leaves_a_half_out_exactly_where_something_is_said() {
    for left in 0..40 {
        for right in 0..40 {
            let found = of(left, right, 0, 0);
            let Interval { low, high } = found.interval;
            let holds_half = low <= 0.5 && 0.5 <= high;
            assert_eq!(found.standing == Standing::Undecided, holds_half, "{left} {right} {found:?}");
            let share = f64::from(left) / f64::from((left + right).max(1));
            assert!(left + right == 0 || (low <= share && share <= high), "{left} {right} {found:?}");
        }
    }
    assert_eq!(of(0, 0, 5, 5).interval, Interval { low: 0.0, high: 1.0 });
}

#[test]
fn one_win_says_nothing_and_many_say_more_than_few() {
    assert_eq!(of(1, 0, 0, 0).standing, Standing::Undecided);
    let width = |wins: u32| {
        let Interval { low, high } = of(wins * 3, wins, 0, 0).interval;
        high - low
    };
    assert!(width(10) < width(3) && width(100) < width(10));
    assert!(of(3_000_000, 1_000_000, 0, 0).interval.low > 0.74, "no figure is too large");
}

#[test]
fn the_pairs_that_are_said_to_be_missing_would_tell() {
    let found = of(9, 4, 10, 2);
    assert_eq!(found.standing, Standing::Undecided);
    let more = f64::from(found.more.unwrap());
    assert!(tells(9.0 + more * 9.0 / 25.0, 4.0 + more * 4.0 / 25.0));
    assert!(!tells(9.0 + (more - 1.0) * 9.0 / 25.0, 4.0 + (more - 1.0) * 4.0 / 25.0));
    assert_eq!((of(7, 7, 0, 0).more, of(0, 0, 9, 0).more, of(40, 4, 0, 0).more), (None, None, None));
}
