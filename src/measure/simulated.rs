//! Simulated people who look after each decision: how often the rules are wrong, and how soon they are right.
//!
//! `cargo test --release --lib figures_of_the_rules -- --ignored --nocapture` prints the table of `docs/metrics.md`.

use crate::domain::Standing;
use crate::text::SplitMix64;

use super::pairs::{PairCounts, figures, tells};
use super::race::{RaceState, next_side, saved, state};
use super::{Acceptance, float, standing};

/// Which version the next decision is on.
#[derive(Debug, Clone, Copy)]
enum Turn {
    /// Any, by chance.
    Any,
    /// Each version has all its decisions before the next one is made.
    Growing,
    /// As a race asks for rows.
    Raced,
}

fn decide(side: &mut Acceptance, is_accepted: bool) {
    if is_accepted {
        side.accepted += 1;
    } else {
        side.rejected += 1;
    }
}

/// Returns whether a board of equal versions ever says better or worse of a version against its parent, which is the
/// one before it, or against the best.
fn board_errs(versions: usize, decisions: usize, rate: f64, turn: Turn, mut random: SplitMix64) -> bool {
    let mut board = vec![Acceptance::default(); versions];
    let mut before = None;
    for decision in 0..decisions {
        let at = match turn {
            Turn::Any => random.below(versions),
            Turn::Growing => decision * versions / decisions,
            Turn::Raced => next_side(&board, 5, random.next_u64()),
        };
        decide(&mut board[at], random.unit() < rate);
        let judged: Vec<usize> = (0..versions).filter(|place| board[*place].decided() >= 10).collect();
        let many = u32::try_from(judged.len()).unwrap();
        let rate = |place: usize| board[place].rate().unwrap();
        let best =
            judged.iter().copied().reduce(|best, other| if rate(other) > rate(best) { other } else { best });
        let Some(best) = best else { continue };
        // What did not change says what it said.
        let is_new = before != Some((best, many)) || at == best;
        before = Some((best, many));
        let is_told = |one: usize, other: usize| {
            one != other && standing(board[one], board[other], many) != Standing::Undecided
        };
        let of_best = judged.iter().any(|other| (is_new || *other == at) && is_told(*other, best));
        let of_parents =
            [at, at + 1].into_iter().any(|one| one > 0 && one < versions && is_told(one, one - 1));
        if of_best || of_parents {
            return true;
        }
    }
    false
}

fn share(cases: u64, is_so: impl Fn(u64) -> bool) -> f64 {
    let found = (0..cases).filter(|case| is_so(*case)).count();
    float(found) / float(usize::try_from(cases).unwrap())
}

fn board_error(versions: usize, decisions: usize, rate: f64, turn: Turn, cases: u64) -> f64 {
    let random = SplitMix64::new(21);
    share(cases, |case| board_errs(versions, decisions, rate, turn, random.fork(case)))
}

#[test]
fn equal_versions_are_rarely_said_to_differ_though_a_person_looks_after_each_decision() {
    for versions in [2, 4, 8] {
        for rate in [0.2, 0.5, 0.75, 0.9] {
            let error = board_error(versions, 200, rate, Turn::Any, 400);
            assert!(error <= 0.05, "{versions} versions of {rate}: {error}");
        }
    }
}

#[test]
fn neither_a_growing_board_nor_chosen_versions_make_it_wrong_more_often() {
    for (versions, decisions) in [(2, 400), (4, 240), (8, 480)] {
        for turn in [Turn::Growing, Turn::Raced] {
            let error = board_error(versions, decisions, 0.6, turn, 100);
            assert!(error <= 0.05, "{versions} versions, {turn:?}: {error}");
        }
    }
}

#[test]
fn one_look_is_not_enough_of_a_rule() {
    // The bounds of P(better) for one look, with a look after each decision: why there is another rule.
    let random = SplitMix64::new(21);
    let errs = |case: u64| {
        let mut random = random.fork(case);
        let mut board = [Acceptance::default(); 2];
        (0..200).any(|decision: usize| {
            decide(&mut board[decision % 2], random.unit() < 0.6);
            let of = super::Posterior::of;
            let better = of(board[1]).beats(of(board[0]));
            decision >= 20 && !(0.025..0.975).contains(&better)
        })
    };
    let error = share(200, errs);
    assert!(error > 0.15, "{error}");
}

/// Which counts of wins and losses tell, up to some pairs.
fn told(pairs: usize) -> Vec<Vec<bool>> {
    let row = |wins: usize| (0..=pairs - wins).map(|losses| tells(float(wins), float(losses))).collect();
    (0..=pairs).map(row).collect()
}

