//! Tensors of a model: the length of a header as `u64`, the header, which is JSON, and the bytes of
//! the tensors.

use std::fmt;
use std::io;

use anyhow::{Context as _, anyhow, bail, ensure};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::axes::{Axes, Slowest, product};
use super::look::{front, read};
use super::{Format, Header, Layout, Look, Patch};
use crate::element::{Element, Kind, Order};

/// Where the text begins.
const TEXT: u64 = 8;

/// Bytes that the text has at most; that is room for a hundred thousand tensors.
const MOST: u64 = 32 << 20;

/// One tensor of a file.
#[derive(Clone, Debug)]
pub(crate) struct Tensor {
    /// Its name.
    pub(crate) name: String,
    /// Its type, as the header has it.
    pub(crate) dtype: String,
    /// Its sizes, the slowest axis first.
    pub(crate) shape: Vec<u64>,
    /// Where it begins, in bytes from the start of the file.
    pub(crate) offset: u64,
    /// How many bytes it has.
    bytes: u64,
}

impl Tensor {
    /// Returns what lies behind its first axis.
    ///
    /// # Errors
    ///
    /// The type is not known, or the shape does not fit the bytes.
    pub(crate) fn element(&self) -> anyhow::Result<Element> {
        self.axes().map(|(_, element)| element)
    }

    fn axes(&self) -> anyhow::Result<(Axes, Element)> {
        let dtype = &self.dtype;
        let scalar = scalar(dtype).ok_or_else(|| anyhow!("its type {dtype} is not known here"))?;
        let bytes = product(&self.shape).and_then(|items| items.checked_mul(scalar.size()));
        ensure!(
            bytes == Some(self.bytes),
            "its shape {} does not fit its {} bytes",
            super::axes::shown(&self.shape),
            self.bytes
        );
        Axes::new(&scalar, self.shape.clone(), Slowest::First)
    }
}

/// Returns the element that a name of a type stands for.
fn scalar(dtype: &str) -> Option<Element> {
    let kind = match dtype {
        "BOOL" => Kind::Bool,
        "U8" => Kind::U8,
        "I8" => Kind::I8,
        "U16" => Kind::U16,
        "I16" => Kind::I16,
        "U32" => Kind::U32,
        "I32" => Kind::I32,
        "U64" => Kind::U64,
        "I64" => Kind::I64,
        "F8_E4M3" => Kind::F8E4M3,
        "F8_E5M2" => Kind::F8E5M2,
        "F16" => Kind::F16,
        "BF16" => Kind::Bf16,
        "F32" => Kind::F32,
        "F64" => Kind::F64,
        "C64" => return "cf32".parse().ok(),
        _ => return None,
    };
    Some(Element::scalar(kind, Order::Little))
}

/// What the text says about a tensor.
#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

/// What the text says about all of them.
struct Entries(Vec<(String, Entry)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("names of tensors")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries, M::Error> {
                let mut entries = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if name == "__metadata__" {
                        map.next_value::<IgnoredAny>()?;
                    } else {
                        entries.push((name, map.next_value()?));
                    }
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(Names)
    }
}

/// Returns whether the first bytes of a file can be a header.
///
/// # Errors
///
/// Reading fails.
pub(super) fn fits(file: &mut dyn Look) -> io::Result<bool> {
    let mut start = [0; TEXT as usize + 1];
    if file.look_at(0, &mut start)? < start.len() {
        return Ok(false);
    }
    let [len @ .., brace] = start;
    let len = u64::from_le_bytes(len);
    Ok(brace == b'{' && len <= MOST && file.len().is_none_or(|all| TEXT + len <= all))
}

/// The tensors of a file, in the order in which they lie in it.
#[derive(Clone, Debug)]
pub(crate) struct Tensors {
    /// The tensors.
    pub(crate) list: Vec<Tensor>,
    /// Where the first of them may begin.
    pub(crate) start: u64,
    /// Where the last of them ends.
    pub(crate) end: u64,
}

/// Reads what a file says about its tensors.
///
/// # Errors
///
/// There is no such header, or a number of it makes no sense.
pub(super) fn tensors(file: &mut dyn Look) -> anyhow::Result<Tensors> {
    let len = u64::from_le_bytes(read(file, 0)?);
    ensure!(len <= MOST, "it has {len} bytes, and at most {MOST} are read");
    let text = front(file, TEXT, len)?;
    let Entries(entries) = serde_json::from_slice(&text).context("its JSON")?;
    let start = TEXT + len;
    let mut list = Vec::with_capacity(entries.len());
    let mut last = start;
    for (name, Entry { dtype, shape, data_offsets: [begin, end] }) in entries {
        let place = |offset| i64::try_from(start.saturating_add(offset)).is_ok();
        ensure!(
            begin <= end && place(end),
            "the tensor '{name}' cannot lie from byte {begin} to {end}"
        );
        last = last.max(start + end);
        list.push(Tensor { name, dtype, shape, offset: start + begin, bytes: end - begin });
    }
    list.sort_by(|a, b| (a.offset, &a.name).cmp(&(b.offset, &b.name)));
    Ok(Tensors { list, start, end: last })
}

