//! Righting: pictures that were taken or stored lying on their side or upside down, without a word about it.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions};

use super::detect::{DetectorSettings, Pass};
use super::geometry::{Bounds, Face, nearest_centre};
use crate::picture::{Picture, Turn};
use crate::runtime::{Bench, ModelError};
use crate::view::View;

/// A face of at least this confidence is upright: of upright faces nearly all have it, of turned ones hardly any, since
/// the detector was trained on upright ones.
const SURE: f32 = 0.91;

/// By how much more confidence another orientation has to show its face: enough that an upright face that is blurred,
/// dark or turned away is not laid on its side for the sake of a pattern.
const BETTER: f32 = 0.02;

/// How large a picture is drawn to look at it in another orientation, and its border.
const GLANCE: Pass = Pass { side: 320, margin: 0.0 };
/// The same for a face that fills its picture.
const GLANCE_BORDERED: Pass = Pass { side: 320, margin: 0.4 };

/// A picture the way its faces stand upright, and these faces.
#[derive(Debug)]
pub struct Upright<'p> {
    original: &'p Picture,
    turned: Option<Picture>,
    turn: Turn,
    faces: Vec<Face>,
}

impl<'p> Upright<'p> {
    /// A picture that is known to stand upright, and its faces.
    pub(crate) fn as_given(picture: &'p Picture, faces: Vec<Face>) -> Self {
        Self { original: picture, turned: None, turn: Turn::Upright, faces }
    }

    /// The picture, upright: what the faces' coordinates are of.
    pub fn picture(&self) -> &Picture {
        self.turned.as_ref().unwrap_or(self.original)
    }

    /// Where a face's bounds lie in the picture as it was given.
    pub fn in_original(&self, bounds: Bounds) -> Bounds {
        turned_back(bounds, self.turn, self.original)
    }

    /// How the original was turned.
    pub fn turn(&self) -> Turn {
        self.turn
    }

    /// The faces, the most prominent first; the first alone where only the one nearest the centre was asked for.
    pub fn faces(&self) -> &[Face] {
        &self.faces
    }
}

/// Bounds in a picture that was turned, in the `original`'s pixels.
fn turned_back(bounds: Bounds, turn: Turn, original: &Picture) -> Bounds {
    let (across, along) = (original.width() as f32, original.height() as f32);
    let Bounds { left, top, width, height } = bounds;
    match turn {
        Turn::Upright => bounds,
        Turn::Half => Bounds { left: across - left - width, top: along - top - height, width, height },
        Turn::Right => Bounds { left: top, top: along - left - width, width: height, height: width },
        Turn::Left => Bounds { left: across - top - height, top: left, width: height, height: width },
    }
}

/// A picture in the orientation it is looked at in, and what the first pass that found something saw in it.
struct Orientation {
    turn: Turn,
    turned: Option<Picture>,
    seen: Option<(View, Vec<Face>)>,
}

