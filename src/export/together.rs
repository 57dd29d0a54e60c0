//! Writes rows that are made one by one, on all cores, in their order.

use std::io::Write;

use super::error::ExportError;
use super::file::{Export, ExportRow, outgoing};
use super::record::LabelValues;
use super::shape::{Alone, Part};
use super::sheet::Sheet;
use crate::parallel;
use crate::table::{Rows, Writer};

/// How many rows are made between two looks at whether to stop.
const TOGETHER: usize = 16 * SHARE;
/// How many of them one core makes at once; few, since they may be long.
const SHARE: usize = 128;

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
        self.each_share(rows, (before, total), |shares| {
            parallel::map(&shares, made).into_iter().try_for_each(|bytes| Ok(out.write_all(&bytes?)?))
        })
    }

    /// Writes rows as a table, the next ones being made meanwhile; `before` were written already, of `total` in all.
    pub(super) fn write_sheet<'r, W: Write + Send, R: Sync>(
        &self,
        Sheet { making, mut writer }: Sheet<'_, W>,
        (rows, row): (&'r [R], impl Fn(&'r R) -> &'r ExportRow<'r> + Sync),
        (before, total): (u64, u64),
    ) -> Result<(), ExportError> {
        let made = |rows: &&'r [R]| {
            let mut made = making.none();
            for each in *rows {
                outgoing(row(each), |row| making.add(row, &mut made))?;
            }
            Ok::<_, ExportError>(made)
        };
        let mut last = Vec::new();
        self.each_share(rows, (before, total), |shares| {
            let others = std::mem::take(&mut last);
            let (next, written) =
                parallel::both(|| parallel::map(&shares, made), || write_all(&mut writer, others));
            last = next;
            written
        })?;
        write_all(&mut writer, last)?;
        Ok(writer.finish()?)
    }

    /// Hands on rows in shares, as many at once as all cores make; looks before each time whether to stop.
    fn each_share<'r, R>(
        &self,
        rows: &'r [R],
        (before, total): (u64, u64),
        mut take: impl FnMut(Vec<&'r [R]>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        for (done, together) in (before..).step_by(TOGETHER).zip(rows.chunks(TOGETHER)) {
            self.tell(done, total)?;
            take(together.chunks(SHARE).collect())?;
        }
        Ok(())
    }
}

fn write_all<W: Write + Send>(
    writer: &mut Writer<W>,
    made: Vec<Result<Rows, ExportError>>,
) -> Result<(), ExportError> {
    made.into_iter().try_for_each(|rows| Ok(writer.write(rows?)?))
}

/// Returns the JSON value that a label leaves as.
pub(super) fn label_value(values: &LabelValues, label: &str) -> serde_json::Value {
    values.get(label).cloned().unwrap_or_else(|| label.into())
}
