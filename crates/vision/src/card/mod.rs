//! The identity card (KTP-el): from a picture to what is printed on it.
//!
//! [`candidates`] finds where a card may lie, [`Rectified`] brings it upright and flat, `Bench::text_lines` finds its lines,
//! `Bench::read_line` reads one, and `Bench::read_card` does all of it and assigns the text to fields; [`CardQuality`] measures
//! the capture, and [`portrait_area`] cuts out the portrait. [`Page`] is the last stage on its own: lines to fields.

mod alphabet;
mod emissions;
mod fields;
pub mod find;
mod hull;
mod ink;
mod lattice;
mod lines;
mod portrait;
mod quad;
mod quality;
mod read;
mod reading;
mod rectify;
mod spaces;
mod text_area;
mod warp;

pub use self::alphabet::{Alphabet, Zone};
pub use self::emissions::{Emissions, Glyph, Reading};
pub use self::fields::{
    Again, CardField, FieldReading, Fields, Page, ReadLine, Repair, RepairReason, canonical,
};
pub use self::find::{Candidate, MOST_CANDIDATES, candidates};
pub use self::lines::TextLine;
pub use self::portrait::portrait_area;
pub use self::quad::{CARD_RATIO, Homography, Quad};
pub use self::quality::{CardFault, CardQuality};
pub use self::read::Recogniser;
pub use self::reading::CardReading;
pub use self::rectify::{Rectified, WIDEST};
