//! Work that takes time: what it is, and how far it is.

/// A job's number, never given twice while the program runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Rows are sampled.
    Sample,
    /// Flags are computed again, because the dataset changed.
    Flags,
    /// Accepted rows are written to a file.
    Export,
}

/// How far a job is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// What is done.
    pub done: u64,
    /// What there is to do.
    pub total: u64,
    /// One short remark.
    pub note: String,
}
