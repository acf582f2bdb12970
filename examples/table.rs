//! A table of records that is there the next time: run it with a name and a weight to add a row.
//!
//! The file holds nothing but the rows, so other programs can read it:
//! `pmem dump table.bin -t name:str24,weight:f64` shows it.

#![expect(clippy::print_stdout, reason = "it talks to its user")]

use std::{env, error::Error};

use platform_mem::{
    FileMapped, RawMem,
    bytemuck::{Pod, Zeroable},
};

/// A row: 32 bytes without padding, so that any bytes are one.
#[derive(Clone, Copy, Pod, Zeroable)]
#[bytemuck(crate = "platform_mem::bytemuck")]
#[repr(C)]
struct Row {
    /// Text that ends at the first zero.
    name: [u8; 24],
    weight: f64,
}

impl Row {
    fn new(name: &str, weight: f64) -> Self {
        let mut row = Self { name: [0; 24], weight };
        let fits = |end: &usize| *end <= row.name.len() && name.is_char_boundary(*end);
        let end = (0..=name.len()).rev().find(fits).unwrap_or(0);
        row.name[..end].copy_from_slice(&name.as_bytes()[..end]);
        row
    }

    fn name(&self) -> String {
        let end = self.name.iter().position(|byte| *byte == 0).unwrap_or(self.name.len());
        String::from_utf8_lossy(&self.name[..end]).into_owned()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut table = FileMapped::<Row>::open_or_create("table.bin")?;

    if let [name, weight] = &env::args().skip(1).collect::<Vec<_>>()[..] {
        table.grow_from_slice(&[Row::new(name, weight.parse()?)])?;
    }

    for row in table.allocated() {
        println!("{:24} {}", row.name(), row.weight);
    }

    // A drop would do the same, but keep an error to itself.
    table.close()?;
    Ok(())
}
