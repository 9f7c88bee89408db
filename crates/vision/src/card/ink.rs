//! Where a line's strip holds ink, column by column: what tells a space from letters that stand close.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::face::luma;
use crate::picture::Picture;

/// The rows of a strip that letters stand in, as shares of its height.
const TOP: f32 = 0.15;
const BOTTOM: f32 = 0.85;

/// Columns are compared with the ground within so many strip heights on either side.
const GROUND: f32 = 1.0;

/// The share of a column's rows that tell of ink: a stroke that lies crosses few of them.
const TELLING: f32 = 0.12;

/// Columns with less ink than this are clear.
const CLEAR: f32 = 0.45;

/// Where a dash stands, and above and below it, as shares of a strip's height.
const ABOVE: Range<f32> = 0.2..0.4;
const MIDDLE: Range<f32> = 0.4..0.72;
const BELOW: Range<f32> = 0.74..0.88;

/// So dark a dash is at least.
const ALONE: f32 = 0.35;

/// How wide a dash is, in line heights.
const DASH: Range<f32> = 0.1..0.5;

/// How dark every column of a strip is: 0 is its ground, 1 what most letters come to. Wiped on drop.
#[derive(Clone, PartialEq)]
pub(super) struct Ink {
    columns: Vec<f32>,
    luma: Zeroizing<Vec<u8>>,
    height: usize,
    /// The darkness of most letters, in levels.
    usual: f32,
}

impl Ink {
    /// The ink of a strip with one line of text, dark on light.
    pub(super) fn of(strip: &Picture) -> Self {
        let (width, height) = (strip.width() as usize, strip.height() as usize);
        let levels = strip.rgb().as_chunks::<3>().0.iter().map(|rgb| luma(*rgb) as u8);
        let luma = Zeroizing::new(levels.collect::<Vec<u8>>());
        let rows = (TOP * height as f32) as usize..(BOTTOM * height as f32) as usize;
        let telling = ((TELLING * height as f32) as usize).max(1);
        // Of every column: its darkest rows, and its light ones.
        let (mut dark, mut light) = (Vec::with_capacity(width), Vec::with_capacity(width));
        let mut values: Vec<u8> = Vec::with_capacity(rows.len());
        for column in 0..width {
            values.clear();
            values.extend(rows.clone().filter_map(|row| luma.get(row * width + column)));
            values.sort_unstable();
            let darkest = values.get(..telling).unwrap_or(&values);
            dark.push(
                darkest.iter().map(|level| f32::from(*level)).sum::<f32>() / darkest.len().max(1) as f32,
            );
            light.push(values.get(values.len() * 3 / 4).copied().unwrap_or_default());
        }
        // The ground of a part of the strip is what three quarters of its columns' light rows are no lighter than.
        let reach = ((GROUND * height as f32) as usize).max(1);
        let grounds: Vec<f32> = (0..width.div_ceil(reach))
            .map(|part| {
                let from = (part * reach).saturating_sub(reach / 2);
                let mut near = light.get(from..(from + 2 * reach).min(width)).unwrap_or_default().to_vec();
                near.sort_unstable();
                f32::from(near.get(near.len() * 3 / 4).copied().unwrap_or_default())
            })
            .collect();
        let ground = |column: usize| grounds.get(column / reach).copied().unwrap_or_default();
        let mut columns: Vec<f32> =
            dark.iter().enumerate().map(|(column, dark)| (ground(column) - dark).max(0.0)).collect();
        let mut sorted = columns.clone();
        sorted.sort_unstable_by(f32::total_cmp);
        let usual = sorted.get(sorted.len() * 3 / 4).copied().unwrap_or_default().max(1.0);
        columns.iter_mut().for_each(|ink| *ink /= usual);
        Self { columns, luma, height, usual }
    }

