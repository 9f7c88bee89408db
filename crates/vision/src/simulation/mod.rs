//! What happens between a thing and its photograph, as far as it can be calculated: light, a plane before a pinhole
//! camera, optics, sensor and encoder. Faces on paper and screens and cards on tables are photographed with it.

mod camera;
mod light;
mod plane;

pub(crate) use self::camera::{Camera, Exposure};
pub(crate) use self::light::{Light, LightField, add, luminance};
pub(crate) use self::plane::{Plane, attitude};
