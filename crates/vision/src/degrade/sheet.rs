//! A picture in floats, to be worked on.

use crate::picture::Picture;

/// Packed RGB, 0 to 255, in between whatever the steps make of it. Zero-sized sheets are not made.
#[derive(Clone)]
pub(super) struct Sheet {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<[f32; 3]>,
}

impl Sheet {
    /// Each pixel by its column and row.
    pub(super) fn drawn(width: usize, height: usize, pixel: impl Fn(usize, usize) -> [f32; 3]) -> Self {
        let pixels = (0..height).flat_map(|row| (0..width).map(move |column| (column, row)));
        Self { width, height, pixels: pixels.map(|(column, row)| pixel(column, row)).collect() }
    }

    pub(super) fn of(picture: &Picture) -> Self {
        let pixels = picture.rgb().as_chunks::<3>().0.iter().map(|rgb| rgb.map(f32::from)).collect();
        Self { width: picture.width() as usize, height: picture.height() as usize, pixels }
    }

    pub(super) fn picture(&self) -> Option<Picture> {
        let rgb = self.pixels.iter().flatten().map(|value| value.round().clamp(0.0, 255.0) as u8).collect();
        Picture::new(u32::try_from(self.width).ok()?, u32::try_from(self.height).ok()?, rgb)
    }

    /// Changes every pixel, knowing its column and row.
    pub(super) fn each(&mut self, mut change: impl FnMut(usize, usize, [f32; 3]) -> [f32; 3]) {
        let width = self.width;
        for (place, pixel) in self.pixels.iter_mut().enumerate() {
            *pixel = change(place % width, place / width, *pixel);
        }
    }

    /// The bilinear value at a place; beyond the border the outermost pixels go on.
    pub(super) fn at(&self, x: f64, y: f64) -> [f32; 3] {
        let (x, y) = (x.clamp(0.0, (self.width - 1) as f64), y.clamp(0.0, (self.height - 1) as f64));
        let (column, row) = (x as usize, y as usize);
        let (right, down) = ((x - column as f64) as f32, (y - row as f64) as f32);
        let pixel = |column: usize, row: usize| {
            let place = row.min(self.height - 1) * self.width + column.min(self.width - 1);
            self.pixels.get(place).copied().unwrap_or_default()
        };
        let top = mixed(pixel(column, row), pixel(column + 1, row), right);
        let bottom = mixed(pixel(column, row + 1), pixel(column + 1, row + 1), right);
        mixed(top, bottom, down)
    }

    /// The mean around a place over a square of `side` pixels, of samples about a pixel apart.
    pub(super) fn mean(&self, x: f64, y: f64, side: f64) -> [f32; 3] {
        let samples = side.ceil().clamp(1.0, 8.0) as usize;
        let step = side / samples as f64;
        let mut sum = [0.0_f32; 3];
        for line in 0..samples {
            for place in 0..samples {
                let along = |index: usize| (index as f64 + 0.5) * step - side / 2.0;
                let value = self.at(x + along(place), y + along(line));
                sum.iter_mut().zip(value).for_each(|(sum, value)| *sum += value);
            }
        }
        sum.map(|sum| sum / (samples * samples) as f32)
    }

    /// Gaussian blur of a deviation in pixels, cut off at three of them.
    pub(super) fn blurred(&self, deviation: f64) -> Self {
        let reach = (deviation * 3.0).ceil().max(1.0) as isize;
        let weight = |offset: isize| (-0.5 * (offset as f64 / deviation).powi(2)).exp() as f32;
        let kernel: Vec<(isize, f32)> = (-reach..=reach).map(|offset| (offset, weight(offset))).collect();
        self.spread(&kernel, (1, 0)).spread(&kernel, (0, 1))
    }

    /// The weighted mean along a line of pixels.
    pub(super) fn spread(&self, kernel: &[(isize, f32)], (across, down): (isize, isize)) -> Self {
        let total: f32 = kernel.iter().map(|(_, weight)| weight).sum();
        Self::drawn(self.width, self.height, |column, row| {
            let mut sum = [0.0_f32; 3];
            for (offset, weight) in kernel {
                let x = column as f64 + (offset * across) as f64;
                let y = row as f64 + (offset * down) as f64;
                sum.iter_mut().zip(self.at(x, y)).for_each(|(sum, value)| *sum += value * weight);
            }
            sum.map(|sum| sum / total)
        })
    }
}

/// From `a` to `b` by a share, 0 to 1.
pub(super) fn mixed(a: [f32; 3], b: [f32; 3], share: f32) -> [f32; 3] {
    [0, 1, 2].map(|channel: usize| a[channel] + (b[channel] - a[channel]) * share)
}
