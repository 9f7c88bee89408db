//! Head pose.

use crate::face::mesh::{Mesh, MeshPoint};

/// Where a head is turned, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// Turned to the side: above 0 towards the left of the picture.
    pub yaw: f32,
    /// Bowed (above 0) or thrown back (below).
    pub pitch: f32,
    /// Leant over, clockwise in the picture, -180 to 180.
    pub roll: f32,
}

/// Points of the mesh that lie alike on both sides: left and right of the picture. Corners of the eyes, of the mouth,
/// of the nose's wings, temples and cheeks.
const PAIRS: [(usize, usize); 6] = [(33, 263), (133, 362), (61, 291), (234, 454), (127, 356), (98, 327)];
/// The top of the forehead and the point of the chin.
const TOP: usize = 10;
const CHIN: usize = 152;
/// The pitch that the line from forehead to chin shows in a head held level, in degrees: the median of pictures of
/// people who look straight ahead.
const LEVEL: f32 = 5.0;

impl Pose {
    /// From the axes of the head: across by the pairs, along by forehead and chin.
    pub(super) fn of(mesh: &Mesh) -> Self {
        let turned = Self::of_points(|number| mesh.point(number));
        Self { roll: normalised(turned.roll + mesh.turn()), ..turned }
    }

    fn of_points(point: impl Fn(usize) -> MeshPoint) -> Self {
        let across = PAIRS.iter().map(|&(left, right)| between(point(left), point(right)));
        let across =
            unit(across.fold([0.0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]]));
        let along = between(point(TOP), point(CHIN));
        let shared = across[0] * along[0] + across[1] * along[1] + across[2] * along[2];
        let along = unit([
            along[0] - shared * across[0],
            along[1] - shared * across[1],
            along[2] - shared * across[2],
        ]);
        Self {
            yaw: across[2].atan2(across[0].hypot(across[1])).to_degrees(),
            pitch: along[2].atan2(along[0].hypot(along[1])).to_degrees() - LEVEL,
            roll: across[1].atan2(across[0]).to_degrees(),
        }
    }
}

fn between(from: MeshPoint, to: MeshPoint) -> [f32; 3] {
    [to.x - from.x, to.y - from.y, to.z - from.z]
}

/// Scaled to length 1; no direction where it has none.
fn unit(vector: [f32; 3]) -> [f32; 3] {
    let length = vector.iter().map(|part| part * part).sum::<f32>().sqrt();
    if length > f32::EPSILON { vector.map(|part| part / length) } else { [0.0; 3] }
}

/// An angle brought into -180 to 180 degrees.
fn normalised(degrees: f32) -> f32 {
    (degrees + 180.0).rem_euclid(360.0) - 180.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A head of six pairs and a vertical, level and straight, turned about the three axes.
    fn head(yaw: f32, pitch: f32, roll: f32) -> Pose {
        let (yaw, pitch, roll) = (yaw.to_radians(), (pitch + LEVEL).to_radians(), roll.to_radians());
        let turned = move |x: f32, y: f32, z: f32| {
            let (y, z) = (y * pitch.cos() - z * pitch.sin(), y * pitch.sin() + z * pitch.cos());
            let (x, z) = (x * yaw.cos() - z * yaw.sin(), x * yaw.sin() + z * yaw.cos());
            let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
            MeshPoint { x, y, z }
        };
        Pose::of_points(|number| {
            let side = |&(left, right): &(usize, usize)| match number {
                _ if number == left => Some(-30.0),
                _ if number == right => Some(30.0),
                _ => None,
            };
            match (number, PAIRS.iter().find_map(side)) {
                (TOP, _) => turned(0.0, -60.0, 0.0),
                (CHIN, _) => turned(0.0, 60.0, 0.0),
                (_, Some(x)) => turned(x, 0.0, 0.0),
                _ => MeshPoint::default(),
            }
        })
    }

    #[test]
    fn each_turn_is_told_by_its_own_angle() {
        let rows = [
            (0.0, 0.0, 0.0),
            (30.0, 0.0, 0.0),
            (-45.0, 0.0, 0.0),
            (0.0, 25.0, 0.0),
            (0.0, -20.0, 0.0),
            (0.0, 0.0, 12.0),
        ];
        for (yaw, pitch, roll) in rows {
            let found = head(yaw, pitch, roll);
            // The bow a level head has of itself is seen smaller from the side.
            let close = |a: f32, b: f32| (a - b).abs() < 1.6;
            assert!(
                close(found.yaw, yaw) && close(found.pitch, pitch) && close(found.roll, roll),
                "{yaw} {pitch} {roll}: {found:?}"
            );
        }
    }

    #[test]
    fn points_that_fall_together_have_a_finite_pose() {
        let found = Pose::of_points(|_| MeshPoint::default());
        assert!([found.yaw, found.pitch, found.roll].iter().all(|angle| angle.is_finite()), "{found:?}");
    }

    #[test]
    fn angles_are_brought_into_half_a_turn() {
        for (degrees, expected) in [(190.0, -170.0), (-190.0, 170.0), (45.0, 45.0), (540.0, -180.0)] {
            assert!((normalised(degrees) - expected).abs() < 1e-3, "{degrees}");
        }
    }
}
