//! One scalar of every element as a slice of numbers.

mod bins;
mod counts;
mod descent;
mod double;
mod extent;
mod figures;
mod gather;
mod integer;
mod kernel;
mod key;
mod moments;
mod percent;
mod profile;
mod sample;
mod sketch;
mod spread;
mod study;
mod survey;
mod total;
mod track;

pub(crate) use self::extent::Extent;
pub(crate) use self::figures::{Figures, Question, Wish};
pub(crate) use self::gather::gather;
pub(crate) use self::moments::{Extreme, Moments};
pub(crate) use self::percent::Percent;
pub(crate) use self::profile::Profile;
pub(crate) use self::survey::Survey;
pub(crate) use self::track::{Grouping, Track};
