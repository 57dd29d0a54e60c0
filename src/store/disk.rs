//! The disk operations of the journal, as a trait, so that tests can make them fail.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// The operations of the journal on its files and their folder.
pub trait Disk: Send + std::fmt::Debug {
    /// Appends bytes to a file.
    ///
    /// # Errors
    ///
    /// The error of the operating system; some of the bytes may have been written.
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()>;

    /// Returns once what was written is on the disk.
    ///
    /// # Errors
    ///
    /// The error of the operating system; writes since the last sync may be lost.
    fn sync(&mut self, file: &File) -> io::Result<()>;

    /// Cuts a file to a length.
    ///
    /// # Errors
    ///
    /// The error of the operating system; the file is unchanged.
    fn cut(&mut self, file: &File, length: u64) -> io::Result<()>;

    /// Returns once the names of a folder's new files are on the disk.
    ///
    /// # Errors
    ///
    /// The error of the operating system; files made since the last sync may be lost.
    fn sync_folder(&mut self, folder: &Path) -> io::Result<()>;
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

    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }
}
