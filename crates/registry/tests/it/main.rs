//! The registry's tests: what every adapter has to do, each adapter's own promises, imports.

#![allow(clippy::expect_used, clippy::panic, reason = "what is unexpected in a test fails it")]

mod adapters;
mod chain;
mod conformance;
mod dukcapil;
mod figures;
mod homes;
mod import;
mod local;
mod parquet;
mod postgres;
