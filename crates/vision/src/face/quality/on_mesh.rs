//! What a face's mesh tells of its quality.

use super::{Pose, mouth};
use crate::face::mesh::Mesh;
use crate::runtime::{Bench, ModelError};

/// Measurements by a face's mesh.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeshQuality {
    /// The model's confidence that there is a face, 0 to 1.
    pub presence: f32,
    /// Where the head is turned.
    pub pose: Pose,
    /// To what degree mouth and nose are covered, 0 to 1.
    pub mouth_covered: f32,
    /// To what degree the eyes are covered, 0 to 1.
    pub eyes_covered: f32,
    /// To what degree the opener of the two eyes is seen to be open, 0 to 1.
    pub eyes_open: f32,
}

impl Bench {
    /// Measures a face by its mesh (see [`Bench::mesh`]).
    pub fn mesh_quality(&mut self, mesh: &Mesh) -> Result<MeshQuality, ModelError> {
        let eyes = self.eyes(mesh)?;
        Ok(MeshQuality {
            presence: mesh.presence(),
            pose: Pose::of(mesh),
            mouth_covered: mouth::covered(mesh),
            eyes_covered: eyes.covered,
            eyes_open: eyes.open,
        })
    }
}
