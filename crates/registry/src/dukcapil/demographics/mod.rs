//! The service of demographics: CALL_VERIFY_BY_ELEMEN.

mod answer;
mod element;
mod state;
mod values;
mod word;

pub(super) use answer::{Asked, read};
pub use element::element;
pub(super) use values::question;

/// The name of the call, as it stands in addresses.
pub(super) const CALL: &str = "CALL_VERIFY_BY_ELEMEN";
