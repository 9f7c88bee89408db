//! The service as its callers see it: the real router and engine over a real store, with scripted outside sources.

mod app;
mod clients;
mod connection;
mod fixture;
mod fixtures;
mod hostile;
mod scripted;
