//! A memory whose type is known only at run time.

use platform_mem::{ErasedMem, Global, RawMem};

fn main() -> Result<(), platform_mem::Error> {
    // Use dynamic dispatch when the memory type isn't known at compile time
    let mut mem: Box<dyn ErasedMem<Item = u64> + Send + Sync> = Box::new(Global::<u64>::new());
    mem.grow_filled(10, 42)?;
    assert_eq!(mem.allocated(), [42; 10]);
    Ok(())
}
