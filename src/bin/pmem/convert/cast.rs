//! Elements of one type made into elements of another, scalar by scalar.

use anyhow::{Context as _, anyhow, bail, ensure};

use super::kernel::{Comb, Kernel, kernel};
use crate::element::{
    Class, Column, Element, Exchange, Fault, Form, Job, Kind, Notation, Overflow, Round, Rules,
};

/// What the user says about values that the new type does not have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wishes {
    /// What becomes of values that are out of range.
    pub(crate) overflow: Overflow,
    /// How floats become whole.
    pub(crate) round: Option<Round>,
    /// What NaN becomes in integers.
    pub(crate) nan: Option<String>,
    /// Is any change of a value refused?
    pub(crate) exact: bool,
}

/// Makes elements of one type into elements of another.
pub(crate) struct Cast {
    from: Element,
    to: Element,
    /// `None` if the bytes stay as they are.
    steps: Option<Vec<Step>>,
}

/// What happens to one scalar of every element, or to all of them at once.
struct Step {
    from: Comb,
    to: Comb,
    /// Scalars of an element that are taken at once.
    items: usize,
    /// The first of these scalars.
    column: usize,
    action: Action,
}

/// What happens to a scalar.
enum Action {
    /// So many bytes are copied.
    Copy(usize),
    /// The content is copied; the rest is zero.
    Text { from: usize, to: usize },
    /// The value becomes one of another type.
    Exchange(Kernel, Rules),
}

/// Why an element cannot be converted.
#[derive(Debug)]
pub(super) struct Failure {
    /// Its number among those that were given.
    pub(super) index: usize,
    /// What is wrong with it.
    pub(super) what: String,
}

impl Failure {
    /// Returns the error about the element, where `first` is the index of the first given.
    pub(super) fn at(self, first: u64) -> anyhow::Error {
        anyhow!("element {}: {}", first + self.index as u64, self.what)
    }
}

impl Cast {
    /// Prepares to make elements of the type `from` into those of the type `to`.
    ///
    /// # Errors
    ///
    /// They do not have the same number of scalars, a scalar cannot become the other, or a wish
    /// concerns none of them.
    pub(crate) fn new(from: &Element, to: &Element, wishes: &Wishes) -> anyhow::Result<Self> {
        let partners = partners(from, to)?;
        let needs = |is_needed: fn(Class, Class) -> bool| {
            partners.iter().any(|(a, b)| {
                let (a, b) = (&from.columns()[*a], &to.columns()[*b]);
                is_needed(a.kind.codec().class, b.kind.codec().class)
            })
        };
        let becomes_whole = |a, b| a == Class::Float && is_integer(b);
        if wishes.round.is_some() {
            ensure!(needs(becomes_whole), "--round: no floats become integers");
        }
        if wishes.nan.is_some() {
            ensure!(needs(becomes_whole), "--nan: no floats become integers; floats keep NaN");
        }
        let (from, to) = (from.clone(), to.clone());
        let same = same_bytes(&from, &to, &partners);
        let steps = (!same).then(|| steps(&from, &to, &partners, wishes)).transpose()?;
        Ok(Self { from, to, steps })
    }

    /// Returns what comes out.
    pub(crate) fn to(&self) -> &Element {
        &self.to
    }

    /// Puts the new elements into `scratch`. Returns whether there are any: the old ones may do.
    ///
    /// # Errors
    ///
    /// A value has no counterpart.
    pub(super) fn apply(&self, elements: &[u8], scratch: &mut Vec<u8>) -> Result<bool, Failure> {
        let Some(steps) = &self.steps else { return Ok(false) };
        let count = elements.len() / self.from.bytes();
        scratch.resize(count * self.to.bytes(), 0);
        if steps.iter().map(|step| step.items * self.size_of(step)).sum::<usize>() < self.to.bytes()
        {
            // What no step writes is padding.
            scratch.fill(0);
        }
        for step in steps {
            self.take(step, elements, scratch)?;
        }
        Ok(true)
    }

    /// Bytes that a step writes for each scalar.
    fn size_of(&self, step: &Step) -> usize {
        self.to.columns()[step.column].kind.size()
    }

    /// Takes a step for all elements.
    fn take(&self, step: &Step, elements: &[u8], out: &mut [u8]) -> Result<(), Failure> {
        let pairs =
            elements.chunks_exact(step.from.stride).zip(out.chunks_exact_mut(step.to.stride));
        match &step.action {
            Action::Copy(size) => pairs.for_each(|(from, to)| {
                to[step.to.offset..][..*size].copy_from_slice(&from[step.from.offset..][..*size]);
            }),
            Action::Text { from, to } => {
                for (index, (old, new)) in pairs.enumerate() {
                    let old = &old[step.from.offset..][..*from];
                    let length = old.iter().position(|byte| *byte == 0).unwrap_or(*from);
                    if length > *to {
                        return Err(self.failure(step, index, elements, None));
                    }
                    let new = &mut new[step.to.offset..][..*to];
                    new[..length].copy_from_slice(&old[..length]);
                    new[length..].fill(0);
                }
            }
            Action::Exchange(kernel, rules) => {
                let exchanged = kernel(elements, step.from, out, step.to, rules);
                exchanged.map_err(|(index, fault)| {
                    self.failure(step, index, elements, Some((fault, rules)))
                })?;
            }
        }
        Ok(())
    }

