//! The service of faces: CALL_FR.

mod answer;
mod cipher;
mod picture;
mod question;
mod scale;

pub(super) use answer::{Decision, read};
pub(super) use cipher::Cipher;
pub(super) use picture::make;
pub use picture::{JpegMaker, JpegRefusal};
pub(super) use question::{Details, question};
pub(super) use scale::RawScale;

/// The name of the call, as it stands in addresses.
pub(super) const CALL: &str = "CALL_FR";
