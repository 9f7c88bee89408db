//! Pictures in, measurements out: admission, faces, cards. No network, no database, no knowledge of a dialect.

pub mod admission;
pub mod benchmark;
pub mod card;
mod crew;
pub mod degrade;
mod dice;
pub mod evaluation;
pub mod face;
pub mod geometry;
pub mod models;
mod output;
pub mod picture;
mod reduction;
pub mod rephotograph;
pub mod runtime;
mod simulation;
mod small_jpeg;
pub mod specimen;
pub mod tabletop;
mod view;

pub use small_jpeg::small_jpeg;
