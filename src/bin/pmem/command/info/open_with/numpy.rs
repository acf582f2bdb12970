//! Types of NumPy.

use super::subject::{Subject, quoted};
use crate::element::{Field, Kind, Order};

/// A type of NumPy: its name, and the sizes of the array that it is.
pub(super) struct Dtype {
    pub(super) name: String,
    pub(super) sizes: Vec<u64>,
}

/// Returns the type of a field, if NumPy has it. What has no type of its own there, but consists of
/// two numbers, is an array of two.
pub(super) fn dtype(field: &Field) -> Option<Dtype> {
    let order = if field.order == Order::Big { '>' } else { '<' };
    let number = |letter: char| format!("{order}{letter}{}", field.kind.size());
    let mut sizes: Vec<u64> = field.dimensions.sizes().iter().map(|size| (*size).into()).collect();
    let name = match (field.kind, field.complex) {
        (Kind::F32, true) => format!("{order}c8"),
        (Kind::F64, true) => format!("{order}c16"),
        (Kind::U8, _) => "|u1".into(),
        (Kind::I8, _) => "|i1".into(),
        (Kind::U16 | Kind::U32 | Kind::U64, _) => number('u'),
        (Kind::I16 | Kind::I32 | Kind::I64, _) => number('i'),
        (Kind::F16 | Kind::F32 | Kind::F64, _) => number('f'),
        (Kind::Bool, _) => "|b1".into(),
        (Kind::Str(size), _) => format!("|S{size}"),
        (Kind::Hex(size), _) => format!("|V{size}"),
        (Kind::U128 | Kind::I128, _) => {
            sizes.push(2);
            format!("{order}u8")
        }
        (Kind::U24 | Kind::I24 | Kind::Bf16 | Kind::F8E4M3 | Kind::F8E5M2, _) => return None,
    };
    if field.complex && !matches!(field.kind, Kind::F32 | Kind::F64) {
        sizes.push(2);
    }
    Some(Dtype { name, sizes })
}

/// Shows sizes as a tuple.
pub(super) fn tuple(sizes: &[u64]) -> String {
    crate::layout::shown(sizes)
}

/// Returns the expression that maps the elements of a file, if NumPy has their type.
pub(super) fn expression(subject: &Subject<'_>) -> Option<String> {
    let path = quoted(subject.path);
    if subject.format() == crate::layout::Format::Npy {
        return Some(format!("np.load({path}, mmap_mode=\"r\")"));
    }
    let mut shape = subject.shape();
    let dtype = match subject.is_record() {
        true => record(subject)?,
        false => {
            let field = subject.fields().next()?;
            let Dtype { name, sizes } = dtype(field)?;
            shape.extend(&sizes[field.dimensions.sizes().len()..]);
            quoted(&name)
        }
    };
    let (shape, start) = (tuple(&shape), subject.layout.start());
    // Nothing cannot be mapped.
    Some(match subject.count {
        0 => format!("np.empty({shape}, dtype={dtype})"),
        _ => {
            format!("np.memmap({path}, dtype={dtype}, mode=\"r\", offset={start}, shape={shape})")
        }
    })
}

/// Returns the type of a record.
fn record(subject: &Subject<'_>) -> Option<String> {
    let (mut names, mut formats, mut offsets) = (Vec::new(), Vec::new(), Vec::new());
    for field in subject.fields() {
        let Dtype { name, sizes } = dtype(field)?;
        names.push(quoted(&field.name));
        formats.push(match &*sizes {
            [] => quoted(&name),
            sizes => format!("({}, {})", quoted(&name), tuple(sizes)),
        });
        offsets.push(field.offset.to_string());
    }
    Some(format!(
        "np.dtype({{\n    \"names\": [{}],\n    \"formats\": [{}],\n    \"offsets\": [{}],\n    \
         \"itemsize\": {},\n}})",
        names.join(", "),
        formats.join(", "),
        offsets.join(", "),
        subject.element().size()
    ))
}
