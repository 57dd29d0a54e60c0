//! Functions that distributions are made of.

/// Returns ln Γ(x) for x > 0, exact to about 15 digits (Lanczos 1964, g = 7).
pub(super) fn ln_gamma(x: f64) -> f64 {
    const FIRST: f64 = 0.999_999_999_999_809_9;
    const SERIES: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let terms = SERIES.iter().zip(1..).map(|(factor, place)| factor / (x + f64::from(place)));
    let sum = FIRST + terms.sum::<f64>();
    let t = x + 7.5;
    0.5 * std::f64::consts::TAU.ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// Returns ln B(a, b) for a, b > 0.
pub(super) fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// Returns the regularised incomplete beta function `I_x(a, b)`: the share of Beta(a, b) below x, for x from 0 to 1.
///
/// It is a continued fraction (Abramowitz and Stegun 26.5.8), evaluated after Lentz (1976).
pub(super) fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let factor = (a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b)).exp();
    // The fraction converges quickly on this side of the mean.
    if x < (a + 1.0) / (a + b + 2.0) {
        factor * fraction(x, a, b) / a
    } else {
        1.0 - factor * fraction(1.0 - x, b, a) / b
    }
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let kept = |number: f64| if number.abs() < TINY { TINY } else { number };
    let mut above = 1.0;
    let mut below = 1.0 / kept(1.0 - (a + b) * x / (a + 1.0));
    let mut value = below;
    for term in 1..500 {
        let term = f64::from(term);
        let even = term * (b - term) * x / ((a + 2.0 * term - 1.0) * (a + 2.0 * term));
        let odd = -(a + term) * (a + b + term) * x / ((a + 2.0 * term) * (a + 2.0 * term + 1.0));
        let mut change = 1.0;
        for part in [even, odd] {
            below = 1.0 / kept(1.0 + part * below);
            above = kept(1.0 + part / above);
            change = above * below;
            value *= change;
        }
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

/// Returns where Beta(a, b) has the share `share` below it, by halving.
pub(super) fn beta_quantile(share: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if incomplete_beta(middle, a, b) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gamma_function_of_whole_numbers_is_a_factorial() {
        for (n, factorial) in [(1.0, 1.0), (2.0, 1.0), (5.0, 24.0), (11.0, 3_628_800.0_f64)] {
            assert!((ln_gamma(n) - factorial.ln()).abs() < 1e-13, "{n}");
        }
        assert!((ln_gamma(0.5) - 0.5 * std::f64::consts::PI.ln()).abs() < 1e-13);
    }

    #[test]
    fn shares_of_a_beta_distribution_and_its_quantiles_agree() {
        assert!((incomplete_beta(0.3, 1.0, 1.0) - 0.3).abs() < 1e-14);
        assert!((incomplete_beta(0.5, 7.0, 7.0) - 0.5).abs() < 1e-14);
        // 1 − (1 − x)^b for a = 1.
        assert!((incomplete_beta(0.2, 1.0, 4.0) - (1.0 - 0.8_f64.powi(4))).abs() < 1e-14);
        for share in [0.025, 0.4, 0.975] {
            assert!((incomplete_beta(beta_quantile(share, 8.0, 4.0), 8.0, 4.0) - share).abs() < 1e-13);
        }
    }
}