impl Bench {
    /// The faces of a picture as [`Bench::detect`] orders them, the picture first turned by quarters where that is how
    /// they stand upright. An upright picture with a clear face costs nothing more than [`Bench::detect`].
    pub fn detect_upright<'p>(&mut self, picture: &'p Picture) -> Result<Upright<'p>, ModelError> {
        let settings = DetectorSettings::DEFAULT;
        let Orientation { turn, turned, seen } = self.righted(picture, &settings)?;
        let faces = match seen {
            Some((view, faces)) => {
                self.in_order(turned.as_ref().unwrap_or(picture), &view, &settings, faces)?
            }
            None => Vec::new(),
        };
        Ok(Upright { original: picture, turned, turn, faces })
    }

    /// The same with the face nearest the picture's centre alone (see [`nearest_centre`]).
    pub fn detect_upright_nearest_centre<'p>(
        &mut self,
        picture: &'p Picture,
    ) -> Result<Upright<'p>, ModelError> {
        self.detect_upright_nearest_centre_with(picture, &DetectorSettings::DEFAULT)
    }

    /// The same, searched with other settings.
    pub fn detect_upright_nearest_centre_with<'p>(
        &mut self,
        picture: &'p Picture,
        settings: &DetectorSettings,
    ) -> Result<Upright<'p>, ModelError> {
        let Orientation { turn, turned, seen } = self.righted(picture, settings)?;
        let upright = turned.as_ref().unwrap_or(picture);
        let mut faces = Vec::new();
        if let Some((view, seen)) = &seen
            && let Some(&face) = nearest_centre(seen, upright)
        {
            faces.push(self.refine(upright, view, settings, face)?);
        }
        Ok(Upright { original: picture, turned, turn, faces })
    }

    /// The orientation that shows the surest face. The other three are looked at on a small copy; the picture itself is
    /// turned once at most.
    fn righted(&mut self, picture: &Picture, settings: &DetectorSettings) -> Result<Orientation, ModelError> {
        let as_it_is = self.search(picture, settings)?;
        let confidence = as_it_is.as_ref().map_or(0.0, |(_, faces)| confidence_of(faces));
        if confidence < SURE
            && let Some(turn) = self.better_turn(picture, confidence)?
        {
            let turned = picture.turned(turn);
            let seen = self.search(&turned, settings)?;
            return Ok(Orientation { turn, turned: Some(turned), seen });
        }
        Ok(Orientation { turn: Turn::Upright, turned: None, seen: as_it_is })
    }

    /// The turn that shows the surest face, where it is clearly surer than `confidence`.
    fn better_turn(&mut self, picture: &Picture, confidence: f32) -> Result<Option<Turn>, ModelError> {
        let small = self.reduced(picture, GLANCE.side)?;
        let mut best = (confidence + BETTER, None);
        for turn in Turn::OTHERS {
            let found = self.glance(&small.turned(turn))?;
            if found >= best.0 {
                best = (found, Some(turn));
            }
        }
        Ok(best.1)
    }

    /// The confidence of the face a quick look shows, 0 to 1.
    fn glance(&mut self, turned: &Picture) -> Result<f32, ModelError> {
        let settings = DetectorSettings::DEFAULT;
        let (_, faces) = self.pass(turned, &settings, &GLANCE)?;
        if !faces.is_empty() {
            return Ok(confidence_of(&faces));
        }
        let (_, faces) = self.pass(turned, &settings, &GLANCE_BORDERED)?;
        Ok(confidence_of(&faces))
    }

    /// A copy whose longer side has at most `side` pixels.
    fn reduced(&mut self, picture: &Picture, side: usize) -> Result<Picture, ModelError> {
        let (width, height) = (picture.width() as f32, picture.height() as f32);
        let scale = side as f32 / width.max(height);
        if scale >= 1.0 {
            return Ok(picture.clone());
        }
        let along = |length: f32| ((length * scale).round() as u32).max(1);
        let (width, height) = (along(width), along(height));
        let mut rgb = vec![0; width as usize * height as usize * 3];
        let source = TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), picture.rgb())?;
        let mut target = TypedImage::<U8x3>::from_buffer(width, height, &mut rgb)?;
        let smooth = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
        self.scratch.resizer.resize_typed(&source, &mut target, &smooth)?;
        drop(target);
        Picture::new(width, height, rgb).ok_or(ModelError::Output)
    }
}

/// The confidence of the most prominent face, 0 to 1; 0 where there is none.
fn confidence_of(faces: &[Face]) -> f32 {
    faces.iter().max_by(|a, b| a.prominence().total_cmp(&b.prominence())).map_or(0.0, |face| face.score)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The one light pixel of a dark picture is turned, and its bounds are turned back to it.
    #[test]
    fn bounds_are_told_in_the_picture_as_it_was_given() {
        let (width, height, column, row) = (5, 3, 3, 1);
        let level = |place: usize| if place == row * width + column { 255 } else { 0 };
        let rgb = (0..width * height).flat_map(|place| [level(place); 3]).collect();
        let original = Picture::new(width as u32, height as u32, rgb).expect("a picture");
        let expected = Bounds { left: column as f32, top: row as f32, width: 1.0, height: 1.0 };
        for turn in [Turn::Upright, Turn::Right, Turn::Left, Turn::Half] {
            let turned = original.turned(turn);
            let light = turned.rgb().iter().position(|&level| level == 255).expect("a light pixel") / 3;
            let side = turned.width() as usize;
            let seen =
                Bounds { left: (light % side) as f32, top: (light / side) as f32, width: 1.0, height: 1.0 };
            assert_eq!(turned_back(seen, turn, &original), expected, "{turn:?}");
        }
    }
}
