//! What this crate's tests need beside its code.

pub mod postgres;
