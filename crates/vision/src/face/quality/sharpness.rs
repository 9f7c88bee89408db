//! Sharpness.

use super::{ALIGNED_SIDE, INNER_COLUMNS, INNER_ROWS};

/// Standard deviation of the four-neighbour Laplacian in grey levels.
///
/// The face has always the same size here, so the measure does not depend on the picture's resolution beyond what the
/// face's own detail does: a face of fewer pixels than the template was enlarged and is smooth.
pub(super) fn of(grey: &[f32]) -> f32 {
    let at = |column: usize, row: usize| grey.get(row * ALIGNED_SIDE + column).copied().unwrap_or_default();
    let (mut count, mut sum, mut squares) = (0.0_f64, 0.0_f64, 0.0_f64);
    for row in INNER_ROWS {
        for column in INNER_COLUMNS {
            let neighbours =
                at(column - 1, row) + at(column + 1, row) + at(column, row - 1) + at(column, row + 1);
            let laplacian = f64::from(neighbours - 4.0 * at(column, row));
            count += 1.0;
            sum += laplacian;
            squares += laplacian * laplacian;
        }
    }
    let mean = sum / count;
    (squares / count - mean * mean).max(0.0).sqrt() as f32
}
