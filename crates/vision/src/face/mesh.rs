//! The face's mesh: 468 points on its surface, and the upright square of the picture they were found in.

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::align::{Similarity, sample};
use super::geometry::{Face, Point};
use crate::picture::Picture;
use crate::runtime::{Bench, ModelError};

/// How many points a mesh has.
pub const MESH_POINTS: usize = 468;

/// The names of the outputs a mesh model has to have.
pub(crate) const MESH_OUTPUTS: [&str; 2] = [LANDMARKS, PRESENCE];
/// Three numbers for each point.
const LANDMARKS: &str = "landmarks";
/// One logit.
const PRESENCE: &str = "presence";

/// How many times the longer side of the face's bounds the model sees, as MediaPipe's own graph cuts its faces.
const SURROUNDINGS: f32 = 1.5;

/// Below this presence a mesh is looked for once more.
const SURE: f32 = 0.99;
/// The same where the eyes lie further from level than this, in degrees: the detector tells the slant of a face that leans
/// over by half of it.
const LEVEL: f32 = 10.0;
/// The eyes' outer corners, left and right of the picture.
const OUTER_CORNERS: (usize, usize) = (33, 263);

/// A face's mesh in MediaPipe's topology: the numbers of its points are those of the canonical face model.
///
/// Left and right are the picture's. Wiped on drop.
#[derive(Clone, PartialEq)]
pub struct Mesh {
    points: Points,
    crop: Picture,
    from_crop: Similarity,
    logit: f32,
}

#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop)]
struct Points(Vec<MeshPoint>);

/// A point of the mesh in pixels of the crop, the head's roll taken out.
#[derive(Debug, Clone, Copy, PartialEq, Default, Zeroize)]
pub struct MeshPoint {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
    /// Depth: away from the camera, at about the same scale; the head's centre is near 0.
    pub z: f32,
}

impl MeshPoint {
    /// Distance across the picture, without depth.
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

impl Mesh {
    /// The model's confidence that its crop shows a face, 0 to 1.
    pub fn presence(&self) -> f32 {
        1.0 / (1.0 + (-self.logit).exp())
    }

    /// The same in powers of ten, 0 to 7: how many nines it has.
    pub(super) fn confidence(&self) -> f32 {
        self.logit.exp().ln_1p().min(7.0 * std::f32::consts::LN_10) / std::f32::consts::LN_10
    }

    /// A point by its number, in pixels of the crop; the crop's origin for a number the mesh has not.
    pub fn point(&self, number: usize) -> MeshPoint {
        self.points.0.get(number).copied().unwrap_or_default()
    }

    /// A point by its number, in pixels of the picture.
    pub fn landmark(&self, number: usize) -> Point {
        let MeshPoint { x, y, .. } = self.point(number);
        self.in_picture(x, y)
    }

    fn in_picture(&self, x: f32, y: f32) -> Point {
        // The model counts from the corner of the first pixel, pictures here from its centre.
        let (x, y) = self.from_crop.apply(f64::from(x) - 0.5, f64::from(y) - 0.5);
        Point { x: x as f32, y: y as f32 }
    }

    /// The square of the picture the mesh was found in, turned upright.
    pub fn crop(&self) -> &Picture {
        &self.crop
    }

    /// The crop's pixels: red, green, blue, row by row, [`Self::side`] pixels wide and high.
    pub(super) fn rgb(&self) -> &[u8] {
        self.crop.rgb()
    }

    /// Side of the crop in pixels.
    pub(super) fn side(&self) -> usize {
        self.crop.width() as usize
    }

    /// How many pixels of the picture a pixel of the crop is long.
    pub fn scale(&self) -> f32 {
        self.from_crop.scale() as f32
    }

    /// How far the eyes lie from level in the crop, clockwise, in degrees.
    fn slant(&self) -> f32 {
        let (left, right) = (self.point(OUTER_CORNERS.0), self.point(OUTER_CORNERS.1));
        (right.y - left.y).atan2(right.x - left.x).to_degrees()
    }

    /// How far the crop is turned clockwise against the picture, in degrees from -180 to 180.
    pub fn turn(&self) -> f32 {
        self.from_crop.angle().to_degrees() as f32
    }
}

impl std::fmt::Debug for Mesh {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mesh(<private>)")
    }
}

