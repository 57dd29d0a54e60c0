//! How new a row is beside the rows that were there before.

/// Returns how new a text is, 0 to 1, from its similarity to the nearest other text.
///
/// It is one minus the greatest Jaccard similarity; without anything similar it is 1.
#[must_use]
pub fn novelty(nearest: Option<f64>) -> f64 {
    (1.0 - nearest.unwrap_or(0.0)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_no_novelty_and_a_text_like_no_other_has_all() {
        assert!(novelty(Some(1.0)).abs() < 1e-12);
        assert!((novelty(Some(0.19)) - 0.81).abs() < 1e-12);
        assert!((novelty(None) - 1.0).abs() < 1e-12);
    }
}