/// Returns exactly how often the left side is said to be better and worse within some pairs with a look after each.
fn pairs_say(told: &[Vec<bool>], left: f64, right: f64) -> (f64, f64) {
    let pairs = told.len() - 1;
    let (wins, losses) = (left * (1.0 - right), right * (1.0 - left));
    let mut chance = vec![vec![0.0; pairs + 1]; pairs + 1];
    chance[0][0] = 1.0;
    let (mut better, mut worse) = (0.0, 0.0);
    for pair in 0..pairs {
        // From the most wins down, so that each entry is read before it is added to.
        for w in (0..=pair).rev() {
            for l in (0..=pair - w).rev() {
                let now = std::mem::take(&mut chance[w][l]);
                if now > 0.0 {
                    chance[w][l] = now * (1.0 - wins - losses);
                    for (w, l, part) in [(w + 1, l, wins), (w, l + 1, losses)] {
                        match told[w][l] {
                            false => chance[w][l] += now * part,
                            true if w > l => better += now * part,
                            true => worse += now * part,
                        }
                    }
                }
            }
        }
    }
    (better, worse)
}

/// Returns how often simulated people are told that the left side is better and worse.
fn people_are_told(left: f64, right: f64, pairs: u32, told: &[Vec<bool>]) -> (f64, f64) {
    let random = SplitMix64::new(4);
    let outcome = |case: u64| {
        let mut random = random.fork(case);
        let (mut wins, mut losses) = (0_usize, 0_usize);
        for _ in 0..pairs {
            match (random.unit() < left, random.unit() < right) {
                (true, false) => wins += 1,
                (false, true) => losses += 1,
                _ => {}
            }
            if told[wins][losses] {
                return wins.cmp(&losses);
            }
        }
        std::cmp::Ordering::Equal
    };
    (share(400, |case| outcome(case).is_gt()), share(400, |case| outcome(case).is_lt()))
}

#[test]
fn pairs_tell_a_good_version_soon_and_equal_ones_rarely() {
    let sixty = told(60);
    let (exact, wrong) = pairs_say(&sixty, 0.8, 0.5);
    assert!(exact >= 0.78 && wrong < 1e-3, "{exact} {wrong}");
    let (better, _) = people_are_told(0.8, 0.5, 60, &sixty);
    assert!(better >= 0.75, "{better}");
    for rate in [0.5, 0.8] {
        let (better, worse) = people_are_told(rate, rate, 60, &sixty);
        assert!(better + worse <= 0.05, "{rate}: {better} {worse}");
        let (better, worse) = pairs_say(&sixty, rate, rate);
        assert!(better + worse <= 0.05 && (better - worse).abs() < 1e-9, "{rate}: {better} {worse}");
    }
    let many = told(300);
    let (better, worse) = people_are_told(0.5, 0.5, 300, &many);
    assert!(better + worse <= 0.05, "{better} {worse}");
}

#[test]
fn the_interval_of_pairs_holds_the_share_at_all_looks() {
    for share_of_wins in [0.5, 0.8, 0.95] {
        let random = SplitMix64::new(6);
        let misses = |case: u64| {
            let mut random = random.fork(case);
            let mut counts = PairCounts::default();
            (0..80).any(|_| {
                if random.unit() < share_of_wins {
                    counts.left += 1;
                } else {
                    counts.right += 1;
                }
                let interval = figures(counts).interval;
                !(interval.low..=interval.high).contains(&share_of_wins)
            })
        };
        let error = share(100, misses);
        assert!(error <= 0.05, "{share_of_wins}: {error}");
    }
}

/// Runs a race as the workbench does: rows come in batches of five, three batches wait in a shuffled queue.
fn race(rates: &[f64], budget: u32, is_equal: bool, seed: u64) -> (RaceState, Vec<Acceptance>) {
    let mut random = SplitMix64::new(seed);
    let mut sides = vec![Acceptance::default(); rates.len()];
    let mut queue: Vec<usize> = Vec::new();
    let mut batch = 0;
    loop {
        let found = state(&sides, budget);
        if found != RaceState::Racing {
            return (found, sides);
        }
        while queue.len() <= 10 {
            let turn = usize::try_from(batch).unwrap() % rates.len();
            let side = if is_equal { turn } else { next_side(&sides, seed, batch) };
            queue.extend([side; 5]);
            batch += 1;
        }
        let side = queue.swap_remove(random.below(queue.len()));
        decide(&mut sides[side], random.unit() < rates[side]);
    }
}

fn taken(sides: &[Acceptance]) -> f64 {
    sides.iter().map(|side| float(usize::try_from(side.decided()).unwrap())).sum()
}

