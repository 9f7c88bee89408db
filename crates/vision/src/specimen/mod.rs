//! Identity cards (KTP-el) for tests and demos: the printed layout with synthetic data, stamped SPECIMEN.
//!
//! No real citizen's card may be used anywhere in the project, so cards are drawn: [`layout`] knows where everything
//! stands, [`template`] draws the card as a vector picture of its own design, [`render`] sets type with the bundled
//! fonts alone and mounts the portrait, [`jpeg`] keeps byte bounds. The same text and portrait give the same bytes.

mod jpeg;
mod layout;
mod portrait;
mod render;
mod style;
mod template;
mod text;

#[cfg(test)]
mod tests;

pub use jpeg::{CARD_BYTES, SMALL_CARD_BYTES, encode};
pub use portrait::varied;
pub use style::CardStyle;
pub use text::{CardPrint, CardText, IncompleteRecord};

use crate::picture::Picture;

/// Width of a drawn card in pixels.
pub const CARD_WIDTH: u32 = 1280;

/// Height of a drawn card in pixels: ISO/IEC 7810 ID-1 is 85.60 x 53.98 mm.
pub const CARD_HEIGHT: u32 = 807;

/// Why a specimen cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum SpecimenError {
    /// A text is longer than any card has room for, or has control characters.
    #[error("the card's {0} is longer than {max} characters or has control characters", max = text::MAX_LENGTH)]
    Text(&'static str),
    /// The drawing is not what the renderer reads: a fault of the template.
    #[error("the card's drawing could not be read")]
    Drawing(#[from] usvg::Error),
    /// The portrait could not be brought to the size of its box.
    #[error("the portrait could not be resized")]
    Resize(#[from] fast_image_resize::ResizeError),
    /// The picture could not be written as JPEG.
    #[error("the card could not be encoded")]
    Encoding(#[from] image::ImageError),
    /// A picture could not be made of the pixels.
    #[error("a picture has no pixels")]
    Empty,
    /// No JPEG quality gives a size within the bounds.
    #[error("no JPEG quality gives {least} to {most} bytes")]
    Size {
        /// Lower bound in bytes.
        least: usize,
        /// Upper bound in bytes.
        most: usize,
    },
}

/// A card in the two sizes that callers are asked for.
#[derive(Debug, Clone)]
pub struct SpecimenCard {
    /// The card as drawn, [`CARD_WIDTH`] x [`CARD_HEIGHT`] pixels.
    pub picture: Picture,
    /// JPEG of the full size, within [`CARD_BYTES`].
    pub card: Vec<u8>,
    /// JPEG of half the sides, within [`SMALL_CARD_BYTES`].
    pub card_small: Vec<u8>,
}

/// Draws the card of a person and encodes it in both sizes.
///
/// # Errors
/// [`SpecimenError`].
pub fn card(text: &CardText, portrait: &Picture) -> Result<SpecimenCard, SpecimenError> {
    let picture = draw(text, portrait)?;
    let card = encode(&picture, CARD_BYTES)?;
    let small = render::resized(&picture, CARD_WIDTH / 2, CARD_HEIGHT.div_ceil(2))?;
    let card_small = encode(&small, SMALL_CARD_BYTES)?;
    Ok(SpecimenCard { picture, card, card_small })
}

/// Draws the card of a person: [`CARD_WIDTH`] x [`CARD_HEIGHT`] pixels, the card filling the picture.
///
/// # Errors
/// [`SpecimenError`].
pub fn draw(text: &CardText, portrait: &Picture) -> Result<Picture, SpecimenError> {
    draw_as(text, &CardStyle::default(), portrait, CARD_WIDTH)
}

/// The same in another print, `width` pixels wide.
///
/// # Errors
/// [`SpecimenError`].
pub fn draw_as(
    text: &CardText,
    style: &CardStyle,
    portrait: &Picture,
    width: u32,
) -> Result<Picture, SpecimenError> {
    text.check()?;
    render::card(text, style, portrait, width)
}
