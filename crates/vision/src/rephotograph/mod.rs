//! Re-photographing by simulation: what a camera sees of a picture that is shown to it on paper or on a screen.
//!
//! Presentation attacks are rare in the hands of those who have to measure them, and pictures of them may seldom be
//! passed on. This room makes some of any pictures one may use: [`stage`] holds the picture in front of a camera,
//! [`instrument`] knows what paper and screens do to its light, [`camera`] how cameras are set. It is a
//! model, and shares the blind spots of its makers: rates on it say how detection compares between species and
//! versions, never what real attacks achieve.

mod camera;
mod collection;
mod instrument;
mod stage;

pub use self::collection::{Collection, CollectionError, collect};

use std::fmt;
use std::str::FromStr;

use crate::dice::Dice;
use crate::face::Face;
use crate::picture::Picture;
use crate::simulation::{Camera, LightField};

use self::instrument::Instrument;
use self::stage::Stage;

/// What is held in front of the camera: a presentation attack instrument of ISO/IEC 30107-1, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Species {
    /// A photograph on paper with its margin.
    Print,
    /// A large print whose edges lie outside the camera's view.
    PrintLarge,
    /// A photograph on paper, cut along the head.
    PrintCut,
    /// A phone's screen with its rim.
    PhoneScreen,
    /// A tablet's screen with its rim.
    TabletScreen,
    /// A monitor so near that its rim lies outside the camera's view.
    MonitorScreen,
}

impl Species {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Print,
        Self::PrintLarge,
        Self::PrintCut,
        Self::PhoneScreen,
        Self::TabletScreen,
        Self::MonitorScreen,
    ];

    /// Its name in manifests.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Print => "print",
            Self::PrintLarge => "print_large",
            Self::PrintCut => "print_cut",
            Self::PhoneScreen => "phone_screen",
            Self::TabletScreen => "tablet_screen",
            Self::MonitorScreen => "monitor_screen",
        }
    }
}

impl fmt::Display for Species {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// A species nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("species are print, print_large, print_cut, phone_screen, tablet_screen and monitor_screen")]
pub struct UnknownSpecies;

impl FromStr for Species {
    type Err = UnknownSpecies;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|species| species.key() == text).ok_or(UnknownSpecies)
    }
}

/// How a presentation is photographed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Condition {
    /// As cameras do it in a lit room.
    #[default]
    Ordinary,
    /// In dim light: a third of the exposure, and noise.
    Dim,
    /// From afar: the face takes a sixth of the picture's width.
    Far,
    /// Compressed twice, the second time coarsely, as messengers do.
    Recompressed,
}

impl Condition {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ordinary, Self::Dim, Self::Far, Self::Recompressed];

    /// Its name in manifests.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Dim => "dim",
            Self::Far => "far",
            Self::Recompressed => "recompressed",
        }
    }
}

/// A photograph as a file.
#[derive(Debug, Clone)]
pub struct Photograph {
    /// The JPEG's bytes.
    pub jpeg: Vec<u8>,
}

/// Photographs `shown`, presented as `species`, before a `backdrop`; the same arguments give the same bytes; `name` tells
/// photographs of one seed apart.
///
/// `face` is where the shown picture's face is: it is brought to a selfie's size in the new picture.
///
/// # Errors
/// The encoder failed.
pub fn photograph(
    shown: &Picture,
    face: &Face,
    backdrop: &Picture,
    species: Species,
    condition: Condition,
    seed: u64,
    name: &str,
) -> Result<Photograph, image::ImageError> {
    let mut dice = Dice::new(seed, name);
    let camera = Camera::choose(condition, &mut dice);
    let instrument = Instrument::choose(species, shown, face, &mut dice);
    let stage = Stage::choose(&camera, &instrument, condition, &mut dice);
    let backdrop = LightField::backdrop(backdrop, camera.width, camera.height);
    let seen = stage.seen(&camera, &instrument, &LightField::of(shown), &backdrop);
    camera.take(seen, &mut dice).map(|jpeg| Photograph { jpeg })
}

/// Photographs the picture's own scene again with nothing in between: what the conditions alone do to a bona fide
/// presentation. The picture keeps its sides.
///
/// # Errors
/// The encoder failed.
pub fn bona_fide(
    picture: &Picture,
    condition: Condition,
    seed: u64,
    name: &str,
) -> Result<Photograph, image::ImageError> {
    let mut dice = Dice::new(seed, name);
    let camera = Camera::choose(condition, &mut dice).with_sides(picture, condition);
    let seen = LightField::backdrop_sharp(picture, camera.width, camera.height);
    camera.take(seen, &mut dice).map(|jpeg| Photograph { jpeg })
}
