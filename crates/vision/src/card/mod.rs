//! The identity card (KTP-el): from a picture to what is printed on it.

pub mod find;
mod quad;
mod quality;
mod rectify;
mod upright;

pub use self::find::{Candidate, FindError, MOST_CANDIDATES, candidates};
pub use self::quad::{CARD_RATIO, Homography, Quad};
pub use self::quality::{CardFault, CardLimits, CardQuality};
pub use self::rectify::{Rectified, WIDEST};
pub use self::upright::PortraitTurn;
