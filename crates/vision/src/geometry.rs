//! Places in a picture.

use crate::picture::Picture;

/// A place in a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
}

impl Point {
    /// Distance in pixels.
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The place a share of the way to another: 0 is here, 1 there; below 0 and above 1 it lies beyond.
    pub fn towards(self, other: Self, share: f32) -> Self {
        Self { x: self.x + (other.x - self.x) * share, y: self.y + (other.y - self.y) * share }
    }
}

/// An upright rectangle in pixels; it may reach beyond the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Left edge.
    pub left: f32,
    /// Top edge.
    pub top: f32,
    /// Width, above zero.
    pub width: f32,
    /// Height, above zero.
    pub height: f32,
}

impl Bounds {
    /// Area in square pixels.
    pub fn area(self) -> f32 {
        self.width * self.height
    }

    /// The middle.
    pub fn centre(self) -> Point {
        Point { x: self.left + self.width / 2.0, y: self.top + self.height / 2.0 }
    }

    /// Area of the part inside the picture, in square pixels.
    pub fn area_within(self, picture: &Picture) -> f32 {
        let along = |start: f32, length: f32, side: u32| {
            ((start + length).min(side as f32) - start.max(0.0)).max(0.0)
        };
        along(self.left, self.width, picture.width()) * along(self.top, self.height, picture.height())
    }

    /// Area of the intersection over area of the union, 0 to 1.
    pub fn overlap(self, other: Self) -> f32 {
        let along =
            |a: f32, a_size: f32, b: f32, b_size: f32| ((a + a_size).min(b + b_size) - a.max(b)).max(0.0);
        let shared = along(self.left, self.width, other.left, other.width)
            * along(self.top, self.height, other.top, other.height);
        shared / (self.area() + other.area() - shared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlap_is_intersection_over_union() {
        let at = |left, top, width, height| Bounds { left, top, width, height };
        let table = [
            (at(0.0, 0.0, 2.0, 2.0), at(0.0, 0.0, 2.0, 2.0), 1.0),
            (at(0.0, 0.0, 2.0, 2.0), at(1.0, 0.0, 2.0, 2.0), 1.0 / 3.0),
            (at(0.0, 0.0, 2.0, 2.0), at(2.0, 0.0, 2.0, 2.0), 0.0),
            (at(0.0, 0.0, 4.0, 4.0), at(1.0, 1.0, 2.0, 2.0), 0.25),
        ];
        for (a, b, expected) in table {
            assert!(
                (a.overlap(b) - expected).abs() < 1e-6 && (b.overlap(a) - expected).abs() < 1e-6,
                "{a:?} {b:?}"
            );
        }
    }
}
