//! Detection: where the faces are.

use ort::session::SessionOutputs;

use super::anchors::{GRIDS, GridOutputs, suppress};
use super::geometry::{Face, nearest_centre};
use crate::picture::Picture;
use crate::runtime::{Bench, ModelError};
use crate::view::View;

/// How a picture is searched; see `docs/biometrics.md` for the measurements behind the numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetectorSettings {
    /// The passes, until one finds a face.
    pub passes: &'static [Pass],
    /// Least confidence of a face, 0 to 1.
    pub least_score: f32,
    /// Candidates that overlap by more than this are one face, 0 to 1.
    pub overlap: f32,
    /// How many times its size a small picture is drawn at most.
    pub enlarged: f32,
    /// A face whose longer side came out smaller than this on the canvas is looked at again, closer, where the
    /// picture holds more of it; canvas pixels.
    pub refine_below: f32,
}

/// One look at the whole picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pass {
    /// The longer side in canvas pixels.
    pub side: usize,
    /// Border all around as a share of the picture's longer side.
    pub margin: f32,
}

impl DetectorSettings {
    /// What the server uses.
    pub const DEFAULT: Self = Self {
        passes: &[
            Pass { side: 320, margin: 0.0 },
            Pass { side: 320, margin: 0.4 },
            Pass { side: 640, margin: 0.0 },
        ],
        least_score: 0.6,
        overlap: 0.3,
        enlarged: 2.0,
        refine_below: 64.0,
    };
}

impl Bench {
    /// The faces of a picture, the most prominent first (see [`Face::prominence`]); none is no error.
    pub fn detect(&mut self, picture: &Picture) -> Result<Vec<Face>, ModelError> {
        let settings = &DetectorSettings::DEFAULT;
        let Some((view, faces)) = self.search(picture, settings)? else { return Ok(Vec::new()) };
        self.in_order(picture, &view, settings, faces)
    }

    /// Puts the most prominent face first, and looks at it as closely as it takes.
    pub(super) fn in_order(
        &mut self,
        picture: &Picture,
        view: &View,
        settings: &DetectorSettings,
        mut faces: Vec<Face>,
    ) -> Result<Vec<Face>, ModelError> {
        faces.sort_by(|a, b| b.prominence().total_cmp(&a.prominence()));
        if let Some(first) = faces.first_mut() {
            *first = self.refine(picture, view, settings, *first)?;
        }
        Ok(faces)
    }

    /// The face nearest the picture's centre (see [`nearest_centre`]), looked at as closely as [`Self::detect`] looks
    /// at the most prominent one.
    pub fn detect_nearest_centre(&mut self, picture: &Picture) -> Result<Option<Face>, ModelError> {
        self.detect_nearest_centre_with(picture, &DetectorSettings::DEFAULT)
    }

    /// The same, searched with other settings.
    pub fn detect_nearest_centre_with(
        &mut self,
        picture: &Picture,
        settings: &DetectorSettings,
    ) -> Result<Option<Face>, ModelError> {
        let Some((view, faces)) = self.search(picture, settings)? else { return Ok(None) };
        let Some(face) = nearest_centre(&faces, picture) else { return Ok(None) };
        self.refine(picture, &view, settings, *face).map(Some)
    }

    /// The first pass that finds faces, and these.
    pub(super) fn search(
        &mut self,
        picture: &Picture,
        settings: &DetectorSettings,
    ) -> Result<Option<(View, Vec<Face>)>, ModelError> {
        for pass in settings.passes {
            let (view, faces) = self.pass(picture, settings, pass)?;
            if !faces.is_empty() {
                return Ok(Some((view, faces)));
            }
        }
        Ok(None)
    }

    /// One look at the whole picture, and what was seen.
    pub(super) fn pass(
        &mut self,
        picture: &Picture,
        settings: &DetectorSettings,
        pass: &Pass,
    ) -> Result<(View, Vec<Face>), ModelError> {
        let step = self.detector_step()?;
        let view = View::whole(picture, pass.side, pass.margin, settings.enlarged, step);
        let faces = self.look(picture, &view, settings)?;
        Ok((view, faces))
    }

    /// Looks at a face again where the canvas showed it small and the picture holds more of it: landmarks of a few
    /// canvas pixels are too coarse to align by.
    pub(super) fn refine(
        &mut self,
        picture: &Picture,
        view: &View,
        settings: &DetectorSettings,
        face: Face,
    ) -> Result<Face, ModelError> {
        let longer = face.bounds.width.max(face.bounds.height);
        if view.scale() >= 1.0 || longer * view.scale() >= settings.refine_below {
            return Ok(face);
        }
        let step = self.detector_step()?;
        let close = View::square(face.bounds, CLOSE_LOOK, CLOSE_SIDE, 1.0, step);
        let seen = self.look(picture, &close, settings)?;
        let same = seen.into_iter().filter(|closer| closer.bounds.overlap(face.bounds) > SAME_FACE);
        Ok(same.max_by(|a, b| a.score.total_cmp(&b.score)).unwrap_or(face))
    }

    /// One run of the detector.
    fn look(
        &mut self,
        picture: &Picture,
        view: &View,
        settings: &DetectorSettings,
    ) -> Result<Vec<Face>, ModelError> {
        let (networks, scratch) = self.parts()?;
        let input = networks.detector.entry().input;
        let Some(placement) = view.draw(picture, &input, scratch)? else { return Ok(Vec::new()) };
        let candidates = networks.detector.run(&scratch.planes, view.width, view.height, |outputs| {
            candidates(outputs, view, settings.least_score)
        })?;
        let mut faces = suppress(candidates, settings.overlap);
        for face in &mut faces {
            face.bounds = placement.bounds_in_picture(face.bounds);
            face.landmarks = face.landmarks.map(|landmark| placement.in_picture(landmark));
        }
        Ok(faces)
    }

    fn detector_step(&mut self) -> Result<usize, ModelError> {
        let (networks, _) = self.parts()?;
        let input = networks.detector.entry().input;
        Ok(input.multiple_of.unwrap_or(input.width) as usize)
    }
}

/// Side of the square of the closer look, as a share of the face's longer side.
const CLOSE_LOOK: f32 = 2.0;

/// The closer look's canvas, in pixels.
const CLOSE_SIDE: usize = 192;

/// A face of the closer look is the same one where it overlaps by more than this.
const SAME_FACE: f32 = 0.3;

fn candidates(outputs: &SessionOutputs, view: &View, least: f32) -> Result<Vec<Face>, ModelError> {
    let numbers = |name: &str| {
        let (_, numbers) = outputs.get(name).ok_or(ModelError::Output)?.try_extract_tensor::<f32>()?;
        Ok::<_, ModelError>(numbers)
    };
    let mut found = Vec::new();
    for grid in &GRIDS {
        let [class, object, bounds, landmarks] = grid.outputs;
        let outputs = GridOutputs {
            class: numbers(class)?,
            object: numbers(object)?,
            bounds: numbers(bounds)?,
            landmarks: numbers(landmarks)?,
        };
        grid.read(&outputs, view.width, view.height, least, &mut found)?;
    }
    Ok(found)
}
