//! Numbers in equal steps.

use super::{Part, Pattern, room};
use crate::element::{Element, Job, Order, Scalar};

/// Parses `START[:STEP]`, and returns the numbers that it names.
///
/// # Errors
///
/// The text does not name numbers of the type.
pub(crate) fn sequence(element: Element, text: &str) -> anyhow::Result<Box<dyn Pattern>> {
    struct Make<'a>(&'a str, Order);

    impl Job for Make<'_> {
        type Output = anyhow::Result<Box<dyn Pattern>>;

        fn run<T: Scalar>(self) -> Self::Output {
            Ok(Box::new(Sequence::<T>::parse(self.0, self.1)?))
        }
    }

    element.run(Make(text, element.order))
}

/// Numbers of one type.
#[derive(Debug)]
struct Sequence<T: Scalar> {
    rule: T::Rule,
    /// The index of the next element.
    next: u64,
    order: Order,
    buffer: Vec<T>,
}

impl<T: Scalar> Sequence<T> {
    fn parse(text: &str, order: Order) -> anyhow::Result<Self> {
        let (start, step) = text.split_once(':').unwrap_or((text, "1"));
        let rule = T::rule(start, step)?;
        Ok(Self { rule, next: 0, order, buffer: Vec::new() })
    }
}

impl<T: Scalar> Pattern for Sequence<T> {
    fn check(&self, count: u64) -> anyhow::Result<()> {
        T::check(&self.rule, count)
    }

    fn next(&mut self, most: usize) -> anyhow::Result<Part<'_>> {
        let elements = room(&mut self.buffer, most);
        T::fill(&self.rule, self.next, elements);
        self.next += elements.len() as u64;
        self.order.fix(elements);
        Ok(Part::from(bytemuck::cast_slice(elements)))
    }
}
