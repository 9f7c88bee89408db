//! A part of a picture, made smaller by a whole number.

use zeroize::Zeroizing;

use crate::admission::MAX_SIDE;
use crate::picture::Picture;

/// A part of a picture whose pixels are the means of blocks of `times` x `times` of the picture's.
///
/// Four floats a pixel (red, green, blue and nothing), which is what processors add and multiply in one step. Wiped on
/// drop.
pub(crate) struct Reduction {
    pixels: Zeroizing<Vec<[f32; 4]>>,
    width: usize,
    times: f32,
    /// Where the centre of its first pixel lies in the picture.
    origin: (f32, f32),
    last_column: f32,
    last_row: f32,
}

impl Reduction {
    /// The part of `picture` between two corners (least x and y, most x and y, in its pixels), reduced `times`.
    ///
    /// What lies beyond the picture is left out: [`Self::at`] goes on with the outermost pixels. Of a part that lies
    /// wholly beyond it the nearest pixels remain.
    pub(crate) fn of(picture: &Picture, corners: (f64, f64, f64, f64), times: usize) -> Self {
        let times = times.clamp(1, MAX_SIDE as usize);
        let (left, top, right, bottom) = corners;
        let columns = blocks(left, right, picture.width() as usize, times);
        let rows = blocks(top, bottom, picture.height() as usize, times);
        let (width, height) = (columns.count, rows.count);
        let stride = picture.width() as usize * 3;

        let mut pixels = Zeroizing::new(Vec::with_capacity(width * height));
        let mut sums = Zeroizing::new(vec![0_u32; columns.length * 3]);
        for block in 0..height {
            let first = rows.start + block * times;
            let lines = picture.rgb().chunks_exact(stride).skip(first).take(times.min(rows.end() - first));
            let count = lines.len();
            sums.fill(0);
            for line in lines {
                let part = line.get(columns.start * 3..columns.end() * 3).unwrap_or_default();
                for (sum, value) in sums.iter_mut().zip(part) {
                    *sum += u32::from(*value);
                }
            }
            pixels.extend(sums.as_chunks::<3>().0.chunks(times).map(|block| mean(block, count)));
        }
        let centre = |start: usize| start as f32 + (times - 1) as f32 / 2.0;
        Self {
            pixels,
            width,
            times: times as f32,
            origin: (centre(columns.start), centre(rows.start)),
            last_column: (width - 1) as f32,
            last_row: (height - 1) as f32,
        }
    }

    /// The bilinear value at a place given in pixels of the picture; beyond its borders the outermost pixels go on.
    #[inline]
    pub(crate) fn at(&self, x: f32, y: f32) -> [f32; 4] {
        let x = ((x - self.origin.0) / self.times).clamp(0.0, self.last_column);
        let y = ((y - self.origin.1) / self.times).clamp(0.0, self.last_row);
        // Signed numbers of 32 bits are what processors convert to in one step; sides are far below their bound.
        let (column, row) = (x as i32, y as i32);
        let (right, down) = (x - column as f32, y - row as f32);
        let start = row as usize * self.width + column as usize;
        let next = usize::from(right > 0.0);
        let below = if down > 0.0 { self.width } else { 0 };
        let pixel = |place: usize| self.pixels.get(place).copied().unwrap_or_default();
        let top = between(pixel(start), pixel(start + next), right);
        let bottom = between(pixel(start + below), pixel(start + below + next), right);
        between(top, bottom, down)
    }
}

/// Blocks along one side of a picture.
struct Blocks {
    start: usize,
    length: usize,
    count: usize,
}

impl Blocks {
    fn end(&self) -> usize {
        self.start + self.length
    }
}

/// The blocks that hold everything from `least` to `most` with a block more on either side, as far as the side goes;
/// at least one. The last may be cut short by the border.
fn blocks(least: f64, most: f64, side: usize, times: usize) -> Blocks {
    let last = side - 1;
    let start = ((least.floor().max(0.0) as usize).saturating_sub(times)).min(last);
    let end = ((most.ceil().max(0.0) as usize).saturating_add(times + 1)).clamp(start + 1, side);
    let count = (end - start).div_ceil(times);
    Blocks { start, length: (count * times).min(side - start), count }
}

/// Mean of a block: sums over `lines` lines, a column each.
fn mean(columns: &[[u32; 3]], lines: usize) -> [f32; 4] {
    let sum = columns
        .iter()
        .fold([0_u32; 3], |sum, column| [sum[0] + column[0], sum[1] + column[1], sum[2] + column[2]]);
    let weight = 1.0 / (columns.len() * lines) as f32;
    [sum[0] as f32 * weight, sum[1] as f32 * weight, sum[2] as f32 * weight, 0.0]
}

