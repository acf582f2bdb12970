//! Token files of llm.c: 256 `i32`, of which the first is a magic and the third the number of
//! tokens, then these. The magic says how wide they are.

use anyhow::{anyhow, bail, ensure};

use super::look::read;
use super::{Format, Header, Layout, Look, Patch};
use crate::element::{Element, Kind, Order};

/// Where the tokens begin.
const START: u64 = 1024;

/// Where the number of tokens stands.
const COUNT: u64 = 8;

/// A header.
#[derive(Debug)]
struct Llmc {
    count: u64,
}

/// Reads the header of a file.
///
/// # Errors
///
/// There is none.
pub(super) fn layout(file: &mut dyn Look) -> anyhow::Result<Layout> {
    let kind = match i32::from_le_bytes(read(file, 0)?) {
        20_240_520 => Kind::U16,
        20_240_801 => Kind::U32,
        magic => bail!("it begins with {magic}; those of llm.c do with 20240520 or 20240801"),
    };
    let count = i32::from_le_bytes(read(file, COUNT)?);
    let count = u64::try_from(count).map_err(|_| anyhow!("its number of tokens is {count}"))?;
    let _: [u8; 1] = read(file, START - 1)?;
    let element = Element::scalar(kind, Order::Little);
    Ok(Layout::with_header(element, START, file.len(), Llmc { count }))
}

impl Header for Llmc {
    fn format(&self) -> Format {
        Format::Llmc
    }

    fn count(&self) -> Option<u64> {
        Some(self.count)
    }

    fn patches(&self, count: u64) -> anyhow::Result<Vec<Patch>> {
        let room = i32::MAX;
        ensure!(
            count <= room as u64,
            "its llmc header has no room for the number {count}: at most {room}; 'pmem convert' \
             writes another format"
        );
        Ok(vec![Patch { offset: COUNT, bytes: (count as u32).to_le_bytes().to_vec() }])
    }
}

#[cfg(test)]
mod tests {
    use super::super::look::Bytes;
    use super::*;

    fn file(magic: i32, count: i32) -> Vec<u8> {
        let mut bytes = vec![0; START as usize];
        bytes[..4].copy_from_slice(&magic.to_le_bytes());
        bytes[8..12].copy_from_slice(&count.to_le_bytes());
        bytes
    }

    #[test]
    fn headers() {
        for (magic, element) in [(20_240_520, "u16"), (20_240_801, "u32")] {
            let layout = layout(&mut Bytes(&file(magic, 258))).unwrap();
            assert_eq!((layout.element().to_string(), layout.start()), (element.into(), 1024));
            let header = layout.header().unwrap();
            assert_eq!(header.count(), Some(258));
            let patches = header.patches(259).unwrap();
            assert_eq!(patches, [Patch { offset: 8, bytes: vec![3, 1, 0, 0] }]);
            assert!(header.patches(1 << 31).is_err());
        }
    }

    #[test]
    fn refused() {
        for bytes in [&[][..], &[7; 2000], &file(20_240_520, -1), &file(20_240_520, 1)[..1000]] {
            assert!(layout(&mut Bytes(bytes)).is_err());
        }
    }
}
