//! Typed memory.
