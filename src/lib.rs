//! Typed memory that grows and shrinks, on the heap or in mapped files.
//!
//! The trait [`RawMem`] is one interface to several kinds of memory:
//!
//! | type | where the elements lie | what for |
//! |---|---|---|
//! | [`Global<T>`] | the allocator of the program | everyday memory |
//! | [`System<T>`] | the allocator of the operating system | whatever allocator is set |
//! | [`Alloc<T, A>`] | any [`Allocator`](allocator_api2::alloc::Allocator) | arenas, pools, counting |
//! | [`FileMapped<T>`] | a file | elements that are there the next time |
//! | [`TempFile<T>`] | a file without a name | more elements than fit the heap |
//! | [`PreAlloc<P>`] | a buffer that is there already | memory that is set aside |
//!
//! Code that takes a `RawMem` works with each of them; [`ErasedMem`] is for those that learn which
//! only at run time. A call that fails has changed nothing. [`MemVec`] gives any of them the
//! methods of a `Vec`, and [`FileView`] reads a file that need not be writable.
//!
//! ```
//! use platform_mem::{FileMapped, Global, RawMem, Result};
//!
//! fn fill(mem: &mut impl RawMem<Item = u64>) -> Result<()> {
//!     mem.grow_filled(3, 42)?;
//!     mem.grow_from_slice(&[1, 2, 3])?;
//!     mem.shrink(2)
//! }
//!
//! let mut heap = Global::new();
//! fill(&mut heap)?;
//! assert_eq!(heap.allocated(), [42, 42, 42, 1]);
//!
//! let dir = tempfile::tempdir()?;
//! let mut file = FileMapped::from_path(dir.path().join("data.bin"))?;
//! fill(&mut file)?;
//! assert_eq!(file.allocated(), heap.allocated());
//! # Result::Ok(())
//! ```
//!
//! # Structs in files
//!
//! What lies in a file must be [`Pod`](bytemuck::Pod): any bytes are a value, and there is no
//! padding. Derive it with the `bytemuck` that this crate exports, so that the versions match; the
//! attribute says where the derived code finds it:
//!
//! ```
//! use platform_mem::{
//!     FileMapped, RawMem,
//!     bytemuck::{Pod, Zeroable},
//! };
//!
//! /// A point with a weight, 16 bytes; `pmem dump points.bin -t x:f32,y:f32,w:f64` shows it.
//! #[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
//! #[bytemuck(crate = "platform_mem::bytemuck")]
//! #[repr(C)]
//! struct Point {
//!     x: f32,
//!     y: f32,
//!     w: f64,
//! }
//!
//! let dir = tempfile::tempdir()?;
//! let path = dir.path().join("points.bin");
//! let mut points = FileMapped::<Point>::open_or_create(&path)?;
//! points.grow_from_slice(&[Point { x: 1.0, y: 2.0, w: 0.5 }])?;
//! points.close()?;
//! assert_eq!(FileMapped::<Point>::open(&path)?.allocated()[0].y, 2.0);
//! # platform_mem::Result::Ok(())
//! ```
//!
//! The feature `cli`, on by default, builds the program `pmem`; a program that uses the library
//! turns it off with `default-features = false`.

mod advice;
mod alloc;
mod erased;
mod error;
mod file_mapped;
mod locked_file;
mod mem_vec;
mod pre_alloc;
pub mod raw_mem;
mod raw_place;
mod registry;
mod residency;
mod sys;
mod temp_file;
mod view;

pub use bytemuck;

#[cfg(feature = "faults")]
pub use self::sys::fault;
pub use self::{
    advice::Advice,
    alloc::{Alloc, Global, System},
    erased::ErasedMem,
    error::{Error, Result},
    file_mapped::{FileMapped, FileOptions},
    locked_file::Lock,
    mem_vec::MemVec,
    pre_alloc::PreAlloc,
    raw_mem::RawMem,
    residency::Residency,
    temp_file::TempFile,
    view::{FileView, PrivateView, ViewOptions},
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
