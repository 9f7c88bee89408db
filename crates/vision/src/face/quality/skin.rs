//! Colours of small areas about the mesh's points.

use crate::face::mesh::{Mesh, MeshPoint};

/// A mean colour: red, green, blue, 0 to 255.
pub(super) type Colour = [f32; 3];

/// Below this luma a colour is too dark to have a hue worth comparing.
const DARKEST: f32 = 20.0;

/// The mean colours of squares of `2 * radius + 1` crop pixels about the points; points outside the crop are left out.
pub(super) fn colours(mesh: &Mesh, points: &[usize], radius: usize) -> Vec<Colour> {
    points.iter().filter_map(|&number| about(mesh, mesh.point(number), radius)).collect()
}

fn about(mesh: &Mesh, MeshPoint { x, y, .. }: MeshPoint, radius: usize) -> Option<Colour> {
    let along = |place: f32| {
        let (place, radius) = (place.round() as i64, radius as i64);
        let first = usize::try_from((place - radius).max(0)).unwrap_or_default();
        let beyond = usize::try_from((place + radius + 1).max(0)).unwrap_or_default();
        first..beyond.min(mesh.side())
    };
    let pixels = mesh.rgb().as_chunks::<3>().0;
    let (mut sum, mut count) = ([0.0_f32; 3], 0.0_f32);
    for row in along(y) {
        let columns = along(x);
        let line = row * mesh.side() + columns.start..row * mesh.side() + columns.end.max(columns.start);
        for pixel in pixels.get(line).unwrap_or_default() {
            for (sum, &channel) in sum.iter_mut().zip(pixel) {
                *sum += f32::from(channel);
            }
            count += 1.0;
        }
    }
    (count > 0.0).then(|| sum.map(|channel| channel / count))
}

/// The median of each channel; black for no colours.
pub(super) fn median(colours: &[Colour]) -> Colour {
    [0, 1, 2].map(|channel| quantile(colours.iter().map(|colour| colour[channel]).collect(), 0.5))
}

/// What a share of the numbers does not exceed, between them linearly; 0 for no numbers.
pub(super) fn quantile(mut numbers: Vec<f32>, share: f32) -> f32 {
    numbers.sort_by(f32::total_cmp);
    let place = share * numbers.len().saturating_sub(1) as f32;
    let at = |index: usize| numbers.get(index).copied().unwrap_or_default();
    let (low, high) = (at(place.floor() as usize), at(place.ceil() as usize));
    low + (high - low) * place.fract()
}

/// Luma by ITU-R BT.601, 0 to 255.
pub(super) fn luma([red, green, blue]: Colour) -> f32 {
    0.299 * red + 0.587 * green + 0.114 * blue
}

/// How far two colours are apart whatever their brightness: differences of red and of blue to luma, as shares of luma.
pub(super) fn hue_distance(one: Colour, other: Colour) -> f32 {
    let hue = |colour: Colour| {
        let luma = luma(colour);
        let level = luma.max(DARKEST);
        ((colour[0] - luma) / level, (colour[2] - luma) / level)
    };
    let (one, other) = (hue(one), hue(other));
    (one.0 - other.0).hypot(one.1 - other.1)
}

/// The logistic function: a weighted sum of cues as a degree of 0 to 1.
pub(super) fn degree(sum: f32) -> f32 {
    1.0 / (1.0 + (-sum).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_the_numbers() {
        let rows: [(&[f32], f32, f32); 5] = [
            (&[], 0.5, 0.0),
            (&[3.0], 0.25, 3.0),
            (&[4.0, 1.0], 0.5, 2.5),
            (&[1.0, 2.0, 3.0, 4.0, 5.0], 0.25, 2.0),
            (&[0.0, 10.0], 0.1, 1.0),
        ];
        for (numbers, share, expected) in rows {
            assert!((quantile(numbers.to_vec(), share) - expected).abs() < 1e-6, "{numbers:?} {share}");
        }
    }

    #[test]
    fn hue_is_the_same_in_light_and_shade() {
        let skin = [200.0, 150.0, 120.0];
        let rows = [
            ("in shade", skin.map(|channel| channel * 0.5), 0.0..1e-4),
            ("grey", [160.0; 3], 0.2..0.5),
            ("surgical blue", [120.0, 180.0, 215.0], 0.5..1.5),
        ];
        for (case, colour, expected) in rows {
            assert!(expected.contains(&hue_distance(skin, colour)), "{case}: {}", hue_distance(skin, colour));
        }
    }
}
