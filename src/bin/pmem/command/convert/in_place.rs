//! Raw to `.npy` and back without copying: the header goes in front of the elements, or away.

use std::fs::{self, File};

use anyhow::{Context as _, anyhow, bail, ensure};
use platform_mem::FileOptions;

use super::Convert;
use crate::convert::{FileFormat, npy_header};
use crate::edit::{Found, Shift, Target, explain, is_same};
use crate::env::{Env, Interrupt};
use crate::error::At as _;
use crate::layout::{Format, Layout};

impl Convert {
    /// Converts IN where it is, and gives it the name OUT.
    pub(super) fn shift(&self, env: &Env) -> anyhow::Result<()> {
        let (input, output) = (&self.input, &self.output);
        self.check_name().at(output)?;
        let interrupt = Interrupt::listen()?;
        let mut target = Found::at(input, FileOptions::new(), self.lock.turn(&interrupt))
            .and_then(Found::file)
            .at(input)?;
        let element = match self.format_out() {
            FileFormat::Npy => self.to_npy(&mut target),
            FileFormat::Raw => self.to_raw(&mut target),
            other => Err(anyhow!("--in-place: raw and npy become each other, and not {other}")),
        };
        let element = element.at(input)?;
        fs::rename(input, output).map_err(explain).at(output)?;
        interrupt.end();
        env.done(output, format_args!("{element} as {}, in place", self.format_out()));
        Ok(())
    }

    /// Makes sure that nothing else has the name OUT.
    fn check_name(&self) -> anyhow::Result<()> {
        let Ok(there) = fs::metadata(&self.output) else { return Ok(()) };
        let same = is_same(&there, &fs::metadata(&self.input)?).unwrap_or(false);
        ensure!(same, "the file exists; with --in-place nothing is replaced");
        Ok(())
    }

    /// Puts a header in front of raw elements. Returns what they are.
    fn to_npy(&self, target: &mut Target) -> anyhow::Result<String> {
        let block = block(target.file())?;
        let begun = Shift::found(target.file());
        let layout = match begun {
            Some(Shift::Insert(bytes)) => {
                let raw = self.layout(target)?;
                Layout::raw(raw.element().clone(), bytes, Some(target.len()))
            }
            _ => self.layout(target)?,
        };
        let element = layout.element();
        if layout.format() == Format::Npy {
            // Only the name was missing.
            return Ok(element.to_string());
        }
        let whole = layout.left_over().is_none_or(|left_over| left_over.is_none());
        ensure!(layout.format() == Format::Raw && whole, "{}", not_whole(&layout));
        let header = npy_header(element, layout.count().unwrap_or(0), block as usize)?;
        let step = Shift::Insert(header.len() as u64);
        match begun {
            Some(found) if found == step => {}
            Some(found) => bail!("an earlier {found:?} was not finished; name the same type again"),
            None if target.len() > 0 => {
                ensure!(layout.start() == 0, "--offset: a header goes in front of all bytes");
                step.take(target.file()).map_err(explain).context(CANNOT)?;
            }
            None => {}
        }
        if let Err(error) = target.write_at(0, &header) {
            if begun.is_none() {
                // The room was empty, and goes as it came.
                let _ = Shift::Collapse(header.len() as u64).take(target.file());
                Shift::end(target.file());
            }
            return Err(explain(error));
        }
        Shift::end(target.file());
        Ok(element.to_string())
    }

    /// Takes the header away from elements. Returns what they are.
    fn to_raw(&self, target: &mut Target) -> anyhow::Result<String> {
        if let Some(Shift::Collapse(_)) = Shift::found(target.file()) {
            Shift::end(target.file());
            return Ok("the rest".into());
        }
        let layout = self.layout(target)?;
        let whole = layout.left_over().is_none_or(|left_over| left_over.is_none());
        ensure!(layout.format() == Format::Npy && whole, "{}", not_whole(&layout));
        let (start, block) = (layout.start(), block(target.file())?);
        ensure!(
            start % block == 0,
            "its header has {start} bytes, and only whole blocks of {block} can be taken away; \
             without --in-place the elements are copied"
        );
        ensure!(target.len() > start, "it has no elements; without --in-place they are copied");
        Shift::Collapse(start).take(target.file()).map_err(explain).context(CANNOT)?;
        Shift::end(target.file());
        Ok(layout.element().to_string())
    }

    /// Where the elements lie.
    fn layout(&self, target: &mut Target) -> anyhow::Result<Layout> {
        self.place.wanted().find(&self.input, target)
    }
}

/// What to say where the file system cannot.
const CANNOT: &str =
    "the file system cannot do it without copying, as ext4 and xfs can; leave out --in-place";

/// Says why elements cannot get or lose a header.
fn not_whole(layout: &Layout) -> String {
    match layout.left_over().filter(|left_over| !left_over.is_none()) {
        Some(left_over) => left_over.to_string(),
        None => format!("--in-place: raw and npy become each other, and it is {}", layout.format()),
    }
}

/// Returns the bytes of a block of the file system.
fn block(file: &File) -> anyhow::Result<u64> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        Ok(file.metadata()?.blksize())
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        bail!(CANNOT)
    }
}
