//! Smooth chance over a plane, for grain, weave and marble.

/// A field of values from 0 to 1, the same for the same key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noise(u32);

impl Noise {
    pub(super) const fn new(key: u32) -> Self {
        Self(key)
    }

    /// The value of a cell of the unit grid.
    pub(super) fn cell(self, x: i32, y: i32) -> f32 {
        let mut bits = self.0
            ^ x.cast_unsigned().wrapping_mul(0x9e37_79b1)
            ^ y.cast_unsigned().wrapping_mul(0x85eb_ca77).rotate_left(13);
        bits = (bits ^ (bits >> 16)).wrapping_mul(0x7feb_352d);
        bits = (bits ^ (bits >> 15)).wrapping_mul(0x846c_a68b);
        bits ^= bits >> 16;
        // The 24 bits a float holds.
        (bits >> 8) as f32 / 16_777_216.0
    }

    /// The value of the cell a place lies in.
    pub(super) fn block(self, x: f32, y: f32) -> f32 {
        self.cell(x.floor() as i32, y.floor() as i32)
    }

    /// A value that changes smoothly from cell to cell.
    pub(super) fn at(self, x: f32, y: f32) -> f32 {
        let (column, row) = (x.floor(), y.floor());
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let (right, down) = (ease(x - column), ease(y - row));
        let (column, row) = (column as i32, row as i32);
        let (next, below) = (column.wrapping_add(1), row.wrapping_add(1));
        let top = mixed(self.cell(column, row), self.cell(next, row), right);
        let bottom = mixed(self.cell(column, below), self.cell(next, below), right);
        mixed(top, bottom, down)
    }

    /// The same with finer and weaker octaves on top.
    pub(super) fn fractal(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut weight, mut weights, mut scale) = (0.0, 1.0, 0.0, 1.0);
        for octave in 0..octaves {
            sum += weight * Self(self.0.wrapping_add(octave)).at(x * scale, y * scale);
            weights += weight;
            weight *= 0.5;
            scale *= 2.0;
        }
        sum / f32::max(weights, 1.0)
    }
}

/// Between two values.
pub(super) fn mixed(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_between_0_and_1_and_have_no_jumps() {
        let noise = Noise::new(7);
        for step in 0..10_000 {
            let (x, y) = (step as f32 * 0.037 - 150.0, step as f32 * 0.011);
            for value in [noise.at(x, y), noise.fractal(x, y, 4), noise.block(x, y)] {
                assert!((0.0..=1.0).contains(&value), "{value} at {x} {y}");
            }
            assert!((noise.at(x, y) - noise.at(x + 0.01, y)).abs() < 0.05, "{x} {y}");
        }
        assert!(noise.cell(3, 4).to_bits() != Noise::new(8).cell(3, 4).to_bits());
    }
}
