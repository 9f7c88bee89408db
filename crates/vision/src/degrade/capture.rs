//! The card photographed by a phone.

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::sheet::{Sheet, mixed};
use crate::admission::{PictureBounds, PixelBudget, admit};
use crate::dice::Dice;
use crate::picture::Picture;

/// The card's own ground around the portrait.
const CARD: [f32; 3] = [176.0, 208.0, 226.0];
/// Width of the card that is seen around the portrait, as a share of the portrait's width.
const AROUND: f64 = 0.4;

/// The portrait as the camera sees it: `zoom` pixels for one of the print.
///
/// Turned by up to four degrees, foreshortened, out of focus or moved, unevenly lit, with glare, noise and JPEG.
pub(super) fn photograph(print: &Sheet, zoom: f64, dice: &mut Dice) -> Option<Picture> {
    let exposed = expose(&seen(print, zoom, dice), dice);
    let quality = dice.between(55.0, 92.0) as u8;
    compressed(&exposed.picture()?, quality)
}

/// The print from the camera's place, sharp.
fn seen(print: &Sheet, zoom: f64, dice: &mut Dice) -> Sheet {
    let turn = dice.between(-4.0, 4.0).to_radians();
    let (wide, high) = (dice.between(0.93, 1.0), dice.between(0.93, 1.0));
    let (print_width, print_height) = (print.width as f64, print.height as f64);
    let margin = print_width * AROUND;
    let width = ((print_width + 2.0 * margin) * zoom).round().max(16.0);
    let height = ((print_height + 2.0 * margin) * zoom).round().max(16.0);
    Sheet::drawn(width as usize, height as usize, |column, row| {
        let (x, y) = (column as f64 + 0.5 - width / 2.0, row as f64 + 0.5 - height / 2.0);
        let (x, y) = (x * turn.cos() - y * turn.sin(), x * turn.sin() + y * turn.cos());
        let (x, y) = (x / zoom / wide + print_width / 2.0 - 0.5, y / zoom / high + print_height / 2.0 - 0.5);
        let within = |place: f64, length: f64| (0.0..=length - 1.0).contains(&place);
        if within(x, print_width) && within(y, print_height) { print.mean(x, y, 1.0 / zoom) } else { CARD }
    })
}

/// Lens, light and sensor.
fn expose(seen: &Sheet, dice: &mut Dice) -> Sheet {
    let mut sheet = seen.blurred(dice.between(0.4, 1.15));
    if dice.happens(0.3) {
        let reach = if dice.happens(0.5) { 1 } else { 2 };
        let kernel: Vec<(isize, f32)> = (-1..=reach - 1).map(|offset| (offset, 1.0)).collect();
        sheet = sheet.spread(&kernel, if dice.happens(0.5) { (1, 0) } else { (0, 1) });
    }
    let gain = dice.between(0.72, 1.18);
    let (across, down) = (dice.between(-0.2, 0.2), dice.between(-0.2, 0.2));
    let glare = if dice.happens(0.25) { dice.between(0.08, 0.3) } else { 0.0 };
    let (glare_x, glare_y, glare_size) =
        (dice.between(0.1, 0.9), dice.between(0.1, 0.9), dice.between(0.15, 0.35));
    let warmth = dice.between(-0.06, 0.06) as f32;
    let noise = dice.between(1.5, 6.0) as f32;
    let (width, height) = (sheet.width as f64, sheet.height as f64);
    sheet.each(|column, row, pixel| {
        let (x, y) = (column as f64 / width, row as f64 / height);
        let light = (gain * (1.0 + across * (x - 0.5) * 2.0) * (1.0 + down * (y - 0.5) * 2.0)) as f32;
        let tint = [1.0 + warmth, 1.0, 1.0 - warmth];
        let lit = [0, 1, 2].map(|channel: usize| pixel[channel] * light * tint[channel]);
        let distance = (x - glare_x).hypot(y - glare_y) / glare_size;
        let shone = mixed(lit, [255.0; 3], (glare * (-distance * distance).exp()) as f32);
        shone.map(|value| value + noise * dice.normal())
    });
    sheet
}

/// Through JPEG of a quality of 1 to 100 and back, as callers send it.
fn compressed(picture: &Picture, quality: u8) -> Option<Picture> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(picture.rgb(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .ok()?;
    let any = PictureBounds { min_bytes: 0, max_bytes: usize::MAX, min_sides: None };
    admit(&bytes, &any, &PixelBudget::default()).ok()
}
