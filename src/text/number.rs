//! Numbers as people read them.

/// Returns a number with commas between its thousands: `1,234`.
#[must_use]
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut apart = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_cut_into_thousands() {
        assert_eq!(
            [0, 7, 999, 1_000, 4_827, 500_000, 1_234_567].map(thousands),
            ["0", "7", "999", "1,000", "4,827", "500,000", "1,234,567"]
        );
    }
}
