//! What the tests have in common: a server, the demo's people, callers of the three dialects.

pub mod callers;
pub mod command;
pub mod curl;
pub mod demo_file;
pub mod server;
pub mod simulator;
pub mod wire;
