//! Under-exposure, over-exposure and dynamic range.

use super::{ALIGNED_SIDE, INNER_COLUMNS, INNER_ROWS};

/// Luma up to which a pixel is too dark to tell anything, and from which it is too bright, as ISO/IEC 29794-5 has them.
const DARK: usize = 25;
const BRIGHT: usize = 247;

/// How the inner part of the aligned face is lit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// Share of its pixels with a luma of at most 25, 0 to 1.
    pub dark: f32,
    /// Share of its pixels with a luma of at least 247, 0 to 1.
    pub bright: f32,
    /// Entropy of its luma in bits, 0 to 8: how many of the levels there are the face makes use of.
    pub dynamic_range: f32,
}

impl Exposure {
    /// From the luma of an aligned face.
    pub(super) fn of(grey: &[f32]) -> Self {
        let mut levels = [0_u32; 256];
        for row in INNER_ROWS {
            let line = row * ALIGNED_SIDE + INNER_COLUMNS.start..row * ALIGNED_SIDE + INNER_COLUMNS.end;
            for &luma in grey.get(line).unwrap_or_default() {
                if let Some(level) = levels.get_mut(luma.round() as usize) {
                    *level += 1;
                }
            }
        }
        let all = levels.iter().sum::<u32>().max(1) as f32;
        let share = |levels: &[u32]| levels.iter().sum::<u32>() as f32 / all;
        Self {
            dark: share(&levels[..=DARK]),
            bright: share(&levels[BRIGHT..]),
            dynamic_range: levels
                .iter()
                .filter(|&&count| count > 0)
                .map(|&count| count as f32 / all)
                .map(|share| -share * share.log2())
                .sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An aligned face whose luma repeats `levels` column by column.
    fn face(levels: &[f32]) -> Exposure {
        let grey: Vec<f32> = (0..ALIGNED_SIDE * ALIGNED_SIDE)
            .map(|pixel| levels[pixel % ALIGNED_SIDE % levels.len()])
            .collect();
        Exposure::of(&grey)
    }

    #[test]
    fn exposure_by_hand() {
        let all_even: Vec<f32> = (0..8).map(|level| 100.0 + level as f32).collect();
        type Row<'r> = (&'static str, &'r [f32], (f32, f32, f32));
        let rows: [Row; 6] = [
            ("flat and grey", &[128.0], (0.0, 0.0, 0.0)),
            ("black", &[0.0], (1.0, 0.0, 0.0)),
            ("white", &[255.0], (0.0, 1.0, 0.0)),
            ("the bounds themselves", &[25.0, 247.0], (0.5, 0.5, 1.0)),
            ("just within the bounds", &[26.0, 246.0], (0.0, 0.0, 1.0)),
            ("eight levels", &all_even, (0.0, 0.0, 3.0)),
        ];
        for (case, levels, (dark, bright, range)) in rows {
            let found = face(levels);
            let close = |a: f32, b: f32| (a - b).abs() < 1e-4;
            assert!(
                close(found.dark, dark) && close(found.bright, bright) && close(found.dynamic_range, range),
                "{case}: {found:?}"
            );
        }
    }
}
