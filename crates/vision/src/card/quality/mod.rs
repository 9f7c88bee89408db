//! What decides whether a card can be read, measured on the picture and on the rectified card.
//!
//! [`CardQuality`] measures; every [`CardFault`] has a score, which is one of the measures, and a limit.

mod blur;
mod spectrum;
#[cfg(test)]
mod tests;

use super::quad::Quad;
use super::rectify::Rectified;
use crate::face::luma;
use crate::picture::Picture;

/// Side of the blocks whose mean colours are compared, in canvas pixels: larger than strokes, grain and encoders' blocks.
const BLOCK: usize = 16;

/// A block whose darkest channel has this mean is burnt out, in levels.
const BURNT: f32 = 243.0;

/// A card whose ground is at least this bright, in levels of luma, is white paper: burnt-out blocks on it tell nothing.
const WHITE: f32 = 238.0;

/// What a picture of a card and the rectified card tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CardQuality {
    /// Length of the card's longer sides in pixels of the picture, the mean of the two.
    pub width: f32,
    /// By how much the card's top is turned clockwise from level in the picture, in degrees, -180 to 180.
    pub degrees: f32,
    /// The card's part beyond the picture's border, as a share of its area, 0 to 1.
    pub cut_off: f32,
    /// The blur effect of Crete and others (2007), 0 to 1: how little another blur changes what is there. About 0.3 for
    /// sharp print; contrast has no part in it.
    pub blur: f32,
    /// Luma of the card's ground, 0 to 255: three quarters of the card are darker.
    pub brightness: f32,
    /// The share of the card that is burnt out, 0 to 1. 0 on a ground that is itself as white.
    pub glare: f32,
    /// How much the colours of the card's parts differ, 0 to 1: the distance of chromaticities (shares of red and green in
    /// a colour's sum) from their median that one part in twenty exceeds. The light's own colour has no part in it.
    pub colour: f32,
    /// How much of a regular pattern lies over the card, 0 to 1, as screens leave it.
    pub periodicity: f32,
}

/// A fault of the capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardFault {
    /// A side or a corner lies beyond the picture.
    Cropped,
    /// Out of focus, moved, or too few pixels.
    Blurred,
    /// Too little light.
    Dark,
    /// Light is reflected where something is printed.
    Glare,
    /// Its top is not up. It is read nevertheless.
    Rotated,
    /// No colour: a photocopy.
    Photocopy,
    /// A regular pattern: photographed from a screen.
    Screen,
}

impl CardFault {
    /// Every fault, those that hide most first.
    pub const ALL: [Self; 7] =
        [Self::Cropped, Self::Blurred, Self::Dark, Self::Glare, Self::Rotated, Self::Photocopy, Self::Screen];

    /// The fault's name in JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Cropped => "cropped",
            Self::Blurred => "blurred",
            Self::Dark => "dark",
            Self::Glare => "glare",
            Self::Rotated => "rotated",
            Self::Photocopy => "photocopy",
            Self::Screen => "screen",
        }
    }

    /// The measure that tells of it.
    pub fn score(self, quality: &CardQuality) -> f32 {
        match self {
            Self::Cropped => quality.cut_off,
            Self::Blurred => quality.blur,
            Self::Dark => quality.brightness,
            Self::Glare => quality.glare,
            Self::Rotated => quality.degrees.abs(),
            Self::Photocopy => quality.colour,
            Self::Screen => quality.periodicity,
        }
    }

    /// From where on it is a fault: below it for [`Self::Dark`] and [`Self::Photocopy`], above it for all others.
    pub const fn limit(self) -> f32 {
        match self {
            Self::Cropped => 0.01,
            Self::Blurred => 0.42,
            Self::Dark => 135.0,
            Self::Glare => 0.004,
            Self::Rotated => 30.0,
            Self::Photocopy => 0.03,
            Self::Screen => 0.5,
        }
    }

    /// Whether a capture has it.
    pub fn is_in(self, quality: &CardQuality) -> bool {
        match self {
            Self::Dark | Self::Photocopy => self.score(quality) < self.limit(),
            _ => self.score(quality) > self.limit(),
        }
    }
}

impl CardQuality {
    /// Measures a card: the picture it was found in, and its corners there, its top first. `None` where they make no
    /// convex shape.
    pub fn of(picture: &Picture, quad: &Quad) -> Option<Self> {
        Some(Self::of_rectified(picture, quad, &Rectified::of(picture, quad)?))
    }

    fn of_rectified(picture: &Picture, quad: &Quad, card: &Rectified) -> Self {
        let [(from, to), ..] = quad.sides();
        let canvas = card.picture();
        let blocks = blocks(canvas);
        let mut levels: Vec<f32> = canvas.rgb().as_chunks::<3>().0.iter().map(|rgb| luma(*rgb)).collect();
        let blur = blur::of(&levels, canvas.width() as usize);
        let brightness = nth(&mut levels, 0.75);
        let is_burnt = |block: &&[f32; 3]| block.iter().all(|level| *level >= BURNT);
        let burnt = blocks.iter().filter(is_burnt).count() as f32 / blocks.len().max(1) as f32;
        Self {
            width: quad.width(),
            degrees: (to.y - from.y).atan2(to.x - from.x).to_degrees(),
            cut_off: 1.0 - quad.share_within(picture.width(), picture.height()),
            blur,
            brightness,
            glare: if brightness < WHITE { burnt } else { 0.0 },
            colour: colour(&blocks),
            periodicity: spectrum::periodicity(card),
        }
    }
}

/// The mean colours of a picture's whole blocks.
fn blocks(picture: &Picture) -> Vec<[f32; 3]> {
    let width = picture.width() as usize;
    let across = width / BLOCK;
    let mut blocks = Vec::new();
    for band in picture.rgb().chunks_exact(width * 3 * BLOCK) {
        let mut sums = vec![[0_u32; 3]; across];
        for row in band.chunks_exact(width * 3) {
            for (sum, block) in sums.iter_mut().zip(row.as_chunks::<3>().0.chunks_exact(BLOCK)) {
                for pixel in block {
                    *sum = std::array::from_fn(|channel| sum[channel] + u32::from(pixel[channel]));
                }
            }
        }
        blocks.extend(sums.iter().map(|sum| sum.map(|level| level as f32 / (BLOCK * BLOCK) as f32)));
    }
    blocks
}

/// How much chromaticities differ: see [`CardQuality::colour`]. Blocks that are burnt out or black have none.
fn colour(blocks: &[[f32; 3]]) -> f32 {
    let shares: Vec<[f32; 2]> = blocks
        .iter()
        .filter(|block| block.iter().all(|level| *level < BURNT) && block.iter().sum::<f32>() > 60.0)
        .map(|[red, green, blue]| [red / (red + green + blue), green / (red + green + blue)])
        .collect();
    let median = |axis: usize| nth(&mut shares.iter().map(|share| share[axis]).collect::<Vec<_>>(), 0.5);
    let (red, green) = (median(0), median(1));
    nth(&mut shares.iter().map(|share| (share[0] - red).hypot(share[1] - green)).collect::<Vec<_>>(), 0.95)
}

/// The value that a share of all lies below; 0 of none.
fn nth(values: &mut [f32], share: f32) -> f32 {
    let place = (values.len() as f32 * share) as usize;
    if place < values.len() { *values.select_nth_unstable_by(place, f32::total_cmp).1 } else { 0.0 }
}
