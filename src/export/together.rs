//! Writes rows that are made one by one, on all cores, in their order.

use std::io::Write;

use super::error::ExportError;
use super::file::{Export, ExportRow, outgoing};
use super::format::ExportProgress;
use super::record::LabelValues;
use super::shape::{Alone, Part};
use crate::parallel;

/// How many rows are made between two looks at whether to stop.
const TOGETHER: usize = 16 * SHARE;
/// How many of them one core makes at once.
const SHARE: usize = 1024;

impl Export<'_> {
    /// Writes rows of which `alone` makes each by itself; `before` were written already, and there are `total` in all.
    pub(super) fn write_together(
        &self,
        alone: &(dyn Alone + Sync),
        rows: &[&(ExportRow<'_>, Option<Part>)],
        (before, total): (u64, u64),
        out: &mut dyn Write,
    ) -> Result<(), ExportError> {
        let labels = self.context.label_values;
        let made = |rows: &&[&(ExportRow<'_>, Option<Part>)]| {
            let mut bytes = Vec::new();
            for (row, part) in *rows {
                outgoing(row, |outgoing| {
                    outgoing.part = *part;
                    outgoing.label_value = label_value(labels, outgoing.label);
                    alone.make(outgoing, &mut bytes)
                })?;
            }
            Ok::<_, ExportError>(bytes)
        };
        for (done, together) in (before..).step_by(TOGETHER).zip(rows.chunks(TOGETHER)) {
            self.stop.check()?;
            (self.progress)(ExportProgress { done, total });
            let shares: Vec<_> = together.chunks(SHARE).collect();
            for bytes in parallel::map(&shares, made) {
                out.write_all(&bytes?)?;
            }
        }
        Ok(())
    }
}

/// Returns the JSON value that a label leaves as.
pub(super) fn label_value(values: &LabelValues, label: &str) -> serde_json::Value {
    values.get(label).cloned().unwrap_or_else(|| label.into())
}
