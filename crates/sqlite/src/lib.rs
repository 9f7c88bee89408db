//! A SQLite file as this project keeps one: private, durable, brought up to date, and opened under the right key.
//!
//! Knows no table but its own; what stands in the others is the business of the crate that hands in the migrations.

mod busy;
mod file;
mod keys;
mod open;

pub use busy::{Patience, is_busy};
pub use file::FileError;
pub use open::{Database, OpenError, Settings, migrations, open};
