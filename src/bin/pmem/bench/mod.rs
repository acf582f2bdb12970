//! Measuring what memory can do: backends, operations, runs, and what is made of their times.

mod baseline;
mod case;
mod cost;
mod csv;
mod difference;
mod export;
mod markdown;
mod memory;
mod plan;
mod record;
pub(crate) mod remarks;
mod room;
mod run;
mod scale;
mod statistics;
mod svg;
mod table;
mod work;

pub(crate) use self::baseline::{Baseline, slower};
pub(crate) use self::case::{Backend, Choice, Operation};
pub(crate) use self::export::{Export, Form, check};
pub(crate) use self::plan::Plan;
pub(crate) use self::record::Report;
pub(crate) use self::room::Room;
pub(crate) use self::run::{Outcome, measure};
pub(crate) use self::table::{Compared, Look, table};
