//! The store's tests: what every store has to do, and what holds of the SQLite file.

#![allow(clippy::expect_used, clippy::panic, reason = "what is unexpected in a test fails it")]

mod conformance;
mod sqlite;
mod sqlite_file;
