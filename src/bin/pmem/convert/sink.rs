//! Where elements go.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write};

#[cfg(feature = "columnar")]
use super::columnar::{Batches, Dataset, Stored, Table};
use super::file_format::{Codec, FileFormat};
use super::npy::Npy;
use super::vectors::{Bin, Vecs};
use super::written::{Writer, Written};
use crate::edit::{Replacement, Target, explain};
use crate::element::{Element, Radix};
use crate::env::Output;
use crate::format::Text;

/// Makes what a sink writes of elements, on any core.
pub(crate) trait Encode: Sync {
    /// Makes the bytes that stand for elements, the first of which has index `first`; `begins` says
    /// whether these are the first of all. The bytes are in `scratch` if it returns true, and
    /// otherwise where the elements were.
    ///
    /// # Errors
    ///
    /// The format does not have such a value.
    fn encode(
        &self,
        begins: bool,
        first: u64,
        elements: &mut Vec<u8>,
        scratch: &mut Vec<u8>,
    ) -> anyhow::Result<bool>;
}

/// Takes what was made of elements, in order.
pub(crate) trait Sink: Send {
    /// Writes what was made of `count` elements.
    ///
    /// # Errors
    ///
    /// Writing fails.
    fn write(&mut self, bytes: &[u8], count: u64) -> anyhow::Result<()>;

    /// Leaves a hole of `count` elements whose bytes are zero. Returns whether it can.
    ///
    /// # Errors
    ///
    /// The system refuses.
    fn hole(&mut self, count: u64) -> anyhow::Result<bool> {
        let _ = count;
        Ok(false)
    }

    /// Writes what comes after `count` elements.
    ///
    /// # Errors
    ///
    /// Writing fails.
    fn finish(&mut self, count: u64) -> anyhow::Result<()>;
}

/// Where the bytes of a new file go.
pub(crate) enum Out<'a> {
    /// A file that takes its place when it is whole.
    File(&'a Replacement),
    /// Standard output.
    Standard(&'a mut Output),
    /// The end of a file, where `at` is.
    Append(&'a mut Target, u64),
}

impl Out<'_> {
    /// Writes bytes.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        match self {
            Self::File(replacement) => replacement.file().write_all(bytes).map_err(explain),
            Self::Standard(output) => Ok(output.write_all(bytes)?),
            Self::Append(target, at) => {
                let end = *at + bytes.len() as u64;
                // Where the number of elements is not known, the file grows with them.
                if end > target.len() {
                    target.set_len(end).map_err(explain)?;
                }
                target.write_at(*at, bytes).map_err(explain)?;
                *at = end;
                Ok(())
            }
        }
    }

    /// The file, if it is one in which places can be chosen.
    fn file(&self) -> Option<&File> {
        match self {
            Self::File(replacement) => (!replacement.is_direct()).then_some(replacement.file()),
            Self::Standard(_) | Self::Append(..) => None,
        }
    }

    /// Leaves a hole of so many bytes; [`Out::end`] makes sure that the file reaches its end.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(crate) fn skip(&mut self, bytes: u64) -> anyhow::Result<bool> {
        let (Some(mut file), Ok(bytes)) = (self.file(), i64::try_from(bytes)) else {
            return Ok(false);
        };
        file.seek(SeekFrom::Current(bytes)).map_err(explain)?;
        Ok(true)
    }

    /// Makes the file as long as was written or skipped.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(crate) fn end(&mut self) -> anyhow::Result<()> {
        if let Some(mut file) = self.file() {
            let len = file.stream_position().map_err(explain)?;
            file.set_len(len).map_err(explain)?;
        }
        Ok(())
    }

    /// Makes sure that bytes can be written over others.
    ///
    /// # Errors
    ///
    /// This is a pipe.
    pub(crate) fn check_rewrite(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.file().is_some(),
            "the number of elements stands in front of them, and is not known yet; convert to a \
             file, or from one"
        );
        Ok(())
    }

    /// Writes bytes over others near the start of a file.
    ///
    /// # Errors
    ///
    /// This is a pipe, or the system refuses.
    pub(crate) fn rewrite(&mut self, offset: u64, bytes: &[u8]) -> anyhow::Result<()> {
        self.check_rewrite()?;
        let Some(mut file) = self.file() else { return Ok(()) };
        let at = file.stream_position().map_err(explain)?;
        file.seek(SeekFrom::Start(offset)).map_err(explain)?;
        file.write_all(bytes).map_err(explain)?;
        file.seek(SeekFrom::Start(at)).map_err(explain)?;
        Ok(())
    }
}

