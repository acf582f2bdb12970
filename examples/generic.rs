//! Code that works with any memory.

use platform_mem::RawMem;

fn process_data<M: RawMem<Item = u32>>(mem: &mut M) -> Result<(), platform_mem::Error> {
    mem.grow_filled(100, 0)?;

    for (i, slot) in mem.allocated_mut().iter_mut().enumerate() {
        *slot = i as u32;
    }

    Ok(())
}

fn main() -> Result<(), platform_mem::Error> {
    let mut heap = platform_mem::Global::new();
    process_data(&mut heap)?;
    let mut file = platform_mem::TempFile::new()?;
    process_data(&mut file)?;
    assert_eq!(heap.allocated(), file.allocated());
    Ok(())
}
