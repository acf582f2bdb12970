//! What the fuzz targets of the program share: its modules that read what nobody has checked.
//!
//! The program is no library, so its modules are compiled in here once more.
#![expect(dead_code, unused_imports, reason = "only some of the modules are driven from here")]

#[path = "../../src/bin/pmem/element/mod.rs"]
mod element;
#[path = "../../src/bin/pmem/env/mod.rs"]
mod env;
#[path = "../../src/bin/pmem/error.rs"]
mod error;
#[path = "../../src/bin/pmem/layout/mod.rs"]
mod layout;
#[path = "../../src/bin/pmem/text/mod.rs"]
mod text;

use std::io;
use std::path::Path;

use element::Element;
use layout::{Format, Header, Layout, Look, Wanted};

/// The bytes of a file.
struct Bytes<'a>(&'a [u8]);

impl Look for Bytes<'_> {
    fn len(&self) -> Option<u64> {
        Some(self.0.len() as u64)
    }

    fn look_at(&mut self, offset: u64, bytes: &mut [u8]) -> io::Result<usize> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
        let count = bytes.len().min(self.0.len() - start);
        bytes[..count].copy_from_slice(&self.0[start..start + count]);
        Ok(count)
    }
}

/// Reads a file of such a name as a format, and as what it looks like.
pub fn read(format: &str, name: &str, bytes: &[u8]) {
    let path = Path::new(name);
    let format = <Format as clap::ValueEnum>::from_str(format, false).expect("a format");
    let mut wanted = Wanted { format: Some(format), ..Wanted::default() };
    let tensors = wanted.tensors(path, &mut Bytes(bytes)).ok().flatten();
    let first = tensors.and_then(|tensors| tensors.list.into_iter().next());
    wanted.tensor = first.map(|tensor| tensor.name);
    for format in [Some(format), None] {
        wanted.format = format;
        if let Ok(layout) = wanted.find(path, &mut Bytes(bytes)) {
            check(&wanted, path, &layout, bytes);
        }
    }
}

/// Checks what is said about a file, and that a changed header says what it was changed to.
fn check(wanted: &Wanted, path: &Path, layout: &Layout, bytes: &[u8]) {
    let count = layout.count().expect("a file has a length");
    assert!(layout.element().size() > 0);
    assert!(layout.offset(count) <= bytes.len() as u64 || count == 0);
    let _ = layout.left_over().map(|left_over| left_over.to_string());
    let Some(header) = layout.header() else { return };
    for new in [0, count.saturating_add(1), count * 2, 1 << 40, u64::MAX] {
        let Ok(patches) = header.patches(new) else { continue };
        let mut changed = bytes.to_vec();
        for patch in patches {
            let start = usize::try_from(patch.offset).expect("a place in the header");
            let end = start + patch.bytes.len();
            assert!(end as u64 <= layout.start(), "the elements are left alone");
            changed[start..end].copy_from_slice(&patch.bytes);
        }
        // A count of more bytes than a file has is refused before it is written.
        let Ok(again) = wanted.find(path, &mut Bytes(&changed)) else { continue };
        if header.count().is_some() && again.format() == layout.format() {
            assert_eq!(again.header().and_then(Header::count), Some(new));
            assert_eq!((again.element(), again.start()), (layout.element(), layout.start()));
        }
    }
}

/// Parses a type, and what is shown of it.
pub fn parse(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(element) = text.parse::<Element>() else { return };
    let shown = element.to_string();
    assert_eq!(shown.parse::<Element>().expect("it shows what it parses"), element);
}
