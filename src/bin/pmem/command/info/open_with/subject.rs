//! The file that is opened, as code speaks of it.

use std::path::Path;

use crate::element::{Element, Field, Form, Kind, Packing};
use crate::layout::{Format, Layout, Wanted};
use crate::text::Quoted;

/// A file whose elements are opened.
pub(super) struct Subject<'a> {
    /// Its name, which is printable.
    pub(super) path: &'a str,
    /// Where its elements lie.
    pub(super) layout: &'a Layout,
    /// How many elements there are.
    pub(super) count: u64,
    wanted: &'a Wanted,
}

impl<'a> Subject<'a> {
    /// Speaks of the file at `path`, of which the user says what is `wanted`.
    pub(super) fn new(path: &'a str, layout: &'a Layout, count: u64, wanted: &'a Wanted) -> Self {
        Self { path, layout, count, wanted }
    }

    /// Returns what an element is.
    pub(super) fn element(&self) -> &Element {
        self.layout.element()
    }

    /// Returns the fields that are shown.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.element().fields().iter().filter(|field| !field.is_padding())
    }

    /// Returns whether an element is a record.
    pub(super) fn is_record(&self) -> bool {
        self.element().form() == Form::Record
    }

    /// Returns the format.
    pub(super) fn format(&self) -> Format {
        self.layout.format()
    }

    /// Returns the sizes of the array that the elements are: those of the header, if all of it is
    /// there and the elements are scalars.
    pub(super) fn shape(&self) -> Vec<u64> {
        let header = self.layout.header().filter(|header| header.count() == Some(self.count));
        if let (Some(shape), false) = (header.and_then(|header| header.shape()), self.is_record()) {
            return shape;
        }
        let mut shape = vec![self.count];
        if let (false, Some(field)) = (self.is_record(), self.fields().next()) {
            shape.extend(field.dimensions.sizes().iter().map(|size| u64::from(*size)));
        }
        shape
    }

    /// Returns whether the first axis of the array is not the slowest.
    pub(super) fn is_transposed(&self) -> bool {
        let header = self.layout.header().and_then(|header| header.shape()).unwrap_or_default();
        header.len() > 1 && header.first() != Some(&self.count)
    }

    /// Returns the tensor that the user names.
    pub(super) fn tensor(&self) -> Option<&str> {
        self.wanted.tensor.as_deref()
    }

    /// Returns the name of the file that `convert` makes, which ends with `extension`.
    pub(super) fn converted(&self, extension: &str) -> String {
        let path = Path::new(self.path).with_extension(extension);
        match path.to_str() {
            Some(path) if path != self.path => path.to_owned(),
            _ => format!("{}.{extension}", self.path),
        }
    }

    /// Returns the command that converts the file to one that ends with `extension`; with `wide`,
    /// types that few know become wider ones.
    pub(super) fn convert(&self, extension: &str, wide: bool) -> String {
        let out = self.converted(extension);
        let mut command = format!("pmem convert {}", operand(self.path));
        let element = self.element();
        match self.format() {
            Format::Raw => {
                if self.wanted.format.is_some() {
                    command += " --as raw";
                }
                command += &format!(" -t {}", Quoted(Path::new(&element.to_string())));
                if self.layout.start() > 0 {
                    command += &format!(" --offset {}", self.layout.start());
                }
            }
            format => {
                if let Some(element) = &self.wanted.element {
                    command += &format!(" -t {}", Quoted(Path::new(&element.to_string())));
                }
                if self.wanted.format.is_some() {
                    command += &format!(" --as {format}");
                }
            }
        }
        if let Some(tensor) = &self.wanted.tensor {
            command += &format!(" --tensor {}", Quoted(Path::new(tensor)));
        }
        if let Some(wide) = widened(element).filter(|_| wide) {
            command += &format!(" --to {}", Quoted(Path::new(&wide.to_string())));
        }
        format!("{command} {}", operand(&out))
    }
}

/// Returns a name as an operand for a shell.
fn operand(path: &str) -> String {
    match path.starts_with('-') {
        true => Quoted(&Path::new(".").join(path)).to_string(),
        false => Quoted(Path::new(path)).to_string(),
    }
}

/// Returns an element with scalars that NumPy knows and that hold the same values, if there are
/// others in it.
fn widened(element: &Element) -> Option<Element> {
    let wide = |field: &Field| {
        let kind = match field.kind {
            Kind::U24 => Kind::U32,
            Kind::I24 => Kind::I32,
            Kind::Bf16 | Kind::F8E4M3 | Kind::F8E5M2 => Kind::F32,
            kind => kind,
        };
        Field { kind, ..field.clone() }
    };
    let fields: Vec<_> = element.fields().iter().map(wide).collect();
    let same = fields.iter().zip(element.fields()).all(|(a, b)| a.kind == b.kind);
    let wide = Element::new(fields, element.form(), Packing::Packed).ok()?;
    (!same).then_some(wide)
}

/// Returns a text as a literal of Python, JSON and JavaScript.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Makes a name that languages accept of that of a field.
pub(super) fn identifier(name: &str) -> String {
    const RESERVED: &str = " as auto bool box break case char const continue crate default do double dyn \
                            else enum extern false final float fn for gen goto if impl in int let long \
                            loop macro match mod move mut pub ref register return self short signed \
                            sizeof static struct super switch trait true try type typedef union \
                            unsafe unsigned use virtual void volatile where while yield ";

    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.chars().map(plain).collect();
    let reserved = RESERVED.contains(&format!(" {name} "));
    match name.starts_with(|c: char| c.is_ascii_digit()) || reserved || name.starts_with('_') {
        true => format!("f_{name}"),
        false => name,
    }
}
