//! The service as its callers see it: the real router and engine over a real store, with scripted outside sources.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod app;
mod clients;
mod connection;
mod fixture;
mod fixtures;
mod hostile;
mod scripted;
