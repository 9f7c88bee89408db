//! What an identity card does to a portrait: small, printed on coloured ground, photographed again; and what poor capture
//! does to any picture ([`Loss`]).
//!
//! Ordinary pictures stand in for cards that nobody may collect: an operator measures the comparison with a card's
//! portrait on them. It is a simulation: every step is drawn from ranges set by hand, none was fitted to real cards, and
//! wear, lamination and forgery are not among them. The same seed gives the same picture.

mod capture;
mod loss;
mod print;
mod sheet;

use crate::face::Face;
use crate::picture::Picture;

pub use self::loss::Loss;
pub use crate::dice::Dice;

use self::sheet::Sheet;

/// Side of the square the portrait's face is aligned from, in pixels of the picture of the card: from the smallest that
/// is compared (`policy.quality.card_face_side`) to one that needs no enlarging.
pub const FACE_SIDES: (f64, f64) = (56.0, 112.0);

/// How many eye distances wide the square is that a face is aligned from.
const SIDE_IN_EYE_DISTANCES: f64 = 3.18;

/// The face of a picture as a card's portrait on a photograph of the card; `None` where its landmarks have no extent.
pub fn card_portrait(picture: &Picture, face: &Face, dice: &mut Dice) -> Option<Picture> {
    let eyes = f64::from(face.eye_distance());
    if !eyes.is_finite() || eyes < 1.0 {
        return None;
    }
    let portrait = print::portrait(picture, face, dice)?;
    let printed = print::print(portrait, dice);
    // Printed, the eyes are as far apart as the portrait's frame says, whatever the picture's size.
    let eyes = eyes * printed.per_pixel;
    let side = dice.between(FACE_SIDES.0, FACE_SIDES.1);
    let zoom = side / SIDE_IN_EYE_DISTANCES / eyes;
    capture::photograph(&printed.sheet, zoom, dice)
}

/// A printed portrait, and how many of its pixels one of the picture became.
struct Printed {
    sheet: Sheet,
    per_pixel: f64,
}
