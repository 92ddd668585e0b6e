//! Zip archives, as far as a workbook needs them: compressed entries, without dates, names or modes of this machine.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::failure::{Exit, Failure};

/// The version of the format that has compression.
const VERSION: u16 = 20;

const DEFLATED: u16 = 8;

/// 1 January 1980, the first day of the format.
const DAY: u16 = 1 << 5 | 1;

/// An entry that is being compressed.
pub(super) struct Packer {
    packed: DeflateEncoder<Vec<u8>>,
    sum: Crc,
    size: u64,
}

impl Packer {
    pub(super) fn new() -> Self {
        Self { packed: DeflateEncoder::new(Vec::new(), Compression::default()), sum: Crc::new(), size: 0 }
    }

    /// Adds to the entry.
    ///
    /// # Errors
    ///
    /// Returns an error if the entry gets longer than the format allows.
    pub(super) fn add(&mut self, text: &str) -> Result<(), Failure> {
        self.size += text.len() as u64;
        field(self.size)?;
        self.sum.update(text.as_bytes());
        self.packed.write_all(text.as_bytes()).map_err(Failure::from)
    }

    /// Ends the entry.
    ///
    /// # Errors
    ///
    /// Returns an error if the entry cannot be compressed.
    pub(super) fn finish(self, name: &'static str) -> Result<Entry, Failure> {
        Ok(Entry { name, size: self.size, sum: self.sum.sum(), packed: self.packed.finish()? })
    }
}

/// A compressed entry.
pub(super) struct Entry {
    name: &'static str,
    size: u64,
    sum: u32,
    packed: Vec<u8>,
}

impl Entry {
    /// Compresses a text.
    ///
    /// # Errors
    ///
    /// Returns an error if the text cannot be compressed.
    pub(super) fn new(name: &'static str, text: &str) -> Result<Self, Failure> {
        let mut packer = Packer::new();
        packer.add(text)?;
        packer.finish(name)
    }

    /// Returns the fields that both headers of an entry have.
    fn fields(&self) -> Result<Vec<u8>, Failure> {
        let mut fields = Vec::new();
        for value in [VERSION, 0, DEFLATED, 0, DAY] {
            fields.extend(value.to_le_bytes());
        }
        for value in [self.sum, field(self.packed.len() as u64)?, field(self.size)?] {
            fields.extend(value.to_le_bytes());
        }
        // The names are ours and short. The second field is the length of additional fields.
        for value in [self.name.len() as u16, 0] {
            fields.extend(value.to_le_bytes());
        }
        Ok(fields)
    }
}

/// Returns an archive of a few entries.
///
/// # Errors
///
/// Returns an error if the archive gets larger than the format allows.
pub(super) fn archive(entries: Vec<Entry>) -> Result<Vec<u8>, Failure> {
    let count = (entries.len() as u16).to_le_bytes();
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let fields = entry.fields()?;
        let start = field(archive.len() as u64)?;
        archive.extend(b"PK\x03\x04");
        archive.extend(&fields);
        archive.extend(entry.name.as_bytes());
        archive.extend(&entry.packed);
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(fields);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(entry.name.as_bytes());
    }
    let start = field(archive.len() as u64)?;
    let length = field(directory.len() as u64)?;
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(count);
    archive.extend(count);
    archive.extend(length.to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0; 2]);
    Ok(archive)
}

/// Returns a size or position as the 32 bits that the format has for it.
fn field(value: u64) -> Result<u32, Failure> {
    // The largest value means that the field is elsewhere (Zip64).
    u32::try_from(value).ok().filter(|value| *value != u32::MAX).ok_or_else(|| {
        Failure::new(Exit::Other, "the spreadsheet is larger than 4 GiB, which is the limit of the format")
            .hint("choose a shorter period or fewer accounts, or write CSV or JSON")
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    #[test]
    fn sizes_beyond_the_format_are_refused() {
        assert_eq!(field(0xffff_fffe).unwrap(), 0xffff_fffe);
        for size in [0xffff_ffff, 0x1_0000_0000, u64::MAX] {
            assert!(field(size).unwrap_err().text().contains("4 GiB"));
        }
    }

    #[test]
    fn entries_beyond_the_format_are_refused_as_they_grow() {
        let mut packer = Packer { size: 0xffff_fffd, ..Packer::new() };
        packer.add("a").unwrap();
        assert!(packer.add("b").is_err());
    }
}
