//! A plane before a pinhole camera.

use super::light::add;

/// A plane in front of a pinhole camera: its axes and centre, in millimetres and the camera's coordinates (x to the
/// right, y downwards, z away from it).
pub(crate) struct Plane {
    /// Unit vectors along the plane's own x and y.
    pub(crate) across: [f32; 3],
    pub(crate) down: [f32; 3],
    /// Where the plane's origin is.
    pub(crate) centre: [f32; 3],
    /// Pixels per unit of slope.
    pub(crate) focal: f32,
}

/// The axes of a plane that is rolled in itself, then turned about the vertical (yaw) and the horizontal (pitch), in
/// radians.
pub(crate) fn attitude(yaw: f32, pitch: f32, roll: f32) -> ([f32; 3], [f32; 3]) {
    let turn = |[x, y, z]: [f32; 3]| {
        let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
        let (x, z) = (x * yaw.cos() + z * yaw.sin(), z * yaw.cos() - x * yaw.sin());
        [x, y * pitch.cos() - z * pitch.sin(), y * pitch.sin() + z * pitch.cos()]
    };
    (turn([1.0, 0.0, 0.0]), turn([0.0, 1.0, 0.0]))
}

impl Plane {
    /// Where the ray through a place of the sensor, counted from its middle, meets the plane, and how many millimetres
    /// a pixel covers there.
    pub(crate) fn meet(&self, x: f32, y: f32) -> Option<(f32, f32, f32)> {
        let ray = [x / self.focal, y / self.focal, 1.0];
        let normal = cross(self.across, self.down);
        let steep = dot(ray, normal);
        let depth = dot(self.centre, normal) / steep;
        if !depth.is_finite() || depth <= 0.0 {
            return None;
        }
        let mut place = ray.map(|axis| axis * depth);
        add(&mut place, self.centre, -1.0);
        Some((dot(place, self.across), dot(place, self.down), depth / self.focal))
    }

    /// Where a place of the plane is seen, counted in pixels from the sensor's middle.
    pub(crate) fn seen_at(&self, x: f32, y: f32) -> (f32, f32) {
        let mut place = self.centre;
        add(&mut place, self.across, x);
        add(&mut place, self.down, y);
        let [right, low, depth] = place;
        (right / depth * self.focal, low / depth * self.focal)
    }
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn cross([a, b, c]: [f32; 3], [x, y, z]: [f32; 3]) -> [f32; 3] {
    [b * z - c * y, c * x - a * z, a * y - b * x]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_at_a_place_is_met_there() {
        for (yaw, pitch, roll) in [(0.0, 0.0, 0.0), (0.4, -0.3, 0.1), (-0.2, 0.5, 3.0)] {
            let (across, down) = attitude(yaw, pitch, roll);
            let plane = Plane { across, down, centre: [10.0, -5.0, 300.0], focal: 1_200.0 };
            for (x, y) in [(0.0, 0.0), (42.8, 27.0), (-42.8, 27.0), (13.0, -27.0)] {
                let (column, row) = plane.seen_at(x, y);
                let (back_x, back_y, footprint) = plane.meet(column, row).expect("in front");
                assert!((back_x - x).abs() < 0.01 && (back_y - y).abs() < 0.01, "{yaw} {pitch} {roll}");
                assert!((0.1..0.4).contains(&footprint), "{footprint}");
            }
        }
    }
}
