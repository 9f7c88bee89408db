//! What tests of several crates need beside this one's code.

pub mod postgres;
