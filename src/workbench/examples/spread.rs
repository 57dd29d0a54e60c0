//! Examples that differ: k-centre on the cosine of TF-IDF.
//!
//! The first row is drawn; each further one is the row that is farthest from all that are drawn before it (Gonzalez
//! 1985). Its rows are the label's train rows, and of a large label a sample by seed, so that a draw takes the same time
//! whatever the size of the dataset.

use std::collections::HashSet;

use crate::classify::{Corpus, Features};
use crate::dataset::Dataset;
use crate::text::{SplitMix64, Stop, Stopped};

/// The most rows that are compared.
const MOST: usize = 2000;

/// The train rows of a label as vectors.
#[derive(Debug)]
pub(super) struct Spread {
    /// The rows, as indexes of the dataset.
    rows: Vec<u32>,
    /// The entries of each row's vector: column and value.
    vectors: Vec<Vec<(u32, f64)>>,
    /// The number of columns.
    width: usize,
}

impl Spread {
    /// Takes the train rows of a label, or a sample of them by seed. Rows without a word are never drawn.
    pub(super) fn of(dataset: &Dataset, label: &str, seed: u64, stop: &Stop) -> Result<Self, Stopped> {
        let mut rows = dataset.train_of(label).to_vec();
        if rows.len() > MOST {
            SplitMix64::new(seed).shuffle(&mut rows);
            rows.truncate(MOST);
            rows.sort_unstable();
        }
        stop.check()?;
        let texts: Vec<&str> = rows.iter().map(|row| dataset.text(*row)).collect();
        let corpus = Corpus::new(&texts);
        stop.check()?;
        let places: Vec<u32> = (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect();
        let features = Features::fit(&corpus, &places);
        let matrix = features.rows(&corpus, &places);
        let entry = |(column, value)| (u32::try_from(column).unwrap_or(u32::MAX), value);
        let vectors = matrix.iter().map(|row| row.map(entry).collect::<Vec<_>>());
        let (rows, vectors) = rows.into_iter().zip(vectors).filter(|(_, vector)| !vector.is_empty()).unzip();
        Ok(Self { rows, vectors, width: features.len() })
    }

    /// Draws rows, none twice; fewer where there are fewer.
    pub(super) fn draw(&self, wanted: usize, random: &mut SplitMix64) -> Vec<u32> {
        let count = self.rows.len();
        if wanted == 0 || count == 0 {
            return Vec::new();
        }
        // Many short texts share no word with any other and are all equally far: which of them comes first is drawn too.
        let (mut place, first) = (random.below(count), random.below(count));
        let mut nearest = vec![f64::NEG_INFINITY; count];
        let mut centre = vec![0.0; self.width];
        let mut drawn = Vec::with_capacity(wanted.min(count));
        let mut known = HashSet::new();
        while drawn.len() < wanted.min(count) {
            drawn.push(self.rows[place]);
            known.insert(place);
            self.vectors[place].iter().for_each(|&(column, value)| centre[column as usize] = value);
            for (vector, nearest) in self.vectors.iter().zip(&mut nearest) {
                let cosine: f64 = vector.iter().map(|&(column, value)| value * centre[column as usize]).sum();
                *nearest = nearest.max(cosine);
            }
            self.vectors[place].iter().for_each(|&(column, _)| centre[column as usize] = 0.0);
            let others = (0..count).map(|step| (first + step) % count).filter(|at| !known.contains(at));
            // Of equally far rows the first one is taken.
            let Some(next) = others.reduce(|best, at| if nearest[at] < nearest[best] { at } else { best })
            else {
                break;
            };
            place = next;
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::tests::TestSession;

    fn session(texts: &[&str]) -> TestSession {
        let rows = texts.iter().enumerate().map(|(at, text)| format!("s{at},train,spam,{text}\n"));
        TestSession::of(
            &format!(
                "id,split,label,text\nt,test,spam,held out\nh,train,ham,see you\n{}",
                rows.collect::<String>()
            ),
            "spam",
            "",
        )
    }

    #[test]
    fn rows_of_different_kinds_are_drawn_whatever_row_comes_first() {
        let texts = [
            "win a cash prize now",
            "win a cash prize today",
            "win the cash prize now",
            "win that cash prize soon",
            "your parcel waits at our depot",
            "your parcel waits at the depot",
            "renew your bank card online",
            "renew the bank card online",
        ];
        let session = session(&texts);
        let dataset = session.bench.dataset();
        let spread = Spread::of(dataset, "spam", 7, &Stop::never()).unwrap();

        for seed in 0..50 {
            let drawn = spread.draw(3, &mut SplitMix64::new(seed));

            let kinds: HashSet<&str> =
                drawn.iter().filter_map(|row| dataset.text(*row).split_whitespace().last()).collect();
            let is_prize = |row: &&u32| dataset.text(**row).contains("prize");
            assert_eq!((drawn.len(), drawn.iter().filter(is_prize).count()), (3, 1), "{kinds:?}");
        }
        let starts: HashSet<u32> =
            (0..50).filter_map(|seed| spread.draw(1, &mut SplitMix64::new(seed)).first().copied()).collect();
        assert!(starts.len() > 4, "the first row is drawn: {starts:?}");
    }

    #[test]
    fn no_row_is_drawn_twice_and_all_are_drawn_where_all_are_wanted() {
        let session = session(&["win cash", "win cash", "a parcel waits", "?!"]);
        let spread = Spread::of(session.bench.dataset(), "spam", 7, &Stop::never()).unwrap();

        let drawn = spread.draw(9, &mut SplitMix64::new(1));

        assert_eq!(drawn.len(), 3, "the one without a word is left out");
        assert_eq!(drawn.iter().collect::<HashSet<_>>().len(), 3);
        assert_eq!(drawn, spread.draw(9, &mut SplitMix64::new(1)), "equal seeds draw equally");
    }
}
