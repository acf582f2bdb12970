//! What version 0.4 of this library gets wrong, one test each; the numbers are those of the survey
//! that found it. The other tests go into the breadth, these name the defect.

#[path = "../common/mod.rs"]
mod common;

mod file;
mod heap;
