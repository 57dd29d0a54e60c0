use super::*;

fn of(accepted: u64, rejected: u64) -> Acceptance {
    Acceptance::new(accepted, rejected)
}

#[test]
fn the_evidence_is_that_of_the_formula() {
    // By hand: Z = 40 KL(0.75 ‖ 0.6) + 40 KL(0.45 ‖ 0.6), r = 0.2400… · 20.
    let kl = |a: f64, b: f64| a * (a / b).ln() + (1.0 - a) * ((1.0 - a) / (1.0 - b)).ln();
    let z = 40.0 * kl(0.75, 0.6) + 40.0 * kl(0.45, 0.6);
    let p: f64 = 48.5 / 81.0;
    let r = p * (1.0 - p) * 20.0;
    let found = evidence(of(30, 10).into(), of(18, 22).into());
    assert!((found - (z * r / (1.0 + r) - 0.5 * (1.0 + r).ln())).abs() < 1e-12, "{found}");
}

#[test]
fn one_is_better_where_the_other_is_worse() {
    assert_eq!(standing(of(50, 10), of(25, 35), 2), Standing::Better);
    assert_eq!(standing(of(25, 35), of(50, 10), 2), Standing::Worse);
    assert_eq!(standing(of(38, 22), of(34, 26), 2), Standing::Undecided);
    assert_eq!(standing(of(0, 0), of(0, 0), 2), Standing::Undecided);
}

#[test]
fn nothing_is_said_of_fewer_than_ten_decisions() {
    assert_eq!(standing(of(9, 0), of(0, 90), 2), Standing::Undecided);
    assert_eq!(standing(of(10, 0), of(0, 90), 2), Standing::Better);
}

#[test]
fn more_versions_need_more_evidence() {
    let needs = [2, 3, 4, 8, 40].map(needed);
    assert!(needs.is_sorted_by(|a, b| a < b), "{needs:?}");
    assert!((needs[0] - 20_f64.ln()).abs() < 1e-12 && (needs[1] - 90_f64.ln()).abs() < 1e-12, "{needs:?}");
    assert_eq!(standing(of(48, 12), of(32, 28), 2), Standing::Better);
    assert_eq!(standing(of(48, 12), of(32, 28), 8), Standing::Undecided);
}

#[test]
fn what_is_said_to_tell_tells_and_one_decision_less_does_not() {
    let (one, other) = (of(30, 10), of(24, 16));
    let more = decisions_ahead(one, other, 3).unwrap();
    let tells = |more: u32| {
        let later = |side: Acceptance| Tally::from(side).after(more.into());
        evidence(later(one), later(other)) >= needed(3)
    };
    assert!(tells(more) && !tells(more - 1), "{more}");
    assert!(decisions_ahead(one, other, 8).unwrap() > more);
    assert!(decisions_ahead(of(32, 8), other, 3).unwrap() < more, "a greater difference tells sooner");
}

#[test]
fn no_number_is_said_where_it_is_told_or_nothing_would_tell() {
    assert_eq!(decisions_ahead(of(50, 10), of(25, 35), 2), None);
    assert_eq!(decisions_ahead(of(20, 20), of(20, 20), 2), None);
    assert_eq!(decisions_ahead(of(500, 501), of(501, 500), 2), None, "not within 10,000");
    assert_eq!(decisions_ahead(of(0, 0), of(25, 35), 2), None);
    assert_eq!(decisions_ahead(of(5, 0), of(0, 5), 2), Some(5), "ten decisions on each");
}
