//! Administrative places: the codes a NIK begins with, and the comparison of names.

mod area;
mod name;

pub use area::{AreaLevel, unknown_level};
pub(crate) use name::without_type;
pub use name::{PlaceLevel, same_place};
