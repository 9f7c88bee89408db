//! Embedding: a face's template.

use absah_core::face::FaceTemplate;

use super::align::{ALIGNED_SIDE, AlignedFace};
use super::geometry::Face;
use crate::picture::Picture;
use crate::runtime::{Bench, ModelError};

impl Bench {
    /// The template of a face of the picture.
    pub fn embed(&mut self, picture: &Picture, face: &Face) -> Result<FaceTemplate, ModelError> {
        self.embed_aligned(&AlignedFace::cut(picture, face).ok_or(ModelError::Output)?)
    }

    /// The template of an aligned face.
    pub fn embed_aligned(&mut self, aligned: &AlignedFace) -> Result<FaceTemplate, ModelError> {
        let (networks, scratch) = self.parts()?;
        let recogniser = &mut networks.recogniser;
        let (model, length) =
            (recogniser.entry().id(), recogniser.entry().template_length.unwrap_or_default());
        recogniser.entry().input.fill_planes(aligned.rgb(), &mut scratch.planes);
        let features = recogniser.run_to_vector(&scratch.planes, ALIGNED_SIDE, ALIGNED_SIDE, length)?;
        FaceTemplate::new(model, features).ok_or(ModelError::Output)
    }
}