impl Bench {
    /// The mesh of a face of the picture.
    ///
    /// Where the detector's eyes were far from level, or the model is not sure, it looks once more at the square of the
    /// mesh it found, and the surer of both meshes counts.
    ///
    /// # Errors
    /// [`ModelError::Output`] where the face's landmarks have no extent, or the model gave what is no mesh.
    pub fn mesh(&mut self, picture: &Picture, face: &Face) -> Result<Mesh, ModelError> {
        let first = self.mesh_in(picture, |side| square_of(face, side))?;
        if first.presence() >= SURE && first.slant().abs() <= LEVEL {
            return Ok(first);
        }
        let second = self.mesh_in(picture, |side| square_around(&first, side))?;
        Ok(if second.logit > first.logit { second } else { first })
    }

    /// The mesh of whatever a square of the picture shows.
    fn mesh_in(
        &mut self,
        picture: &Picture,
        square: impl FnOnce(usize) -> Option<Similarity>,
    ) -> Result<Mesh, ModelError> {
        let (networks, scratch) = self.parts()?;
        let model = &mut networks.face_landmarks;
        let input = model.entry().input;
        let side = input.width as usize;
        let from_crop = square(side).ok_or(ModelError::Output)?;
        let crop = Picture::new(input.width, input.width, sample(picture, &from_crop, side))
            .ok_or(ModelError::Output)?;
        input.fill_planes(crop.rgb(), &mut scratch.planes);
        let (points, logit) = model.run(&scratch.planes, side, side, |outputs| {
            let numbers = |name: &str| {
                let (_, numbers) =
                    outputs.get(name).ok_or(ModelError::Output)?.try_extract_tensor::<f32>()?;
                Ok::<_, ModelError>(numbers)
            };
            Ok((points(numbers(LANDMARKS)?)?, logit(numbers(PRESENCE)?)?))
        })?;
        Ok(Mesh { points, crop, from_crop, logit })
    }
}

/// The square around a face, turned so that the eyes lie level.
fn square_of(face: &Face, side: usize) -> Option<Similarity> {
    let [left, right, ..] = face.landmarks;
    let angle = f64::from(right.y - left.y).atan2(f64::from(right.x - left.x));
    let longer = face.bounds.width.max(face.bounds.height);
    Similarity::onto_square(face.bounds.centre(), f64::from(longer * SURROUNDINGS), angle, side)
}

/// The square around a mesh, turned so that its eyes lie level.
fn square_around(mesh: &Mesh, side: usize) -> Option<Similarity> {
    let (sin, cos) = mesh.slant().to_radians().sin_cos();
    // The mesh's extent along its own eye line, and across it.
    let turned = |point: &MeshPoint| (point.x * cos + point.y * sin, point.y * cos - point.x * sin);
    let least = (f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY);
    let (left, top, right, bottom) =
        mesh.points.0.iter().map(turned).fold(least, |bounds, (x, y)| {
            (bounds.0.min(x), bounds.1.min(y), bounds.2.max(x), bounds.3.max(y))
        });
    let (x, y) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
    let centre = mesh.in_picture(x * cos - y * sin, x * sin + y * cos);
    let longer = (right - left).max(bottom - top) * mesh.scale();
    let angle = f64::from(mesh.turn() + mesh.slant()).to_radians();
    Similarity::onto_square(centre, f64::from(longer * SURROUNDINGS), angle, side)
}

fn points(numbers: &[f32]) -> Result<Points, ModelError> {
    let sound = numbers.len() == MESH_POINTS * 3 && numbers.iter().all(|number| number.is_finite());
    if !sound {
        return Err(ModelError::Output);
    }
    Ok(Points(numbers.as_chunks::<3>().0.iter().map(|&[x, y, z]| MeshPoint { x, y, z }).collect()))
}

/// The model's only number, held within what has an exponential.
fn logit(numbers: &[f32]) -> Result<f32, ModelError> {
    match numbers {
        [logit] if logit.is_finite() => Ok(logit.clamp(-60.0, 60.0)),
        _ => Err(ModelError::Output),
    }
}
