//! Where a face is.

pub use crate::geometry::{Bounds, Point};
use crate::picture::Picture;

/// A detected face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// Its bounds: forehead to chin, without ears.
    pub bounds: Bounds,
    /// The eye on the left of the picture, the other eye, the tip of the nose, the left corner of the mouth, the other.
    pub landmarks: [Point; 5],
    /// The detector's confidence, 0 to 1.
    pub score: f32,
}

impl Face {
    /// Distance between the eyes' centres in pixels.
    pub fn eye_distance(&self) -> f32 {
        let [left, right, ..] = self.landmarks;
        left.distance(right)
    }

    /// What faces are ordered by: area times confidence. The subject of a selfie or portrait is the face closest to
    /// the camera; the confidence keeps a large false detection from taking its place.
    pub fn prominence(&self) -> f32 {
        self.bounds.area() * self.score
    }
}

/// The face whose centre is nearest the picture's centre: how face benchmarks name their subject.
pub fn nearest_centre<'f>(faces: &'f [Face], picture: &Picture) -> Option<&'f Face> {
    let centre = Point { x: picture.width() as f32 / 2.0, y: picture.height() as f32 / 2.0 };
    let distance = |face: &Face| face.bounds.centre().distance(centre);
    faces.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}
