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

/// Returns a count with its noun: `1 row`, `2,000 rows`.
#[must_use]
pub(crate) fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", thousands(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_agrees_with_its_noun() {
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(counted(4_827, "row"), "4,827 rows");
    }

    #[test]
    fn numbers_are_cut_into_thousands() {
        assert_eq!(
            [0, 7, 999, 1_000, 4_827, 500_000, 1_234_567].map(thousands),
            ["0", "7", "999", "1,000", "4,827", "500,000", "1,234,567"]
        );
    }
}
