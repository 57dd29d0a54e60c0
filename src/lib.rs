//! Rowsmith, a terminal workbench for prompt engineering and synthetic data.
//!
//! The rooms stand on floors, and a room uses only floors below its own; the
//! architecture test holds that. `ARCHITECTURE.md` draws the house.

mod app;
mod batch;
mod caught;
mod classify;
mod cli;
mod config;
mod curate;
mod dataset;
mod domain;
mod engine;
mod export;
mod files;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod generate;
mod import;
mod measure;
mod own_files;
mod parallel;
mod runtime;
mod store;
mod table;
mod template;
mod text;
mod ui;
mod workbench;

/// What the binary, the benches and the integration tests use. All else is private to the crate, so that the compiler
/// finds what nobody uses any more.
pub mod api {
    pub use crate::app::{DatasetFacts, Effect, Keymap, LabelRows, Message, Model, Opened, guide};
    pub use crate::cli::main;
    pub use crate::config::{Allowances, SessionScreen, bundled, session_file};
    pub use crate::curate::{Filter, Near, NewHidden, Sort, VariableNames, search, view};
    pub use crate::domain::{
        Budget, Change, Draft, Event, ExchangeMessage, Fact, FailureGroup, Fields, Flag, FlagKind,
        GeneratorInfo, GeneratorSettings, NewRow, OperationId, Parameter, Projection, PromptContent,
        Provider, Rating, Request, RequestNumber, Role, RowId, RowNumber, RowSet, Run, RunNumber, RunOrder,
        RunStatus, Saved, Schema, Scores, Stored, Timestamp, Tokens, Version, VersionId,
    };
    pub use crate::domain::{Concern, Figure, GroupFigures, LengthFigures, Measured, VocabularyFigures};
    pub use crate::engine::{RunContext, RunEvent, Snapshots, Start, TransportOptions, Writer, clock, start};
    pub use crate::generate::schema::reply_schema;
    pub use crate::generate::{
        Delivery, GenerateEvent, GenerateRequest, Generator, GeneratorError, ProviderGenerator,
        ProviderOptions, Recorder, Recording, ReplyEnd, Support, Tail, Timeouts,
    };
    pub use crate::measure::{
        Acceptance, Cut, KolmogorovSmirnov, MinHash, Pool, Prepared, RougeL, Texts, VARIATION, WordNumbers,
        WordRows, candidate_probability, compare, compare_words, compression_ratio, distinct_n,
        estimated_similarity, kolmogorov_smirnov, length_figures, ngram_diversity, rouge_l, self_bleu,
        self_repetition, vendi,
    };
    pub use crate::runtime::terminal::{Screen, guard_panics};
    pub use crate::store::{
        Disk, Owner, OwnerError, Reader, RepairOutcome, RepairReport, Settings as StoreSettings, SledReport,
        Store, StoreError, panics_are_caught, repair, verify,
    };
    pub use crate::text::{
        IndexedText, NEAR_DUPLICATE, NearIndex, Shingles, SplitMix64, Stop, Stopped, TextHash, TextIndex,
        fnv1a64, jaccard, normalise, words,
    };
    pub use crate::ui::{Theme, draw};
    pub use crate::workbench::{
        Location, NewOrder, PreviewRenderer, PromptSource, Workbench, nearest_real, new_session,
    };

    /// Classifiers of texts.
    pub mod classify {
        pub use crate::classify::{Corpus, Features, FitOptions, Matrix, Model, Scores, multinomial_nb};
        pub use crate::domain::Classifier;
    }

    /// Versions that are compared.
    pub mod laboratory {
        pub use crate::domain::{Against, ScoreLine, Scoreboard, Standing};
        pub use crate::measure::pairs::{PairCounts, PairFigures, figures};
        pub use crate::measure::race::{RaceState, Saved, next_side, saved, state};
        pub use crate::measure::{TextFigures, decisions_ahead, scoreboard, standing};
    }

    /// Figures of classifiers, of decisions and of seeds.
    pub mod measure {
        pub use crate::domain::{Arm, Interval, Spread, Verdict};
        pub use crate::measure::{
            ArmMean, ArmScores, Decision, PairedT, Posterior, REPLICATES, Ranking, Report, SignedRanks,
            Threshold, bootstrap, brier, decide, holm, mcnemar, percentile, sign_test, spread,
        };
    }
}
