//! Every system call that this crate makes, under the same name on every platform.
//!
//! Nothing outside of this folder asks for the platform. A call that the system interrupts is made
//! again here; what a system cannot do is an `Unsupported` error.

#[cfg_attr(all(target_os = "linux", not(platform_mem_portable)), path = "linux.rs")]
#[cfg_attr(not(all(target_os = "linux", not(platform_mem_portable))), path = "portable.rs")]
mod platform;

mod map;

pub(crate) use self::{
    map::Map,
    platform::{
        Identity, allocate, check_access, extend, identity, length, residency, set_length, sync,
        try_lock, unlock, write_zeroes,
    },
};
