//! Pictures in linear light, as lenses and sensors add it up.

use crate::picture::Picture;

/// Red, green and blue in linear light: 0 is black, 1 the white of a picture in the sRGB colour space.
pub(crate) type Light = [f32; 3];

/// What is out of focus is worked out at this fraction of the sides.
const COARSE: usize = 4;

/// A picture in linear light, row by row.
#[derive(Clone)]
pub(crate) struct LightField {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) cells: Vec<Light>,
}

impl LightField {
    /// A picture's light.
    pub(crate) fn of(picture: &Picture) -> Self {
        let table: Vec<f32> = (0..=255_u8).map(to_linear).collect();
        let linear = |value: u8| table.get(usize::from(value)).copied().unwrap_or_default();
        let cells = picture.rgb().as_chunks::<3>().0.iter().map(|pixel| pixel.map(linear)).collect();
        Self { width: picture.width() as usize, height: picture.height() as usize, cells }
    }

    /// A picture drawn to cover `width` x `height` pixels and thrown out of focus: what stands behind.
    pub(crate) fn backdrop(picture: &Picture, width: usize, height: usize) -> Self {
        let (small, low) = (width.div_ceil(COARSE), height.div_ceil(COARSE));
        let coarse = Self::backdrop_sharp(picture, small, low)
            .blurred(width.max(height) as f32 / 90.0 / COARSE as f32);
        let near = |place: usize| (place as f32 + 0.5) / COARSE as f32 - 0.5;
        let row = |row: usize| (0..width).map(move |column| (near(column), near(row)));
        let cells = (0..height).flat_map(row).map(|(x, y)| coarse.at(x, y)).collect();
        Self { width, height, cells }
    }

    /// A picture drawn to cover `width` x `height` pixels.
    pub(crate) fn backdrop_sharp(picture: &Picture, width: usize, height: usize) -> Self {
        let source = Self::of(picture);
        let scale = (width as f32 / source.width as f32).max(height as f32 / source.height as f32);
        let (left, top) = (
            (source.width as f32 - width as f32 / scale) / 2.0,
            (source.height as f32 - height as f32 / scale) / 2.0,
        );
        let mut cells = Vec::with_capacity(width * height);
        for row in 0..height {
            for column in 0..width {
                cells.push(
                    source.at(
                        left + (column as f32 + 0.5) / scale - 0.5,
                        top + (row as f32 + 0.5) / scale - 0.5,
                    ),
                );
            }
        }
        Self { width, height, cells }
    }

    /// The light between pixels; beyond the borders the outermost go on.
    pub(crate) fn at(&self, x: f32, y: f32) -> Light {
        let x = x.clamp(0.0, (self.width - 1) as f32);
        let y = y.clamp(0.0, (self.height - 1) as f32);
        let (column, row) = (x as usize, y as usize);
        let (right, down) = (x - column as f32, y - row as f32);
        let (next, below) = ((column + 1).min(self.width - 1), (row + 1).min(self.height - 1));
        let cell = |column: usize, row: usize| {
            self.cells.get(row * self.width + column).copied().unwrap_or_default()
        };
        let corners = [cell(column, row), cell(next, row), cell(column, below), cell(next, below)];
        let mut light = [0.0; 3];
        for (channel, light) in light.iter_mut().enumerate() {
            let [a, b, c, d] = corners.map(|corner| corner[channel]);
            let (top, bottom) = (a + (b - a) * right, c + (d - c) * right);
            *light = top + (bottom - top) * down;
        }
        light
    }

    /// A Gaussian blur of `sigma` pixels, by three box blurs each way.
    pub(crate) fn blurred(mut self, sigma: f32) -> Self {
        let radius = box_radius(sigma);
        if radius < 1e-3 {
            return self;
        }
        for _ in 0..3 {
            let (width, height) = (self.width, self.height);
            self.cells = box_blur_transposed(&self.cells, width, height, radius);
            self.cells = box_blur_transposed(&self.cells, height, width, radius);
        }
        self
    }

    /// What is seen while the picture moves by so many pixels to the right and downwards.
    pub(crate) fn smeared(self, (right, down): (f32, f32)) -> Self {
        let steps = right.hypot(down).ceil() as usize;
        if steps == 0 {
            return self;
        }
        let share = 1.0 / (steps + 1) as f32;
        let along = |step: usize| step as f32 / steps as f32 - 0.5;
        let mut cells = Vec::with_capacity(self.cells.len());
        for row in 0..self.height {
            for column in 0..self.width {
                let mut light = [0.0; 3];
                for step in 0..=steps {
                    let (x, y) = (right * along(step), down * along(step));
                    add(&mut light, self.at(column as f32 + x, row as f32 + y), share);
                }
                cells.push(light);
            }
        }
        Self { cells, ..self }
    }
}

