//! The lines of the form: their names and their meaning.

/// One line of the form of a comparison.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CompareField {
    /// The version of the first side.
    #[default]
    VersionA,
    /// Whose settings the first side is sampled with.
    ProfileA,
    /// The model of the first side.
    ModelA,
    /// The temperature of the first side.
    TemperatureA,
    /// The version of the second side.
    VersionB,
    /// Whose settings the second side is sampled with.
    ProfileB,
    /// The model of the second side.
    ModelB,
    /// The temperature of the second side.
    TemperatureB,
    /// How many pairs.
    Pairs,
    /// What is drawn from.
    Seed,
    /// Whether it is hidden which side a row comes from.
    Blind,
    /// The button that begins the comparison.
    Start,
}

impl CompareField {
    /// All lines, from the top down.
    pub const ALL: [Self; 12] = [
        Self::VersionA,
        Self::ProfileA,
        Self::ModelA,
        Self::TemperatureA,
        Self::VersionB,
        Self::ProfileB,
        Self::ModelB,
        Self::TemperatureB,
        Self::Pairs,
        Self::Seed,
        Self::Blind,
        Self::Start,
    ];

    /// The lines with a text that is typed.
    pub const TYPED: [Self; 6] =
        [Self::ModelA, Self::TemperatureA, Self::ModelB, Self::TemperatureB, Self::Pairs, Self::Seed];

    /// Returns the label before the value.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::VersionA => "version A",
            Self::VersionB => "version B",
            Self::ProfileA | Self::ProfileB => "  profile",
            Self::ModelA | Self::ModelB => "  model",
            Self::TemperatureA | Self::TemperatureB => "  temperature",
            Self::Pairs => "pairs",
            Self::Seed => "seed",
            Self::Blind => "blind",
            Self::Start => "",
        }
    }

    /// Returns whether its value is typed.
    #[must_use]
    pub fn is_typed(self) -> bool {
        Self::TYPED.contains(&self)
    }

    /// Returns the side that the line is about, 0 or 1.
    #[must_use]
    pub const fn side(self) -> Option<usize> {
        match self {
            Self::VersionA | Self::ProfileA | Self::ModelA | Self::TemperatureA => Some(0),
            Self::VersionB | Self::ProfileB | Self::ModelB | Self::TemperatureB => Some(1),
            Self::Pairs | Self::Seed | Self::Blind | Self::Start => None,
        }
    }

    /// Returns whether a gap stands before it.
    #[must_use]
    pub const fn begins_group(self) -> bool {
        matches!(self, Self::VersionB | Self::Pairs | Self::Start)
    }

    /// Returns what the line means, in a sentence or two.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::VersionA => "The version that is compared.",
            Self::VersionB => {
                "What it is compared with: another version, or the same one on another model or at another temperature."
            }
            Self::ProfileA | Self::ProfileB => {
                "Whose settings this side is sampled with: those of the next sample, or a profile's."
            }
            Self::ModelA | Self::ModelB => "The model; empty takes that of the profile.",
            Self::TemperatureA | Self::TemperatureB => "The temperature; empty takes that of the profile.",
            Self::Pairs => "How many rows each side writes, which are shown in pairs.",
            Self::Seed => {
                "What examples, variables and the order are drawn from: both sides get the same. Empty takes the next one."
            }
            Self::Blind => {
                "Hides and shuffles which row is whose, here and everywhere, until the comparison ends."
            }
            Self::Start => {
                "Samples both sides, one after the other. Each may use up half of the budget of the settings."
            }
        }
    }
}