    /// Says why the value with this number has no counterpart.
    fn failure(
        &self,
        step: &Step,
        index: usize,
        elements: &[u8],
        fault: Option<(Fault, &Rules)>,
    ) -> Failure {
        let (element, item) = (index / step.items, index % step.items);
        let place = index * step.from.stride + step.from.offset;
        // Steps that take all scalars at once go through them in the order of the new element.
        let (old, new) = (self.partner(step.column + item), &self.to.columns()[step.column + item]);
        let mut text = Vec::new();
        let codec = old.kind.codec();
        (codec.append)(&elements[place..][..old.kind.size()], Notation::Plain, &mut text);
        let value = String::from_utf8_lossy(&text);
        let kind = name(new.kind);
        let range = new.kind.run(Range).unwrap_or_default();
        let what = match fault {
            None => format!("'{value}' is too long for a {kind}"),
            Some((Fault::Overflow, Rules { overflow: Overflow::Error, .. })) => format!(
                "{value} is out of range: {kind} is {range}; see --on-overflow saturate and wrap"
            ),
            Some((Fault::Overflow, _)) => format!("{value} is out of range: {kind} is {range}"),
            Some((Fault::Fraction, Rules { exact: true, .. })) | Some((Fault::Inexact, _)) => {
                format!("{value} is not exactly a value of {kind}")
            }
            Some((Fault::Fraction, _)) => {
                format!(
                    "{value} is not whole, and {kind} is; see --round even, zero, floor and ceil"
                )
            }
            Some((Fault::Nan, _)) => format!("{value} is not a value of {kind}; see --nan"),
        };
        let what = if new.name.is_empty() { what } else { format!("{}: {what}", new.name) };
        Failure { index: element, what }
    }

    /// The scalar that a new one is made of.
    fn partner(&self, column: usize) -> &Column {
        let partners = partners(&self.from, &self.to).unwrap_or_default();
        let old = partners.iter().find(|(_, new)| *new == column).map_or(column, |(old, _)| *old);
        &self.from.columns()[old]
    }
}

/// Returns the name of a type, for messages.
fn name(kind: Kind) -> String {
    match kind {
        Kind::Str(size) | Kind::Hex(size) => format!("{}{size}", kind.name()),
        _ => kind.name().to_owned(),
    }
}

/// Asks a number type for its range.
struct Range;

impl Job for Range {
    type Output = String;

    fn run<T: Exchange>(self) -> String {
        T::range()
    }
}

/// Parses a value of a number type into 16 bytes.
fn parse(kind: Kind, text: &str) -> anyhow::Result<[u8; 16]> {
    let mut bytes = [0; 16];
    (kind.codec().parse)(text, &mut bytes[..kind.size()])?;
    Ok(bytes)
}

/// Is this a class of whole numbers?
fn is_integer(class: Class) -> bool {
    matches!(class, Class::Unsigned | Class::Signed | Class::Bool)
}

/// Returns which scalar of `from` each scalar of `to` is made of: of two records those with the
/// same name, and otherwise those in the same place.
fn partners(from: &Element, to: &Element) -> anyhow::Result<Vec<(usize, usize)>> {
    let (old, new) = (from.columns(), to.columns());
    ensure!(
        old.len() == new.len(),
        "{from} has {} and {to} has {}: an element becomes an element; --field takes some of them",
        crate::text::plural(old.len() as u64, "value"),
        new.len()
    );
    let by_name = from.form() == Form::Record && to.form() == Form::Record;
    let named = |column: &Column| old.iter().position(|other| other.name == column.name);
    let found: Option<Vec<_>> = new.iter().map(named).collect();
    let olds = match found {
        Some(found) if by_name => found,
        _ => (0..old.len()).collect(),
    };
    Ok(olds.into_iter().zip(0..).collect())
}

/// Do the bytes stay as they are?
fn same_bytes(from: &Element, to: &Element, partners: &[(usize, usize)]) -> bool {
    from.bytes() == to.bytes()
        && partners.iter().all(|(a, b)| {
            let (a, b) = (&from.columns()[*a], &to.columns()[*b]);
            a.offset == b.offset && a.kind == b.kind
        })
        && (from == to || Cast::covers(from))
}

impl Cast {
    /// Is there no padding?
    fn covers(element: &Element) -> bool {
        element.runs().iter().map(|run| run.size()).sum::<usize>() == element.bytes()
    }
}

