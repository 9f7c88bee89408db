//! The registry's tests: what every adapter has to do, the local registry's own promises, imports.

mod adapters;
mod conformance;
mod import;
mod local;
