//! How varied rows are, and how near to real ones, in figures.
//!
//! Figures only; how they come about is written in `docs/metrics.md`. Each stands beside what as many real rows have, since
//! most of them change with the number of rows. Shares are from 0 to 1.

use serde::Serialize;

/// A figure of diversity or distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Figure {
    /// The share of words that are different.
    #[serde(rename = "distinct-1")]
    Distinct1,
    /// The share of pairs of words that are different.
    #[serde(rename = "distinct-2")]
    Distinct2,
    /// The sum of these shares for runs of one to four words, 0 to 4.
    NgramDiversity,
    /// How much a row is made of runs of words of the others.
    #[serde(rename = "self-bleu-4")]
    SelfBleu,
    /// Bytes for each byte that gzip makes of them.
    CompressionRatio,
    /// How often runs of four words come in several rows, from 0 up.
    SelfRepetition,
    /// The share of rows with a near-duplicate among the others.
    NearDuplicates,
    /// To how many entirely different rows they amount, 1 up.
    Vendi,
    /// The share of rows that vary a real row: ROUGE-L above 0.7.
    Variations,
    /// The Jensen-Shannon divergence of the words from those of real rows, in bits.
    Jsd,
    /// The Jaccard index of both vocabularies.
    TypeJaccard,
    /// The share of words that no real row has.
    OovRate,
    /// The share of the real rows' vocabulary that the rows have.
    Coverage,
    /// The greatest distance between the distributions of lengths in words.
    LengthDistance,
}

/// On which side of its range a figure says that something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// Below it.
    Low,
    /// Above it.
    High,
}

impl Figure {
    /// All figures, in the order in which they are shown.
    pub const ALL: [Self; 14] = [
        Self::Distinct1,
        Self::Distinct2,
        Self::NgramDiversity,
        Self::SelfBleu,
        Self::CompressionRatio,
        Self::SelfRepetition,
        Self::NearDuplicates,
        Self::Vendi,
        Self::Variations,
        Self::Jsd,
        Self::TypeJaccard,
        Self::OovRate,
        Self::Coverage,
        Self::LengthDistance,
    ];

    /// Returns the figure's name, as it is printed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Distinct1 => "distinct-1",
            Self::Distinct2 => "distinct-2",
            Self::NgramDiversity => "ngram-diversity",
            Self::SelfBleu => "self-bleu-4",
            Self::CompressionRatio => "compression-ratio",
            Self::SelfRepetition => "self-repetition",
            Self::NearDuplicates => "near-duplicates",
            Self::Vendi => "vendi",
            Self::Variations => "variations",
            Self::Jsd => "jsd",
            Self::TypeJaccard => "type-jaccard",
            Self::OovRate => "oov-rate",
            Self::Coverage => "coverage",
            Self::LengthDistance => "length-distance",
        }
    }

    /// Returns what the figure has on short texts that people wrote, where that is known.
    #[must_use]
    pub const fn typical(self) -> Option<Range> {
        match self {
            Self::Distinct2 => Some(Range { low: 0.79, high: 0.88 }),
            Self::SelfBleu => Some(Range { low: 0.05, high: 0.12 }),
            Self::CompressionRatio => Some(Range { low: 2.0, high: 2.4 }),
            Self::NearDuplicates => Some(Range { low: 0.0, high: 0.0 }),
            Self::Jsd => Some(Range { low: 0.11, high: 0.18 }),
            _ => None,
        }
    }

    /// Returns on which side of its range the figure says that something is wrong.
    #[must_use]
    pub const fn concern(self) -> Concern {
        match self {
            Self::Distinct1
            | Self::Distinct2
            | Self::NgramDiversity
            | Self::Vendi
            | Self::TypeJaccard
            | Self::Coverage => Concern::Low,
            Self::SelfBleu
            | Self::CompressionRatio
            | Self::SelfRepetition
            | Self::NearDuplicates
            | Self::Variations
            | Self::Jsd
            | Self::OovRate
            | Self::LengthDistance => Concern::High,
        }
    }
}

