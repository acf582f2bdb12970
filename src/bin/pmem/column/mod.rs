//! One scalar of every element as a slice of numbers.

mod bins;
mod compare;
mod counts;
mod descent;
mod difference;
mod double;
mod figures;
mod gather;
mod integer;
mod kernel;
mod key;
mod mixed;
mod moments;
mod percent;
mod predicate;
mod sample;
mod sketch;
mod spread;
mod study;
mod survey;
mod tolerance;
mod total;
mod track;

pub(crate) use self::compare::{Compare, Equality, Strided, compare};
pub(crate) use self::difference::{Difference, Extremes, Gap};
pub(crate) use self::figures::{Figures, Question, Wish};
pub(crate) use self::gather::gather;
pub(crate) use self::moments::{Extreme, Moments};
pub(crate) use self::percent::Percent;
pub(crate) use self::predicate::{Predicate, predicate};
pub(crate) use self::survey::Survey;
pub(crate) use self::tolerance::{Distance, Tolerance};
pub(crate) use self::track::{Grouping, Track};
