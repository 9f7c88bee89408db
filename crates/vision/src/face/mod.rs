//! The face pipeline: detect, align, embed, and what is measured beside: presentation attacks and quality.
//!
//! Every stage is public on its own. This module measures; what a measurement means is decided elsewhere
//! (`absah_core::policy`). Coordinates are in pixels of the picture, the centre of the top left pixel at (0, 0).

mod align;
mod anchors;
mod detect;
mod embed;
mod frame;
mod geometry;
mod mesh;
mod presentation;
mod quality;
mod upright;

pub use self::align::{ALIGNED_SIDE, AlignedFace};
pub(crate) use self::anchors::DETECTOR_OUTPUTS;
pub use self::detect::{DetectorSettings, Pass};
pub use self::geometry::{Bounds, Face, Point, nearest_centre};
pub(crate) use self::mesh::MESH_OUTPUTS;
pub use self::mesh::{MESH_POINTS, Mesh, MeshPoint};
pub(crate) use self::quality::luma;
pub use self::quality::{Exposure, MeshQuality, Pose, Quality};
pub use self::upright::Upright;
