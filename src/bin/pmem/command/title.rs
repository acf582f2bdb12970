//! The line above what a command shows of a file.

use std::path::Path;

use crate::env::Env;
use crate::layout::Layout;
use crate::text::{Name, grouped, plural};

/// Returns the line above what is shown, which makes a wrong type visible. A long name loses its
/// front, so that the line fits.
pub(super) fn title(layout: &Layout, path: &Path, env: &Env) -> String {
    let element = layout.element();
    let elements = match layout.count() {
        Some(1) => String::from("1 element"),
        Some(count) => format!("{} elements", grouped(count)),
        None => String::from("a stream of elements"),
    };
    let format = layout.format();
    let size = plural(element.size(), "byte");
    let facts = format!("  {format}  {element}  {size} each  {elements}");
    let room = env.width().saturating_sub(crate::text::width(facts.as_bytes()));
    shortened(&Name(path).to_string(), room) + &facts
}

/// Leaves out the front of a name that is longer than so many characters.
fn shortened(name: &str, most: usize) -> String {
    /// Less than this says nothing.
    const LEAST: usize = 8;

    let (length, most) = (name.chars().count(), most.max(LEAST));
    match length > most {
        true => std::iter::once('…').chain(name.chars().skip(length + 1 - most)).collect(),
        false => name.to_owned(),
    }
}