/// A range of values, both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// One figure of some rows, with what to judge it by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// The figure.
    pub figure: Figure,
    /// Its value on the rows that are compared; `None` where they have no word.
    pub value: Option<f64>,
    /// Its value on all rows of the group, where fewer are compared and it needs no real rows.
    pub all: Option<f64>,
    /// Its value on as many real rows, against other real rows where it compares; `None` where there are too few.
    pub real: Option<f64>,
    /// What it has on short texts that people wrote, where that is known.
    pub typical: Option<Range>,
    /// The value from which on it says that something is wrong; `None` where there is nothing to compare with.
    pub limit: Option<f64>,
    /// What is wrong and what to try, where the value is beyond its limit.
    pub sentence: Option<String>,
}

/// How long texts are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LengthFigures {
    /// The mean.
    pub mean: f64,
    /// The median.
    pub median: f64,
    /// The standard deviation (n − 1).
    pub sd: f64,
    /// The fifth percentile.
    pub p05: f64,
    /// The 95th percentile.
    pub p95: f64,
}

/// Lengths in words and in characters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Lengths {
    /// In words.
    pub words: LengthFigures,
    /// In characters.
    pub chars: LengthFigures,
}

/// The test of Kolmogorov and Smirnov on lengths in words.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LengthTest {
    /// The greatest distance of the two cumulative distributions, 0 to 1.
    pub statistic: f64,
    /// The two-sided p value.
    pub p: f64,
}

/// The words of texts against those of reference texts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VocabularyFigures {
    /// The Jensen-Shannon divergence, 0 to 1 bit.
    pub jsd: f64,
    /// The Jaccard index of the different words.
    pub type_jaccard: f64,
    /// The share of the texts' words that the reference has not.
    pub oov_rate: f64,
    /// The share of the reference's different words that the texts have.
    pub coverage: f64,
}

/// A word that rows use more or less often than real rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OtherUse {
    /// The word, in lower case.
    pub word: String,
    /// How often it comes in the rows.
    pub rows: u64,
    /// How often it comes in the real rows.
    pub real: u64,
    /// The log-odds ratio over its standard deviation: above 0 where the rows use it more often.
    pub z: f64,
}

/// How many rows have which length in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LengthHistogram {
    /// The words from which on each bin counts, ascending; a bin ends before the next, and the last has no end.
    pub starts: Vec<u64>,
    /// The rows of the group in each bin.
    pub rows: Vec<u64>,
    /// The known real rows in each bin.
    pub real: Vec<u64>,
}

/// What is measured of enough rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupFigures {
    /// How many rows the figures that are compared have on each side.
    pub compared: u64,
    /// The figures, in the order of [`Figure::ALL`].
    pub figures: Vec<Measured>,
    /// The lengths of all rows of the group.
    pub lengths: Option<Lengths>,
    /// Whether the lengths of all rows may come from the distribution of all known real ones.
    pub length_test: Option<LengthTest>,
    /// How many rows have which length.
    pub histogram: LengthHistogram,
    /// Words that the rows use more often than real rows, the most marked first.
    pub more_often: Vec<OtherUse>,
    /// Words that they use less often.
    pub less_often: Vec<OtherUse>,
}

/// Some rows of the target: accepted ones, pending ones, those of a version.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct GroupDiversity {
    /// `accepted`, `pending`, the accepted rows of a version as `v3`, or `NAME@v3` where there are several prompts, or the
    /// accepted rows that were `imported`.
    pub group: String,
    /// How many rows it has.
    pub rows: u64,
    /// Its figures; `None` where it has too few rows.
    #[serde(flatten)]
    pub measured: Option<GroupFigures>,
    /// Why figures or references are missing.
    pub remark: Option<String>,
}

/// How varied the rows of a session are, beside its known real rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Diversity {
    /// The session.
    pub session: String,
    /// The label whose rows are measured.
    pub target: String,
    /// The known real rows: the target's train rows.
    pub real_rows: u64,
    /// Their lengths.
    pub real_lengths: Option<Lengths>,
    /// Accepted and pending rows of other labels, which are left out.
    pub other_labels: u64,
    /// The accepted rows, the pending rows, and each version's accepted rows.
    pub groups: Vec<GroupDiversity>,
}