/// The radius at which three boxes blur as a Gaussian of `sigma` does: their variances add up to its own. The variance
/// rises with the radius, so halving finds it.
fn box_radius(sigma: f32) -> f32 {
    let variance = |radius: f32| {
        let (whole, part) = (radius.floor(), radius.fract());
        let squares = whole * (whole + 1.0) * (2.0 * whole + 1.0) / 6.0 + part * (whole + 1.0).powi(2);
        3.0 * 2.0 * squares / (2.0 * radius + 1.0)
    };
    let (mut low, mut high) = (0.0, 2.0 * sigma + 1.0);
    for _ in 0..24 {
        let middle = f32::midpoint(low, high);
        if variance(middle) < sigma * sigma { low = middle } else { high = middle }
    }
    high
}

/// The mean over 2 `radius` + 1 cells along each row, transposed; the outermost cells of the box count in part.
fn box_blur_transposed(cells: &[Light], width: usize, height: usize, radius: f32) -> Vec<Light> {
    let whole = radius as usize;
    let part = radius - whole as f32;
    let share = 1.0 / (2.0 * radius + 1.0);
    let mut out = vec![[0.0; 3]; cells.len()];
    for (row, line) in cells.chunks_exact(width).enumerate() {
        let cell = |place: isize| {
            let place = place.clamp(0, width as isize - 1) as usize;
            line.get(place).copied().unwrap_or_default()
        };
        let reach = whole as isize;
        let mut sum = [0.0_f32; 3];
        (-reach..=reach).for_each(|place| add(&mut sum, cell(place), 1.0));
        for column in 0..width {
            let here = column as isize;
            let mut value = sum;
            add(&mut value, cell(here - reach - 1), part);
            add(&mut value, cell(here + reach + 1), part);
            if let Some(target) = out.get_mut(column * height + row) {
                *target = value.map(|light| light * share);
            }
            add(&mut sum, cell(here + reach + 1), 1.0);
            add(&mut sum, cell(here - reach), -1.0);
        }
    }
    out
}

/// Adds a share of one light to another.
pub(crate) fn add(sum: &mut Light, light: Light, share: f32) {
    for (sum, light) in sum.iter_mut().zip(light) {
        *sum += light * share;
    }
}

/// Luminance by ITU-R BT.709.
pub(crate) fn luminance([red, green, blue]: Light) -> f32 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The sRGB curve of IEC 61966-2-1, from a stored value to light.
fn to_linear(value: u8) -> f32 {
    let stored = f32::from(value) / 255.0;
    if stored <= 0.040_45 { stored / 12.92 } else { ((stored + 0.055) / 1.055).powf(2.4) }
}

/// Stored values of evenly spaced light, fine enough for the steepest part of the curve.
pub(crate) struct StoredValues(Vec<u8>);

impl StoredValues {
    const STEPS: f32 = 16_384.0;

    pub(crate) fn new() -> Self {
        Self((0..=Self::STEPS as u32).map(|step| to_stored(step as f32 / Self::STEPS)).collect())
    }

    /// The value of a light, which is cut off at black and white.
    pub(crate) fn of(&self, light: f32) -> u8 {
        let step = (light.clamp(0.0, 1.0) * Self::STEPS).round() as usize;
        self.0.get(step).copied().unwrap_or(u8::MAX)
    }
}

/// The sRGB curve of IEC 61966-2-1, from light to a stored value.
fn to_stored(light: f32) -> u8 {
    let stored = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (stored * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_values_come_back() {
        let stored = StoredValues::new();
        for value in 0..=255 {
            assert_eq!(stored.of(to_linear(value)), value);
        }
        assert_eq!([stored.of(-1.0), stored.of(7.0)], [0, 255]);
    }

    #[test]
    fn moving_spreads_a_point_along_the_way_alone() {
        let mut cells = vec![[0.0; 3]; 21 * 21];
        cells[10 * 21 + 10] = [1.0; 3];
        let smeared = LightField { width: 21, height: 21, cells }.smeared((6.0, 0.0));
        let row =
            |row: usize| smeared.cells[row * 21..(row + 1) * 21].iter().map(|cell| cell[0]).sum::<f32>();
        assert!((row(10) - 1.0).abs() < 1e-4 && row(9) == 0.0 && row(11) == 0.0);
        let lit = smeared.cells.iter().filter(|cell| cell[0] > 0.1).count();
        assert_eq!(lit, 7);
    }

    #[test]
    fn blurring_keeps_the_light_and_spreads_a_point() {
        for sigma in [0.5_f32, 1.0, 3.0] {
            let mut cells = vec![[0.0; 3]; 61 * 61];
            cells[30 * 61 + 30] = [1.0, 0.5, 0.25];
            let blurred = LightField { width: 61, height: 61, cells }.blurred(sigma);
            let (mut sum, mut variance) = ([0.0; 3], 0.0);
            for (place, cell) in blurred.cells.iter().enumerate() {
                add(&mut sum, *cell, 1.0);
                variance += cell[0] * ((place % 61) as f32 - 30.0).powi(2);
            }
            assert!((sum[0] - 1.0).abs() < 1e-3 && (sum[2] - 0.25).abs() < 1e-3, "{sigma}: {sum:?}");
            assert!((variance - sigma * sigma).abs() < 1e-2 * sigma * sigma, "{sigma}: {variance}");
        }
    }
}
