//! The formats `json` and `ndjson`.

use super::template::Template;
use super::text::Text;
use crate::element::{Element, Field, Form, Notation, Radix, Selection};
use crate::env::Output;
use crate::input::Reader;

/// Writes one array.
///
/// # Errors
///
/// Reading or writing fails; then the array has no end.
pub(crate) fn json(
    reader: &mut Reader,
    selection: &Selection,
    out: &mut Output,
) -> anyhow::Result<()> {
    Text::json(selection.part()).write(reader, selection, out)
}

/// Writes an object a line.
///
/// # Errors
///
/// Reading or writing fails.
pub(crate) fn ndjson(
    reader: &mut Reader,
    selection: &Selection,
    out: &mut Output,
) -> anyhow::Result<()> {
    Text::ndjson(selection.part()).write(reader, selection, out)
}

impl Text {
    /// One array.
    pub(crate) fn json(element: &Element) -> Self {
        let mut pieces = Pieces::default();
        pieces.element(element);
        pieces.put(",");
        let template = pieces.template(element, None);
        Self { head: b"[".into(), tail: b"]\n", joined: true, ..Self::lines(template) }
    }

    /// An object a line.
    pub(crate) fn ndjson(element: &Element) -> Self {
        Self::lines(ndjson_template(element))
    }
}

/// Returns the lines of NDJSON: the index and the value, or the fields, of each element.
pub(super) fn ndjson_template(element: &Element) -> Template {
    let mut pieces = Pieces::default();
    match element.form() {
        Form::Record => pieces.members(element),
        Form::Plain => {
            pieces.put("\"value\":");
            pieces.element(element);
        }
    }
    pieces.put("}\n");
    pieces.template(element, Some(("{\"index\":", ",")))
}

/// What stands around scalars, put together from the left.
#[derive(Debug, Default)]
struct Pieces {
    done: Vec<Vec<u8>>,
    last: Vec<u8>,
}

impl Pieces {
    /// Adds text.
    fn put(&mut self, text: &str) {
        self.last.extend_from_slice(text.as_bytes());
    }

    /// Adds a scalar.
    fn scalar(&mut self) {
        self.done.push(std::mem::take(&mut self.last));
    }

    /// Adds an element: a value, an array, or an object.
    fn element(&mut self, element: &Element) {
        let fields = element.fields();
        match (element.form(), element.single(), fields) {
            (Form::Record, ..) => {
                self.put("{");
                self.members(element);
                self.put("}");
            }
            (Form::Plain, Some(_), _) => self.scalar(),
            (Form::Plain, None, [field]) => self.field(field),
            (Form::Plain, None, _) => {
                self.put("[");
                self.list(fields.iter(), |pieces, field| pieces.field(field));
                self.put("]");
            }
        }
    }

    /// Adds the fields of a record with their names.
    fn members(&mut self, element: &Element) {
        let shown = element.fields().iter().filter(|field| !field.is_padding());
        self.list(shown, |pieces, field| {
            pieces.put(&serde_json::Value::from(&*field.name).to_string());
            pieces.put(":");
            pieces.field(field);
        });
    }

    /// Adds a field: arrays are nested in the order of the shape.
    fn field(&mut self, field: &Field) {
        self.array(field.dimensions.sizes(), field.complex);
    }

    /// Adds an array of so many dimensions.
    fn array(&mut self, sizes: &[u32], complex: bool) {
        match sizes.split_first() {
            Some((size, inner)) => {
                self.put("[");
                self.list(0..*size, |pieces, _| pieces.array(inner, complex));
                self.put("]");
            }
            None if complex => {
                self.put("{\"re\":");
                self.scalar();
                self.put(",\"im\":");
                self.scalar();
                self.put("}");
            }
            None => self.scalar(),
        }
    }

    /// Adds several things with commas between them.
    fn list<I>(&mut self, items: impl Iterator<Item = I>, mut add: impl FnMut(&mut Self, I)) {
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.put(",");
            }
            add(self, item);
        }
    }

    /// Returns the template for an element.
    fn template(
        mut self,
        element: &Element,
        index: Option<(&'static str, &'static str)>,
    ) -> Template {
        self.done.push(self.last);
        Template::new(element, Notation::Json, Radix::Decimal, index, self.done)
    }
}