/// Returns the steps from one element to the other.
fn steps(
    from: &Element,
    to: &Element,
    partners: &[(usize, usize)],
    wishes: &Wishes,
) -> anyhow::Result<Vec<Step>> {
    let in_order = partners.iter().all(|(a, b)| a == b);
    if let (Some(old), Some(new), true) = (from.uniform(), to.uniform(), in_order) {
        let action = action(old.kind, new.kind, wishes)?;
        let from = Comb { offset: 0, stride: old.kind.size() };
        let to = Comb { offset: 0, stride: new.kind.size() };
        return Ok(vec![Step { from, to, items: new.count, column: 0, action }]);
    }
    let step = |(a, b): &(usize, usize)| {
        let (old, new) = (&from.columns()[*a], &to.columns()[*b]);
        let action = action(old.kind, new.kind, wishes);
        let action = if new.name.is_empty() { action } else { action.context(new.name.clone()) }?;
        Ok(Step {
            from: Comb { offset: old.offset, stride: from.bytes() },
            to: Comb { offset: new.offset, stride: to.bytes() },
            items: 1,
            column: *b,
            action,
        })
    };
    partners.iter().map(step).collect()
}

/// Returns what makes a scalar of one type into one of another.
fn action(from: Kind, to: Kind, wishes: &Wishes) -> anyhow::Result<Action> {
    match (from, to) {
        _ if from == to => return Ok(Action::Copy(from.size())),
        (Kind::Str(from), Kind::Str(to)) => {
            return Ok(Action::Text { from: from as usize, to: to as usize });
        }
        _ => {}
    }
    let whole = from.codec().class == Class::Float && is_integer(to.codec().class);
    let nan = wishes.nan.as_deref().filter(|_| whole);
    let nan = nan.map(|text| parse(to, text)).transpose().context("--nan")?;
    let Wishes { overflow, round, exact, .. } = *wishes;
    match kernel(from, to) {
        Some(kernel) => Ok(Action::Exchange(kernel, Rules { overflow, round, nan, exact })),
        None => bail!("a {} cannot become a {}", name(from), name(to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast(from: &str, to: &str, values: &[&str], wishes: &Wishes) -> anyhow::Result<Vec<u8>> {
        let (from, to): (Element, Element) = (from.parse()?, to.parse()?);
        let mut bytes = Vec::new();
        values.iter().try_for_each(|value| from.parse_value(value, &mut bytes))?;
        let cast = Cast::new(&from, &to, wishes)?;
        let mut scratch = vec![9; 3];
        let new = cast.apply(&bytes, &mut scratch).map_err(|failure| failure.at(10))?;
        Ok(if new { scratch } else { bytes })
    }

    #[test]
    fn shapes() {
        for (from, to, value, expected) in [
            ("u8", "u16", "7", &[7, 0][..]),
            ("u8x3", "u16x3", "1,2,3", &[1, 0, 2, 0, 3, 0]),
            ("x:u8,y:u8", "y:u16,x:u8", "1,2", &[2, 0, 1]),
            ("x:u8,y:u8", "y:u8,x:u8", "1,2", &[2, 1]),
            ("x:u8,y:u8", "a:u8,b:u8", "1,2", &[1, 2]),
            ("x:u8,y:u8", "u8x2", "1,2", &[1, 2]),
            ("x:u8,y:u16", "@x:u8,y:u16", "1,2", &[1, 0, 2, 0]),
            ("@x:u8,y:u16", "x:u8,y:u16", "1,2", &[1, 2, 0]),
            ("s:str3,n:u8", "s:str4,n:u8", "ab,7", b"ab\0\0\x07"),
            ("str3", "str2", "ab", b"ab"),
            ("ci8", "u8x2", "1,2", &[1, 2]),
            ("hex2", "hex2", "00ff", &[0, 255]),
        ] {
            let bytes = cast(from, to, &[value], &Wishes::default()).unwrap();
            assert_eq!(bytes, expected, "{from} {to}");
        }
    }

    #[test]
    fn refusals() {
        let default = Wishes::default();
        let nan = Wishes { nan: Some("300".into()), ..Wishes::default() };
        let round = Wishes { round: Some(Round::Even), ..Wishes::default() };
        for (from, to, values, wishes, message) in [
            (
                "u16",
                "u8",
                &["1", "300"][..],
                &default,
                "element 11: 300 is out of range: u8 is 0..=255; see --on-overflow saturate and wrap",
            ),
            (
                "f32x2",
                "u8x2",
                &["1,2", "1,2.5"],
                &default,
                "element 11: 1: 2.5 is not whole, and u8 is; see --round even, zero, floor and ceil",
            ),
            (
                "x:f32,y:f32",
                "y:u8,x:u8",
                &["1,NaN"],
                &default,
                "element 10: y: NaN is not a value of u8; see --nan",
            ),
            ("str4", "str2", &["abc"], &default, "element 10: 'abc' is too long for a str2"),
            ("str4", "u8", &[], &default, "a str4 cannot become a u8"),
            ("n:str4,b:u8", "n:u8,b:u8", &[], &default, "n: a str4 cannot become a u8"),
            (
                "u8x3",
                "u8x2",
                &[],
                &default,
                "u8x3 has 3 values and u8x2 has 2: an element becomes an element; --field takes \
                 some of them",
            ),
            ("f32", "u8", &[], &nan, "--nan: 300 is out of range: u8 is 0..=255"),
            ("u8", "f32", &[], &round, "--round: no floats become integers"),
        ] {
            let error = cast(from, to, values, wishes).unwrap_err();
            assert_eq!(crate::error::message(&error), message, "{from} {to}");
        }
    }
}
