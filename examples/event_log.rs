//! A log of events that survives being killed: an event is there as a whole or not at all.
//!
//! Run it, kill it whenever you like, and run it again: it counts on from the last event. With an
//! argument it writes that many events and ends.

#![expect(clippy::print_stdout, reason = "it talks to its user")]

use std::{
    env,
    error::Error,
    time::{SystemTime, UNIX_EPOCH},
};

use platform_mem::{
    FileMapped, RawMem,
    bytemuck::{Pod, Zeroable},
};

/// An event, 16 bytes.
#[derive(Clone, Copy, Pod, Zeroable)]
#[bytemuck(crate = "platform_mem::bytemuck")]
#[repr(C)]
struct Event {
    number: u64,
    /// Milliseconds since 1970.
    time: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = env::args().nth(1).map_or(Ok(u64::MAX), |count| count.parse())?;

    // The file is exactly as long as its events after each call, whenever the program is killed.
    let mut log = FileMapped::<Event>::open_or_create("events.bin")?;

    // A growth that was killed may have left zeroes where its event was to be.
    let whole = log.allocated().iter().rposition(|event| event.time != 0).map_or(0, |at| at + 1);
    log.shrink(log.len() - whole)?;
    println!("{whole} events found");

    for number in (whole as u64..).take(usize::try_from(wanted).unwrap_or(usize::MAX)) {
        let time = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64;
        log.grow_from_slice(&[Event { number, time }])?;
    }

    // From here on the events are there even if the power fails.
    log.close()?;
    Ok(())
}