    /// How dark in a column a mark is that stands alone in the middle, with nothing above nor below.
    fn alone(&self, column: usize) -> f32 {
        let width = self.columns.len();
        let band = |rows: &Range<f32>| -> Vec<f32> {
            let height = self.height as f32;
            let rows = (rows.start * height) as usize..(rows.end * height) as usize;
            let levels = rows.filter_map(|row| self.luma.get(row * width + column));
            levels.map(|level| f32::from(*level)).collect()
        };
        let mean = |levels: &[f32]| levels.iter().sum::<f32>() / levels.len().max(1) as f32;
        let middle = band(&MIDDLE);
        let darkest = middle.windows(2).map(mean).fold(mean(&middle), f32::min);
        (mean(&band(&ABOVE)).min(mean(&band(&BELOW))) - darkest).max(0.0) / self.usual
    }

    /// The widest run of clear columns between two shares of the strip's width, in strip heights.
    pub(super) fn clear(&self, shares: Range<f32>) -> f32 {
        let (from, to) = self.columns_between(shares);
        let inside = self.columns.get(from..to).unwrap_or_default();
        runs(inside, |ink| *ink < CLEAR).max().unwrap_or_default() as f32 / self.height as f32
    }

    /// Whether between two shares of the strip's width there is one mark as a dash is: wider than a dot, with nothing above
    /// nor below.
    pub(super) fn is_dash(&self, shares: Range<f32>) -> bool {
        let (from, to) = self.columns_between(shares);
        let alone: Vec<f32> = (from..to).map(|column| self.alone(column)).collect();
        let marks = runs(&alone, |ink| *ink >= ALONE).map(|run| run as f32 / self.height as f32);
        let mut wide = marks.filter(|width| *width >= DASH.start);
        matches!((wide.next(), wide.next()), (Some(width), None) if DASH.contains(&width))
    }

    fn columns_between(&self, shares: Range<f32>) -> (usize, usize) {
        let width = self.columns.len() as f32;
        let place = |share: f32| (share * width).clamp(0.0, width) as usize;
        (place(shares.start), place(shares.end))
    }
}

/// The lengths of the runs of columns of a kind.
fn runs(columns: &[f32], is_kind: fn(&f32) -> bool) -> impl Iterator<Item = usize> {
    let runs = columns.chunk_by(move |a, b| is_kind(a) == is_kind(b));
    runs.filter(move |run| run.first().is_some_and(is_kind)).map(<[f32]>::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A light strip of 100 x 40 with dark bars: first and last column, first and last row.
    fn strip(bars: &[(u32, u32, u32, u32)]) -> Picture {
        let pixel = |place: u32| {
            let (x, y) = (place % 100, place / 100);
            let dark = bars.iter().any(|(a, b, c, d)| (*a..*b).contains(&x) && (*c..*d).contains(&y));
            [if dark { 40 } else { 200_u8 }; 3]
        };
        Picture::new(100, 40, (0..4000).flat_map(pixel).collect()).expect("a picture")
    }

    #[test]
    fn clear_columns_are_counted_in_heights() {
        let ink = Ink::of(&strip(&[(10, 14, 8, 32), (34, 38, 8, 32), (46, 50, 8, 32), (54, 70, 8, 32)]));
        for (from, to, gap) in [(0.1, 0.38, 0.5), (0.34, 0.5, 0.2), (0.0, 0.1, 0.25), (0.55, 0.65, 0.0)] {
            assert!((ink.clear(from..to) - gap).abs() < 0.03, "{from} {to}: {}", ink.clear(from..to));
        }
    }

    #[test]
    fn a_dash_is_one_mark() {
        let letters = [(4, 10, 8, 32), (14, 20, 8, 32), (24, 30, 8, 32)];
        let rows = [
            ("dash", (60, 68, 18, 22), true),
            ("dot", (60, 62, 28, 32), false),
            ("rule", (55, 95, 18, 22), false),
        ];
        for (case, mark, expected) in rows {
            let ink = Ink::of(&strip(&[&letters[..], &[mark]].concat()));
            assert_eq!(ink.is_dash(0.4..1.0), expected, "{case}");
        }
        assert!(!Ink::of(&strip(&letters)).is_dash(0.4..1.0), "nothing");
        assert!(!Ink::of(&strip(&letters)).is_dash(0.0..0.4), "several");
    }
}
