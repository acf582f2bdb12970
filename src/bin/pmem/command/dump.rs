//! `pmem dump`: shows the elements of a file.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::PathBuf;

use crate::args::{PartialArg, TypeArg};
use crate::element::{Job, Order, Scalar};
use crate::env::Env;
use crate::error::At as _;
use crate::partial::Ragged;
use crate::range::Span;

/// Show elements of a file
#[derive(Debug, clap::Args)]
pub(crate) struct Dump {
    #[command(flatten)]
    element: TypeArg,
    /// What to show: A..B, A..=B, A..+N, A.., ..B, or one index; -8.. is the last eight
    #[arg(long, short, value_name = "RANGE", allow_hyphen_values = true)]
    range: Option<Span>,
    #[command(flatten)]
    partial: PartialArg,
    /// File to look at; '-' is standard input
    file: PathBuf,
}

impl Dump {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or its elements cannot be shown.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        let element = self.element.element;
        let mut bytes = Vec::new();
        if self.file.as_os_str() == "-" {
            io::stdin().read_to_end(&mut bytes).at(&self.file)?;
        } else {
            File::open(&self.file).at(&self.file)?.read_to_end(&mut bytes).at(&self.file)?;
        }
        let ragged = Ragged { bytes: bytes.len() as u64, element };
        self.partial.partial.tell(ragged, &self.file, env)?;
        let span = self.range.unwrap_or(Span::ALL);
        let range = span.resolve(element, Some(ragged.elements())).at(&self.file)?.clamped();
        let size = element.size();
        let bytes = &bytes[(range.start * size) as usize..(range.end * size) as usize];
        env.out.write_all(&element.run(Plain { bytes, order: element.order }))?;
        Ok(())
    }
}

/// Makes one line of each element.
struct Plain<'a> {
    bytes: &'a [u8],
    order: Order,
}

impl Job for Plain<'_> {
    type Output = Vec<u8>;

    fn run<T: Scalar>(self) -> Vec<u8> {
        let mut text = Vec::new();
        let mut elements = vec![T::zeroed(); self.bytes.len() / size_of::<T>()];
        bytemuck::cast_slice_mut(&mut elements).copy_from_slice(self.bytes);
        self.order.fix(&mut elements);
        for element in elements {
            element.append(&mut text);
            text.push(b'\n');
        }
        text
    }
}
