//! The store's tests: what every store has to do, and what holds of the SQLite file.

mod conformance;
mod sqlite;
mod sqlite_file;
