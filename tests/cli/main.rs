//! The program, run as its users run it: standard output, standard error and exit code are always
//! checked together.

mod bench;
mod common;
mod completions;
#[cfg(target_os = "linux")]
mod convert;
#[cfg(all(target_os = "linux", feature = "columnar"))]
mod convert_engines;
#[cfg(target_os = "linux")]
mod convert_types;
mod diff;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod docs;
mod dump;
#[cfg(all(target_os = "linux", feature = "columnar"))]
mod engines;
#[cfg(target_os = "linux")]
mod fill;
mod find;
mod formats;
#[cfg(target_os = "linux")]
mod from;
#[cfg(target_os = "linux")]
mod grow;
#[cfg(target_os = "linux")]
mod headers;
#[cfg(target_os = "linux")]
mod holes;
mod info;
mod inputs;
#[cfg(target_os = "linux")]
mod interrupt;
#[cfg(target_os = "linux")]
mod kills;
#[cfg(target_os = "linux")]
mod lock;
mod man;
#[cfg(target_os = "linux")]
mod mistakes;
#[cfg(target_os = "linux")]
mod plot;
mod pmem;
#[cfg(target_os = "linux")]
mod races;
#[cfg(target_os = "linux")]
mod random;
mod readme;
#[cfg(target_os = "linux")]
mod scratch;
#[cfg(target_os = "linux")]
mod shapes;
mod shrink;
#[cfg(target_os = "linux")]
mod stats;
#[cfg(target_os = "linux")]
mod terminal;
mod values;