impl Tensors {
    /// Finds one tensor of the file, which has `len` bytes.
    ///
    /// # Errors
    ///
    /// None or no such tensor is named, or there is no such element.
    pub(super) fn layout(&self, name: Option<&str>, len: Option<u64>) -> anyhow::Result<Layout> {
        let there = abridged(&self.list);
        let name =
            name.ok_or_else(|| anyhow!("it has tensors; name one with --tensor: {there}"))?;
        let found = self.list.iter().find(|tensor| tensor.name == name);
        let tensor = found.ok_or_else(|| anyhow!("--tensor {name}: no such tensor: {there}"))?;
        let (axes, element) = tensor.axes().with_context(|| format!("--tensor {name}"))?;
        let header = Safetensors { axes, end: self.end };
        Ok(Layout::with_header(element, tensor.offset, len, header))
    }
}

/// Names the first tensors.
fn abridged(tensors: &[Tensor]) -> String {
    const FEW: usize = 5;

    let names: Vec<_> = tensors.iter().take(FEW).map(|tensor| &*tensor.name).collect();
    let names = names.join(", ");
    match tensors.len() {
        0 => String::from("there are none"),
        count if count > FEW => format!("{names}, … ({count} in all)"),
        _ => names,
    }
}

/// The header, as far as it is about one tensor.
#[derive(Debug)]
struct Safetensors {
    axes: Axes,
    /// Where the last tensor of the file ends.
    end: u64,
}

impl Header for Safetensors {
    fn format(&self) -> Format {
        Format::Safetensors
    }

    fn count(&self) -> Option<u64> {
        Some(self.axes.count())
    }

    fn shape(&self) -> Option<Vec<u64>> {
        Some(self.axes.sizes().to_vec())
    }

    fn end(&self, _: u64) -> u64 {
        self.end
    }

    fn patches(&self, _: u64) -> anyhow::Result<Vec<Patch>> {
        bail!("a tensor of a .safetensors file keeps its length; 'pmem convert' writes it anew")
    }
}

#[cfg(test)]
mod tests {
    use super::super::look::Bytes;
    use super::*;

    fn file(json: &str, data: usize) -> Vec<u8> {
        [&(json.len() as u64).to_le_bytes()[..], json.as_bytes(), &vec![0; data]].concat()
    }

    const TWO: &str = r#"{"__metadata__":{"format":"pt"},
        "b":{"dtype":"BF16","shape":[2,3],"data_offsets":[4,16]},
        "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#;

    #[test]
    fn tensors_in_the_order_of_the_file() {
        let file = file(TWO, 16);
        let Tensors { list, start, end } = tensors(&mut Bytes(&file)).unwrap();
        assert_eq!((start + 16, end), (file.len() as u64, file.len() as u64));
        let found: Vec<_> = list
            .iter()
            .map(|tensor| (&*tensor.name, tensor.element().unwrap().to_string(), tensor.offset))
            .collect();
        assert_eq!(found, [("a", "f32".into(), end - 16), ("b", "bf16x3".into(), end - 12)]);
    }

    fn layout(file: &[u8], name: Option<&str>) -> anyhow::Result<Layout> {
        tensors(&mut Bytes(file))?.layout(name, Some(file.len() as u64))
    }

    #[test]
    fn one_tensor() {
        let file = file(TWO, 16);
        let found = layout(&file, Some("a")).unwrap();
        assert_eq!(found.count(), Some(1));
        assert!(found.left_over().unwrap().is_none(), "another tensor is not left over");
        assert!(found.header().unwrap().patches(2).is_err());
        for (name, message) in [
            (None, "it has tensors; name one with --tensor: a, b"),
            (Some("c"), "--tensor c: no such tensor: a, b"),
        ] {
            assert_eq!(layout(&file, name).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn every_type() {
        for dtype in [
            "BOOL", "U8", "I8", "U16", "I16", "U32", "I32", "U64", "I64", "F8_E4M3", "F8_E5M2",
            "F16", "BF16", "F32", "F64", "C64",
        ] {
            assert!(scalar(dtype).is_some(), "{dtype}");
        }
        assert!(scalar("F4").is_none());
    }

    #[test]
    fn refused() {
        for json in [
            "",
            "[]",
            r#"{"a":1}"#,
            r#"{"a":{"dtype":"F32","shape":[1]}}"#,
            r#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
            r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
            r#"{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}"#,
            r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[4,3]}}"#,
            r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,18446744073709551615]}}"#,
            r#"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#,
        ] {
            assert!(layout(&file(json, 9), Some("a")).is_err(), "{json}");
        }
        for bytes in [&[][..], &[255; 20], &[9, 0, 0, 0, 0, 0, 0, 0, b'{', b'}']] {
            assert!(layout(bytes, Some("a")).is_err());
            assert!(!fits(&mut Bytes(bytes)).unwrap());
        }
        assert!(fits(&mut Bytes(&file(TWO, 16))).unwrap());
    }
}
