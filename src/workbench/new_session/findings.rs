//! What a new session's dataset is like: bounds, masks, and remarks for the person.

use super::NewOrder;
use crate::curate::remarks::{masks as masks_of, may_be_refusal};
use crate::dataset::findings::{RowNames, Used, findings, joined, row_name, rows, spelled, unused};
use crate::dataset::{Dataset, Format, Look, RealRow};
use crate::text::thousands;

/// The most rows that a sentence names.
const NAMED: usize = 3;
/// The most masks that the first prompt names.
const MASKS: usize = 8;
/// How many rows of other labels are looked through for answers of models. Rows of the target always are, since they
/// become examples.
const LOOKED_THROUGH: usize = 100_000;
/// With fewer rows the shortest and the longest are a chance, so the bounds are set wider.
const FEW: usize = 100;

/// Returns the remarks on a dataset, in the order in which they are told.
pub(super) fn remarks(
    look: Option<&Look>,
    dataset: &Dataset,
    order: &NewOrder<'_>,
    masks: &[String],
) -> Vec<String> {
    let NewOrder { text, label, id, split, .. } = *order;
    let unused = look.map(|look| unused(look, &Used { text, label, id, split })).unwrap_or_default();
    let names = match look.map(|look| look.format) {
        _ if id.is_some() => RowNames::Ids,
        Some(Format::JsonItems | Format::Parquet | Format::Folder) => RowNames::Items,
        _ => RowNames::Lines,
    };
    let has_split = split.is_some_and(|split| split != super::NO_SPLIT);
    let findings = findings(dataset, order.target, names, has_split);
    let reading = dataset.remarks().to_vec();
    [
        reading,
        unused,
        findings,
        artefacts(dataset, order.target, names).into_iter().chain(masked(masks)).collect(),
    ]
    .concat()
}

/// Returns the sentence about texts in which a model declines to write.
fn artefacts(dataset: &Dataset, target: &str, names: RowNames) -> Option<String> {
    let mut left = LOOKED_THROUGH;
    let is_looked_at = |row: &RealRow<'_>| {
        let is_target = row.label == target;
        let is_taken = is_target || left > 0;
        left -= usize::from(!is_target && is_taken);
        is_taken
    };
    let found: Vec<_> = dataset.rows().filter(is_looked_at).filter(|row| may_be_refusal(row.text)).collect();
    let name = |row| format!("{} ({})", row_name(row, names), spelled(row.text));
    let shown = found.iter().take(NAMED).map(name).collect();
    let others = dataset.known_len() - dataset.counts_of(target).total();
    let of = if others > LOOKED_THROUGH {
        format!(
            " (of the rows of other labels, the first {} were looked through)",
            thousands(LOOKED_THROUGH as u64)
        )
    } else {
        String::new()
    };
    (!found.is_empty()).then(|| {
        format!(
            "{} {} like the answer of a model that declines{of}: {}. Such rows would be examples as all others; take \
             them out of the file if nobody wrote them.",
            rows(found.len()),
            if found.len() == 1 { "reads" } else { "read" },
            joined(shown, found.len().saturating_sub(NAMED))
        )
    })
}

fn masked(masks: &[String]) -> Option<String> {
    (!masks.is_empty()).then(|| {
        let names = masks.iter().map(|mask| spelled(mask)).collect();
        format!("The texts have masks ({}); the first prompt allows them.", joined(names, 0))
    })
}

/// Returns the masks of a label's train rows, the most frequent first.
pub(super) fn masks(dataset: &Dataset, label: &str) -> Vec<String> {
    let texts = dataset.train_of(label).iter().map(|row| dataset.text(*row));
    masks_of(texts).into_iter().take(MASKS).collect()
}

/// Returns bounds of the length in characters that nearly all train rows of a label meet: of each hundred at
/// most one is shorter, and one longer.
pub(super) fn lengths(dataset: &Dataset, label: &str) -> Option<(u32, u32)> {
    let mut chars: Vec<u32> = dataset
        .train_of(label)
        .iter()
        .map(|row| u32::try_from(dataset.text(*row).chars().count()).unwrap_or(u32::MAX))
        .collect();
    chars.sort_unstable();
    let outside = chars.len() / 100;
    let shortest = *chars.get(outside)?;
    let longest = *chars.iter().rev().nth(outside)?;
    let (least, most) = if chars.len() < FEW {
        (shortest / 4 * 3, longest.saturating_add(longest / 3))
    } else {
        (shortest, longest)
    };
    let (down, up) = (step(least), step(most));
    Some(((least / down * down).max(1), most.div_ceil(up).saturating_mul(up)))
}

/// Returns the unit to which a length is rounded, about a twentieth of it.
const fn step(chars: u32) -> u32 {
    match chars {
        0..20 => 1,
        20..100 => 5,
        100..1_000 => 10,
        _ => 100,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Source, SplitRule};

    fn dataset(texts: &[String]) -> Dataset {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("d.csv");
        let line = |text: &String| format!("{text},cancel\n");
        let lines: String = texts.iter().map(line).collect();
        std::fs::write(&file, format!("text,label\n{lines}")).unwrap();
        let source = Source::new(&file, "text", "label");
        Dataset::load(&source, &SplitRule::new(0.2, 1).unwrap(), None).unwrap()
    }

    #[test]
    fn the_bounds_are_met_by_nearly_all_real_rows_and_are_round() {
        for (count, longest) in [(1, 40), (2, 90), (24, 200), (130, 700), (2_000, 3_000)] {
            let text = |n: usize| format!("{n:04}{}", "x".repeat(7 + n * n % longest));
            let texts: Vec<String> = (0..count).map(text).collect();
            let dataset = dataset(&texts);

            let (least, most) = lengths(&dataset, "cancel").unwrap();

            let train: Vec<usize> =
                dataset.train_of("cancel").iter().map(|row| dataset.text(*row).chars().count()).collect();
            let outside =
                train.iter().filter(|chars| !(least as usize..=most as usize).contains(chars)).count();
            assert!(outside * 50 <= train.len(), "{outside} of {} are not in {least}..={most}", train.len());
            assert!(most < 100 && (least < 20 || least % 5 == 0) || most % 10 == 0, "{least} {most}");
        }
        assert_eq!(lengths(&dataset(&["a".to_owned()]), "other"), None);
    }

    #[test]
    fn a_single_far_outlier_does_not_stretch_the_bounds_of_many_rows() {
        let mut texts: Vec<String> = (0..1_000).map(|n| format!("message number {n:04}")).collect();
        texts.push("x".repeat(50_000));
        let (least, most) = lengths(&dataset(&texts), "cancel").unwrap();
        assert!(least <= 19 && most < 100, "{least} {most}");
    }

    #[test]
    fn answers_of_models_are_told_by_line() {
        let mut texts: Vec<String> = (0..30).map(|n| format!("I want to leave number {n}")).collect();
        assert_eq!(artefacts(&dataset(&texts), "cancel", RowNames::Lines), None);
        texts[4] = "I'm sorry; I can't assist with that request.".to_owned();
        texts[7] = "I am sorry; I cannot translate this message for you.".to_owned();
        let said = artefacts(&dataset(&texts), "cancel", RowNames::Lines).unwrap();
        assert!(said.starts_with("2 rows read like the answer of a model that declines: line 6 ("), "{said}");
        assert!(said.contains("and line 9 (`I am sorry; I cannot translate"), "{said}");
    }
}
