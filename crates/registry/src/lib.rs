//! The population registry as a port: ask it to verify claims and to verify a face, and get verdicts.
//!
//! No record leaves an adapter; trouble of a source is never a verdict about a person.

pub mod calls;
pub mod chain;
pub mod dukcapil;
#[cfg(feature = "testing")]
pub mod faulty;
pub mod import;
pub mod local;
mod people_file;
mod port;
mod reference;
pub mod synthetic;
#[cfg(feature = "testing")]
pub mod testing;

pub use people_file::PeopleWriter;
pub use port::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};
pub use reference::GivenReference;
