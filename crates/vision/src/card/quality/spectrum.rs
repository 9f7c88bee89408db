//! Periodic patterns: what the pixels of a screen leave in a photograph of it.

use std::f32::consts::PI;

use crate::card::rectify::Rectified;
use crate::face::luma;

/// Power that is nothing, as a share of a window's: what blur leaves of the highest frequencies has no peaks.
const FLOOR: f32 = 1e-6;

/// Side of the windows that are transformed, in canvas pixels: a power of two.
const SIDE: usize = 128;

/// Lower frequencies, in periods a window, are rows of print and light; the highest are grain and encoding.
const LOWEST: f32 = 9.0;
const HIGHEST: f32 = 58.0;

/// Frequencies this near an axis are left out, in periods a window: print, frames and the blocks of encoders lie there.
const AXIS: isize = 2;

/// A peak's power over the median of its ring, as a decimal logarithm: up to the one it tells nothing, since wavy ornaments
/// and the raster of print leave as much; from the other on it counts in full, which only the pixels of a screen reach.
const NO_PEAK: f32 = 1.3;
const SURE_PEAK: f32 = 2.0;

/// How periodic a card is, 0 to 1, by the strongest peak of its mean spectrum over the median at the same frequency in
/// all directions.
pub(super) fn periodicity(card: &Rectified) -> f32 {
    let picture = card.picture();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if width < SIDE || height < SIDE {
        return 0.0;
    }
    let window: Vec<f32> =
        (0..SIDE).map(|place| 0.5 - 0.5 * (2.0 * PI * place as f32 / SIDE as f32).cos()).collect();
    let mut sums = vec![0.0_f32; SIDE * SIDE];
    let mut windows = 0.0_f32;
    let starts = |length: usize| {
        let count = (length / SIDE).min(5);
        (0..count).map(move |number| (length - SIDE) * number / (count - 1).max(1))
    };
    let pixels = picture.rgb().as_chunks::<3>().0;
    let mut values = vec![[0.0_f32; 2]; SIDE * SIDE];
    for top in starts(height) {
        for left in starts(width) {
            let at = |row: usize, column: usize| {
                luma(pixels.get((top + row) * width + left + column).copied().unwrap_or_default())
            };
            let sum: f32 = (0..SIDE * SIDE).map(|place| at(place / SIDE, place % SIDE)).sum();
            let mean = sum / (SIDE * SIDE) as f32;
            for (place, value) in values.iter_mut().enumerate() {
                let (row, column) = (place / SIDE, place % SIDE);
                *value = [(at(row, column) - mean) * window[row] * window[column], 0.0];
            }
            transform_both_ways(&mut values);
            windows += 1.0;
            let total: f32 =
                values.iter().map(|[re, im]| re * re + im * im).sum::<f32>().max(f32::MIN_POSITIVE);
            for (sum, [re, im]) in sums.iter_mut().zip(&values) {
                *sum += (re * re + im * im) / total;
            }
        }
    }
    ((strongest_peak(&sums, windows) - NO_PEAK) / (SURE_PEAK - NO_PEAK)).clamp(0.0, 1.0)
}

/// The decimal logarithm of the largest power over the median of its ring; `power` is the sum over all windows.
fn strongest_peak(power: &[f32], windows: f32) -> f32 {
    let half = SIDE as isize / 2;
    let signed =
        |place: usize| if place as isize >= half { place as isize - SIDE as isize } else { place as isize };
    let mut rings: Vec<Vec<f32>> = vec![Vec::new(); HIGHEST as usize + 1];
    for (place, value) in power.iter().enumerate() {
        let (row, column) = (signed(place / SIDE), signed(place % SIDE));
        // Of a real picture's spectrum one half says everything.
        let is_half = row > 0 || (row == 0 && column > 0);
        let frequency = (row as f32).hypot(column as f32);
        if is_half && (LOWEST..HIGHEST).contains(&frequency) && row.abs() > AXIS && column.abs() > AXIS {
            rings[frequency as usize].push(*value);
        }
    }
    let peak = |mut ring: Vec<f32>| {
        if ring.len() < 8 {
            return 0.0;
        }
        let most = ring.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let middle = ring.len() / 2;
        let median = *ring.select_nth_unstable_by(middle, f32::total_cmp).1;
        ((most / windows + FLOOR) / (median / windows + FLOOR)).log10()
    };
    rings.into_iter().map(peak).fold(0.0, f32::max)
}

/// The two-dimensional Fourier transform, rows and then columns.
fn transform_both_ways(values: &mut [[f32; 2]]) {
    let turns: Vec<[f32; 2]> = (0..SIDE / 2)
        .map(|step| (-2.0 * PI * step as f32 / SIDE as f32).sin_cos())
        .map(|(sin, cos)| [cos, sin])
        .collect();
    let mut column = vec![[0.0; 2]; SIDE];
    for row in values.chunks_exact_mut(SIDE) {
        transform(row, &turns);
    }
    for place in 0..SIDE {
        for (row, value) in column.iter_mut().enumerate() {
            *value = values[row * SIDE + place];
        }
        transform(&mut column, &turns);
        for (row, value) in column.iter().enumerate() {
            values[row * SIDE + place] = *value;
        }
    }
}

/// The Fourier transform of [`SIDE`] complex numbers in place (Cooley and Tukey 1965).
fn transform(values: &mut [[f32; 2]], turns: &[[f32; 2]]) {
    let bits = SIDE.trailing_zeros();
    for place in 0..SIDE {
        let other = place.reverse_bits() >> (usize::BITS - bits);
        if place < other {
            values.swap(place, other);
        }
    }
    let mut length = 2;
    while length <= SIDE {
        for block in values.chunks_exact_mut(length) {
            let (low, high) = block.split_at_mut(length / 2);
            for (step, (a, b)) in low.iter_mut().zip(high).enumerate() {
                let [cos, sin] = turns[step * (SIDE / length)];
                let turned = [b[0] * cos - b[1] * sin, b[0] * sin + b[1] * cos];
                *b = [a[0] - turned[0], a[1] - turned[1]];
                *a = [a[0] + turned[0], a[1] + turned[1]];
            }
        }
        length *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_is_one_peak_at_its_frequency() {
        let (across, down) = (20.0, 13.0);
        let mut values: Vec<[f32; 2]> = (0..SIDE * SIDE)
            .map(|place| {
                let (row, column) = ((place / SIDE) as f32, (place % SIDE) as f32);
                [(2.0 * PI * (across * column + down * row) / SIDE as f32).cos(), 0.0]
            })
            .collect();
        transform_both_ways(&mut values);
        let power = |place: usize| values[place][0].hypot(values[place][1]);
        let mut places: Vec<usize> = (0..SIDE * SIDE).collect();
        places.sort_by(|a, b| power(*b).total_cmp(&power(*a)));
        let mut peaks = [places[0], places[1]];
        peaks.sort_unstable();
        assert_eq!(peaks, [13 * SIDE + 20, (SIDE - 13) * SIDE + SIDE - 20]);
        let half = (SIDE * SIDE / 2) as f32;
        assert!((power(peaks[0]) - half).abs() < 1.0 && power(places[2]) < 1.0);
    }
}
