//! The registry's tests: what every adapter has to do, the local registry's own promises, imports.

#![allow(clippy::expect_used, clippy::panic, reason = "what is unexpected in a test fails it")]

mod adapters;
mod conformance;
mod homes;
mod import;
mod local;
mod postgres;
