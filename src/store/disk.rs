//! What the journal asks of a disk, so that tests can hand it one that fails.

use std::fs::File;
use std::io::{self, Write};

/// The three things that the journal does to a file. A write may have written a part when it fails.
pub trait Disk: Send + std::fmt::Debug {
    /// Appends bytes to a file.
    ///
    /// # Errors
    ///
    /// What the operating system says; some of the bytes may be in the file all the same.
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()>;

    /// Returns once what was written is on the disk.
    ///
    /// # Errors
    ///
    /// What the operating system says; what was written since the last time may be lost.
    fn sync(&mut self, file: &File) -> io::Result<()>;

    /// Cuts a file to a length.
    ///
    /// # Errors
    ///
    /// What the operating system says; the file is as it was.
    fn cut(&mut self, file: &File, length: u64) -> io::Result<()>;
}

/// The disk of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RealDisk;

impl Disk for RealDisk {
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn cut(&mut self, file: &File, length: u64) -> io::Result<()> {
        file.set_len(length)
    }
}