/// Elements as they lie in a file, in its byte order.
pub(crate) struct InOrder(pub(crate) Element);

impl Encode for InOrder {
    fn encode(
        &self,
        _: bool,
        _: u64,
        elements: &mut Vec<u8>,
        _: &mut Vec<u8>,
    ) -> anyhow::Result<bool> {
        self.0.swap(elements);
        Ok(false)
    }
}

/// A file of elements and nothing else.
pub(crate) struct Raw<'a> {
    pub(crate) out: Out<'a>,
    /// Bytes of an element.
    pub(crate) size: u64,
}

impl Sink for Raw<'_> {
    fn write(&mut self, bytes: &[u8], _: u64) -> anyhow::Result<()> {
        self.out.put(bytes)
    }

    fn hole(&mut self, count: u64) -> anyhow::Result<bool> {
        self.out.skip(count * self.size)
    }

    fn finish(&mut self, _: u64) -> anyhow::Result<()> {
        self.out.end()
    }
}

/// What makes the bytes of a file, and what writes them.
pub(crate) type Ends<'a> = (Box<dyn Encode>, Box<dyn Sink + 'a>);

/// Returns what makes the bytes of a file of a format, and what writes them to `out`. `count` is
/// the number of elements, if it is known.
///
/// # Errors
///
/// The format cannot hold such elements, or writing fails.
pub(crate) fn make<'a>(
    format: FileFormat,
    out: Out<'a>,
    element: &Element,
    count: Option<u64>,
    codec: Codec,
) -> anyhow::Result<Ends<'a>> {
    let in_order = || Box::new(InOrder(element.clone()));
    let text = match format {
        FileFormat::Raw => {
            return Ok((in_order(), Box::new(Raw { out, size: element.size() })));
        }
        FileFormat::Npy => return Ok((in_order(), Box::new(Npy::new(out, element, count)?))),
        FileFormat::Bin => return Ok((in_order(), Box::new(Bin::new(out, element, count)?))),
        FileFormat::Vecs => {
            return Ok((Box::new(Vecs::new(element)?), Box::new(Raw { out, size: u64::MAX })));
        }
        FileFormat::Plain => Text::plain(element, Radix::Decimal),
        FileFormat::Csv => Text::csv(element, Radix::Decimal),
        FileFormat::Ndjson => Text::ndjson(element),
        FileFormat::Json => Text::json(element),
        #[cfg(feature = "columnar")]
        FileFormat::Parquet => {
            let stored = Stored::new(element)?;
            return Ok((Box::new(stored), Box::new(Table::new(out, element, codec)?)));
        }
        #[cfg(feature = "columnar")]
        FileFormat::Arrow => {
            let stored = Stored::new(element)?;
            return Ok((Box::new(stored), Box::new(Batches::new(out, element)?)));
        }
        #[cfg(not(feature = "columnar"))]
        FileFormat::Parquet | FileFormat::Arrow => return Err(format.missing()),
    };
    let writer = Writer::new(out, &text)?;
    Ok((Box::new(Written(text)), Box::new(writer)))
}

/// Returns what makes the bytes of elements that are added to a file, and what writes them. What
/// stands in front of the elements is left to others.
///
/// # Errors
///
/// The format cannot hold such elements.
pub(crate) fn append<'a>(
    format: FileFormat,
    out: Out<'a>,
    element: &Element,
) -> anyhow::Result<Ends<'a>> {
    let encode: Box<dyn Encode> = match format {
        FileFormat::Vecs => Box::new(Vecs::new(element)?),
        _ => Box::new(InOrder(element.clone())),
    };
    Ok((encode, Box::new(Raw { out, size: element.size() })))
}

/// Returns what makes rows of elements, and what writes them to the files of a directory.
///
/// # Errors
///
/// The elements cannot be rows.
#[cfg(feature = "columnar")]
pub(crate) fn make_parts<'a>(
    dataset: &Dataset,
    element: &Element,
    rows: u64,
    codec: Codec,
) -> anyhow::Result<Ends<'a>> {
    let stored = Stored::new(element)?;
    Ok((Box::new(stored), Box::new(dataset.sink(element, rows, codec)?)))
}

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(replacement) => replacement.file().write(bytes),
            Self::Standard(output) => output.write(bytes),
            Self::Append(..) => {
                self.put(bytes).map_err(io::Error::other)?;
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
