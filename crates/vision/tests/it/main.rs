//! The stages with the real models.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where its ground is not as it has to be")]

mod card_bad_input;
mod card_find;
mod card_portraits;
mod faces;
mod harness;
mod quality;
mod workers;
