//! Administrative places: the codes a NIK begins with, and the comparison of names.

mod area;
mod name;

pub use area::{AreaLevel, unknown_level};
pub use name::{PlaceLevel, same_place};
pub(crate) use name::{begins_with_city, without_type};