/// Linear interpolation.
#[inline]
fn between(from: [f32; 4], to: [f32; 4], share: f32) -> [f32; 4] {
    std::array::from_fn(|channel| from[channel] + (to[channel] - from[channel]) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of `width` x `height` whose red is the column, whose green is the row and whose blue is their product.
    fn ramps(width: u32, height: u32) -> Picture {
        let rgb = (0..height)
            .flat_map(|row| {
                (0..width).flat_map(move |column| [column as u8, row as u8, (column * row % 251) as u8])
            })
            .collect();
        Picture::new(width, height, rgb).expect("a picture")
    }

    /// The mean of a block's pixels, one by one.
    fn plain_mean(picture: &Picture, left: usize, top: usize, times: usize) -> [f32; 3] {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let mut sum = [0.0; 3];
        let mut count = 0.0;
        for row in top..(top + times).min(height) {
            for column in left..(left + times).min(width) {
                let pixel = picture.rgb().as_chunks::<3>().0[row * width + column];
                sum = std::array::from_fn(|channel| sum[channel] + f32::from(pixel[channel]));
                count += 1.0;
            }
        }
        sum.map(|sum| sum / count)
    }

    #[test]
    fn every_pixel_is_the_mean_of_its_block() {
        let picture = ramps(67, 41);
        let table = [
            ("the whole, pixel by pixel", (0.0, 0.0, 66.0, 40.0), 1),
            ("the whole by twos, sides not even", (0.0, 0.0, 66.0, 40.0), 2),
            ("a part by threes", (20.0, 10.0, 33.0, 19.0), 3),
            ("a part beyond the upper left", (-30.0, -30.0, 11.0, 9.0), 4),
            ("a part beyond the lower right", (50.0, 30.0, 500.0, 500.0), 5),
            ("reduced to one pixel", (0.0, 0.0, 66.0, 40.0), 1000),
        ];
        for (case, corners, times) in table {
            let reduced = Reduction::of(&picture, corners, times);
            let half = (times.min(10_000) - 1) as f32 / 2.0;
            let (left, top) = (reduced.origin.0 - half, reduced.origin.1 - half);
            assert!(f64::from(left) <= corners.0.max(0.0) && f64::from(top) <= corners.1.max(0.0), "{case}");
            for (place, pixel) in reduced.pixels.iter().enumerate() {
                let (column, row) = (place % reduced.width, place / reduced.width);
                let expected =
                    plain_mean(&picture, left as usize + column * times, top as usize + row * times, times);
                let close =
                    pixel.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-3);
                assert!(close, "{case}, {column} {row}: {pixel:?} {expected:?}");
            }
        }
    }

    #[test]
    fn between_the_pixels_values_are_bilinear_and_beyond_the_border_they_go_on() {
        let picture = ramps(60, 40);
        let reduced = Reduction::of(&picture, (0.0, 0.0, 59.0, 39.0), 2);
        // Blocks of two: the first pixel's centre lies at 0.5, the last one's at 58.5 and 38.5.
        for (x, y, expected) in [
            (0.5, 0.5, [0.5, 0.5]),
            (1.5, 0.5, [1.5, 0.5]),
            (10.0, 7.25, [10.0, 7.25]),
            (-5.0, 12.0, [0.5, 12.0]),
            (300.0, 300.0, [58.5, 38.5]),
        ] {
            let [red, green, ..] = reduced.at(x, y);
            assert!(
                (red - expected[0]).abs() < 1e-3 && (green - expected[1]).abs() < 1e-3,
                "{x} {y}: {red} {green}"
            );
        }
    }

    #[test]
    fn no_part_and_no_number_of_times_is_a_fault() {
        let picture = ramps(3, 2);
        let far = f64::INFINITY;
        for corners in [
            (far, far, -far, -far),
            (-far, -far, far, far),
            (f64::NAN, f64::NAN, f64::NAN, f64::NAN),
            (1e300, 1e300, 1e300, 1e300),
            (-1e300, -1e300, -1e300, -1e300),
        ] {
            for times in [0, 1, 2, usize::MAX] {
                let reduced = Reduction::of(&picture, corners, times);
                assert!(!reduced.pixels.is_empty(), "{corners:?} {times}");
                reduced.at(f32::NAN, f32::INFINITY);
            }
        }
    }
}