/// Returns how often the first side is named, how often another one, and the mean decisions, of races.
fn races(rates: &[f64], budget: u32, is_equal: bool, count: u64) -> (f64, f64, f64) {
    let ends: Vec<_> = (0..count).map(|seed| race(rates, budget, is_equal, seed)).collect();
    let part = |is_so: &dyn Fn(RaceState) -> bool| {
        float(ends.iter().filter(|(end, _)| is_so(*end)).count()) / float(ends.len())
    };
    let first = part(&|end| end == RaceState::Best(0));
    let other = part(&|end| matches!(end, RaceState::Best(1..)));
    (first, other, ends.iter().map(|(_, sides)| taken(sides)).sum::<f64>() / float(ends.len()))
}

const FOUR: [f64; 4] = [0.75, 0.60, 0.55, 0.50];

#[test]
fn a_race_names_the_best_with_fewer_decisions_than_equal_shares_need() {
    let (right, _, raced) = races(&FOUR, 10_000, false, 300);
    let (_, _, equal) = races(&FOUR, 10_000, true, 300);
    assert!(right >= 0.95, "{right}");
    assert!(raced <= 0.8 * equal, "{raced} of {equal}");
}

#[test]
fn a_race_of_equal_versions_rarely_names_one() {
    for rate in [0.5, 0.6, 0.8] {
        let (first, other, _) = races(&[rate; 4], 600, false, 300);
        assert!(first + other <= 0.05, "{rate}: {first} {other}");
    }
    let (first, other, _) = races(&[0.7, 0.7], 600, false, 300);
    assert!(first + other <= 0.05, "two: {first} {other}");
}

#[test]
fn no_difference_is_rarely_said_of_versions_ten_points_apart() {
    let ends = (0..100).map(|seed| race(&[0.7, 0.6], 4_000, false, seed).0);
    let wrong = ends.filter(|end| *end == RaceState::NoDifference).count();
    assert!(wrong <= 5, "{wrong}");
    let ends = (0..20).map(|seed| race(&[0.7, 0.7], 6_000, false, seed).0);
    assert!(ends.filter(|end| *end == RaceState::NoDifference).count() >= 15, "equal ones end so");
}

#[test]
fn what_a_race_is_said_to_save_is_about_what_it_saves() {
    let said: Vec<f64> = (0..40)
        .filter_map(|seed| saved(&race(&FOUR, 10_000, false, seed).1, seed))
        .map(|saved| f64::from(saved.equal))
        .collect();
    assert!(said.len() >= 38);
    let mean = said.iter().sum::<f64>() / float(said.len());
    let (_, _, equal) = races(&FOUR, 10_000, true, 60);
    assert!((0.6..1.4).contains(&(mean / equal)), "{mean} of {equal}");
}

#[test]
#[ignore = "it takes minutes, and asserts nothing: it prints a table"]
#[expect(clippy::print_stdout, reason = "it is what the test is for")]
fn figures_of_the_rules() {
    println!("wrong of equal versions on the scoreboard, a look after each decision, 2,000 cases");
    for (versions, decisions, turn) in [
        (2, 200, Turn::Any),
        (4, 200, Turn::Any),
        (8, 200, Turn::Any),
        (2, 2_000, Turn::Any),
        (8, 1_600, Turn::Any),
        (4, 800, Turn::Growing),
        (8, 1_600, Turn::Growing),
        (8, 1_600, Turn::Raced),
    ] {
        let of = |rate| 100.0 * board_error(versions, decisions, rate, turn, 2_000);
        println!("{versions} {decisions} {turn:?} {:.1?} %", [0.2, 0.5, 0.75, 0.9].map(of));
    }
    println!("pairs, exact: better, worse");
    for pairs in [30, 60, 100, 300] {
        let told = told(pairs);
        for (left, right) in [(0.8, 0.5), (0.7, 0.5), (0.7, 0.6), (0.5, 0.5), (0.8, 0.8)] {
            println!("{pairs} {left} {right} {:.3?}", pairs_say(&told, left, right));
        }
    }
    println!("races: first named, another named, mean decisions; then with equal shares");
    for (rates, budget) in [
        (FOUR.to_vec(), 10_000),
        (vec![0.8, 0.5], 10_000),
        (vec![0.7, 0.6], 10_000),
        (vec![0.7, 0.55, 0.55, 0.55, 0.55, 0.55, 0.55, 0.55], 10_000),
        (vec![0.5; 4], 600),
        (vec![0.6; 4], 600),
        (vec![0.8; 4], 600),
        (vec![0.6; 2], 600),
        (vec![0.6; 2], 6_000),
    ] {
        let of = |is_equal| races(&rates, budget, is_equal, 1_000);
        println!("{rates:?} {budget} {:.3?} {:.3?}", of(false), of(true));
    }
}
