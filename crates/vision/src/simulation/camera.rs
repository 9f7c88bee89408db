//! Optics, sensor and encoder.

use super::light::{Light, LightField, StoredValues, add, luminance};
use crate::dice::Dice;
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

/// A camera and how it is set.
pub(crate) struct Camera {
    /// Sides of its pictures in pixels.
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Blur of the optics, standard deviation in pixels.
    pub(crate) blur: f32,
    /// How it comes to its exposure.
    pub(crate) exposure: Exposure,
    /// Gains of red and blue.
    pub(crate) balance: (f32, f32),
    /// Noise at full light and in the dark, as shares of full light.
    pub(crate) shot: f32,
    pub(crate) read: f32,
    /// How much detail is put on top.
    pub(crate) sharpening: f32,
    /// Qualities it is compressed with, one after the other.
    pub(crate) qualities: Vec<u8>,
}

/// How bright a picture is made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Exposure {
    /// The mean of the middle comes to this light.
    Middle(f32),
    /// All light is multiplied by this.
    Gain(f32),
}

impl Camera {
    /// Takes the picture: a JPEG.
    pub(crate) fn take(&self, seen: LightField, dice: &mut Dice) -> Result<Vec<u8>, image::ImageError> {
        let exposed = self.expose(seen.blurred(self.blur));
        let developed = self.sharpen(demosaic(&self.read_out(exposed, dice)));
        let stored = StoredValues::new();
        let mut rgb: Vec<u8> =
            developed.cells.iter().flat_map(|cell| cell.map(|light| stored.of(light))).collect();
        let (width, height) = (self.width as u32, self.height as u32);
        let mut jpeg = Vec::new();
        for quality in &self.qualities {
            jpeg.clear();
            JpegEncoder::new_with_quality(&mut jpeg, *quality).encode(
                &rgb,
                width,
                height,
                ExtendedColorType::Rgb8,
            )?;
            rgb =
                image::load_from_memory_with_format(&jpeg, image::ImageFormat::Jpeg)?.into_rgb8().into_raw();
        }
        Ok(jpeg)
    }

    /// Brings the light to the exposure wanted, and sets the white balance.
    fn expose(&self, mut seen: LightField) -> LightField {
        let gain = match self.exposure {
            Exposure::Gain(gain) => gain,
            Exposure::Middle(light) => {
                let (sum, count) = light_of_the_middle(&seen);
                light * count / sum.max(1e-3 * count)
            }
        };
        let gains = [gain * self.balance.0, gain, gain * self.balance.1];
        for cell in &mut seen.cells {
            for (light, gain) in cell.iter_mut().zip(gains) {
                *light *= gain;
            }
        }
        seen
    }

    /// What the sensor reads: one colour a pixel, with noise.
    fn read_out(&self, exposed: LightField, dice: &mut Dice) -> Mosaic {
        let LightField { width, height, cells } = exposed;
        let values = cells.iter().enumerate().map(|(place, cell)| {
            let light =
                cell.get(filter(place % width, place / width)).copied().unwrap_or_default().clamp(0.0, 1.0);
            light + dice.normal() * (self.read * self.read + self.shot * self.shot * light).sqrt()
        });
        Mosaic { values: values.collect(), width, height }
    }

    fn sharpen(&self, picture: LightField) -> LightField {
        if self.sharpening < 0.05 {
            return picture;
        }
        let soft = picture.clone().blurred(1.0);
        let mut sharp = picture;
        for (cell, soft) in sharp.cells.iter_mut().zip(&soft.cells) {
            let here = *cell;
            add(cell, here, self.sharpening);
            add(cell, *soft, -self.sharpening);
        }
        sharp
    }
}

/// Luminance of the middle half of both sides: its sum and the number of cells.
fn light_of_the_middle(seen: &LightField) -> (f32, f32) {
    let (left, top) = (seen.width / 4, seen.height / 4);
    let middle = seen.cells.chunks_exact(seen.width).skip(top).take(seen.height - 2 * top);
    let (mut sum, mut count) = (0.0, 0.0);
    for cell in middle.flat_map(|row| row.iter().skip(left).take(seen.width - 2 * left)) {
        sum += luminance(*cell).min(1.5);
        count += 1.0;
    }
    (sum, count)
}

/// A sensor's values under the colour filter of Bayer's pattern.
struct Mosaic {
    values: Vec<f32>,
    width: usize,
    height: usize,
}

/// The colour a pixel sees: red and green in even rows, green and blue in odd ones.
fn filter(column: usize, row: usize) -> usize {
    match (column % 2, row % 2) {
        (0, 0) => 0,
        (1, 1) => 2,
        _ => 1,
    }
}

/// Each colour of each pixel is the mean of its neighbours that saw it, itself included.
fn demosaic(mosaic: &Mosaic) -> LightField {
    let Mosaic { values, width, height } = mosaic;
    let mut cells: Vec<Light> = Vec::with_capacity(values.len());
    for row in 0..*height {
        for column in 0..*width {
            let own = filter(column, row);
            let (mut sum, mut count) = ([0.0; 3], [0.0_f32; 3]);
            for y in row.saturating_sub(1)..(row + 2).min(*height) {
                for x in column.saturating_sub(1)..(column + 2).min(*width) {
                    let colour = filter(x, y);
                    if colour == own && (x, y) != (column, row) {
                        continue;
                    }
                    let value = values.get(y * width + x).copied().unwrap_or_default();
                    if let (Some(sum), Some(count)) = (sum.get_mut(colour), count.get_mut(colour)) {
                        *sum += value;
                        *count += 1.0;
                    }
                }
            }
            let mut light = [0.0; 3];
            for ((light, sum), count) in light.iter_mut().zip(sum).zip(count) {
                *light = sum / count.max(1.0);
            }
            cells.push(light);
        }
    }
    LightField { width: *width, height: *height, cells }
}
