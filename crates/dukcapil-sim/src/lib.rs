//! A simulator of the population registry's two services, for whoever develops or tests against them.
//!
//! It answers for people from a file as the services are known to answer, TLS included, and fails on demand in every
//! way the other side has to bear. It holds no real person and is no place to keep one.

mod admin;
mod books;
mod cut;
mod demographics;
mod element;
mod face;
mod faults;
mod identity;
mod institution;
mod kept;
mod keys;
mod loose;
mod matcher;
mod people;
mod server;
mod trouble;

pub use books::{Calls, ServiceCalls};
pub use faults::{Fault, FaultRule, Rate, ServiceName};
pub use identity::{Authority, Identity, IdentityError, Validity};
pub use institution::{Institution, InstitutionState};
pub use kept::KeptError;
pub use keys::{KeyError, RsaKeys};
pub use matcher::{FaceMatcher, MatchOutcome, NoFaces};
pub use people::{Population, PopulationError, Portrait, Resident};
pub use server::{Simulator, SimulatorError, SimulatorSettings};
