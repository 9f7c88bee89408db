//! Embedding: a face's template.

use absah_core::face::FaceTemplate;

use super::align::{AlignedFace, Alignment};
use super::geometry::{Face, Point};
use crate::models::ModelEntry;
use crate::picture::Picture;
use crate::runtime::{Bench, ModelError};

impl Bench {
    /// The template of a face of the picture.
    pub fn embed(&mut self, picture: &Picture, face: &Face) -> Result<FaceTemplate, ModelError> {
        let (networks, _) = self.parts()?;
        let alignment = alignment(networks.recogniser.entry());
        self.embed_crop(&AlignedFace::cut_to(picture, face, &alignment).ok_or(ModelError::Output)?)
    }

    /// The template of a face that was aligned by [`AlignedFace::cut`] already; cut anew only for a recogniser with an
    /// alignment of its own.
    pub fn embed_aligned(
        &mut self,
        picture: &Picture,
        face: &Face,
        aligned: &AlignedFace,
    ) -> Result<FaceTemplate, ModelError> {
        let (networks, _) = self.parts()?;
        match alignment(networks.recogniser.entry()) {
            Alignment::STANDARD => self.embed_crop(aligned),
            _ => self.embed(picture, face),
        }
    }

    fn embed_crop(&mut self, crop: &AlignedFace) -> Result<FaceTemplate, ModelError> {
        let (networks, scratch) = self.parts()?;
        let recogniser = &mut networks.recogniser;
        let entry = recogniser.entry();
        let (model, length) = (entry.id(), entry.template_length.unwrap_or_default());
        let side = entry.input.width as usize;
        entry.input.fill_planes(crop.rgb(), &mut scratch.planes);
        let features = recogniser.run_to_vector(&scratch.planes, side, side, length)?;
        FaceTemplate::new(model, features).ok_or(ModelError::Output)
    }
}

/// How a recogniser wants its faces.
fn alignment(recogniser: &ModelEntry) -> Alignment {
    match recogniser.alignment {
        None => Alignment::STANDARD,
        Some(own) => Alignment {
            side: recogniser.input.width as usize,
            landmarks: own.landmarks.map(|[x, y]| Point { x, y }),
        },
    }
}
