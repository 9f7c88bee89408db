//! The portrait on its coloured ground, and its print.

use std::f64::consts::TAU;

use super::sheet::{Sheet, mixed};
use super::{Printed, sheet};
use crate::dice::Dice;
use crate::face::Face;
use crate::picture::Picture;

/// The portrait's width on the card at about 300 dots an inch: 20.8 mm, give or take how printers are set.
const WIDTHS: (f64, f64) = (200.0, 260.0);

/// The two grounds of portraits on an Indonesian card, red and blue.
const GROUNDS: [[f32; 3]; 2] = [[186.0, 32.0, 40.0], [52.0, 96.0, 178.0]];

/// The portrait in its frame of three by four, cut around the face, before it is printed.
pub(super) fn portrait(picture: &Picture, face: &Face, dice: &mut Dice) -> Option<Printed> {
    let bounds = face.bounds;
    let (face_width, face_height) = (f64::from(bounds.width), f64::from(bounds.height));
    // The head fills about half of the frame's height, and stands a little above its middle.
    let height = face_height * dice.between(1.7, 2.2);
    let width = height * 0.75;
    let (centre_x, centre_y) =
        (f64::from(bounds.centre().x), f64::from(bounds.centre().y) + face_height * 0.12);
    let columns = dice.between(WIDTHS.0, WIDTHS.1).round();
    let per_pixel = columns / width;
    let rows = (columns / 0.75).round();
    let ground = if dice.happens(0.5) { GROUNDS[0] } else { GROUNDS[1] };

    let source = Sheet::of(picture);
    let (left, top) = (centre_x - width / 2.0, centre_y - height / 2.0);
    let sheet = Sheet::drawn(columns as usize, rows as usize, |column, row| {
        let (x, y) =
            (left + (column as f64 + 0.5) / per_pixel - 0.5, top + (row as f64 + 0.5) / per_pixel - 0.5);
        let seen = source.mean(x, y, 1.0 / per_pixel);
        // Cut out by an ellipse around head and hair, widened to the shoulders: softly, so that no hard edge appears.
        let across = (x - f64::from(bounds.centre().x)).abs() / face_width;
        let down = (y - f64::from(bounds.centre().y)) / face_height;
        let beyond = if down > 0.45 { across - 1.4 } else { across.hypot(down * 0.85) - 0.85 };
        mixed(seen, ground, (beyond / 0.15).clamp(0.0, 0.92) as f32)
    });
    (columns >= 8.0).then_some(Printed { sheet, per_pixel })
}

/// What printing does: less contrast and colour, a cast, the printer's dots, grain, and lines of security printing.
pub(super) fn print(portrait: Printed, dice: &mut Dice) -> Printed {
    let Printed { sheet, per_pixel } = portrait;
    let contrast = dice.between(0.62, 0.92) as f32;
    let lift = dice.between(-8.0, 26.0) as f32;
    let colour = dice.between(0.35, 0.95) as f32;
    let cast = [dice.between(0.86, 1.02), dice.between(0.93, 1.03), dice.between(0.96, 1.10)]
        .map(|gain| gain as f32);
    let (dots, period, angle) = (dice.between(2.0, 11.0), dice.between(2.2, 3.4), dice.between(0.6, 0.95));
    let grain = dice.between(2.0, 7.0) as f32;
    let (lines, spacing, phase) = (dice.between(0.0, 9.0), dice.between(14.0, 30.0), dice.between(0.0, TAU));
    let ink = dice.between(0.5, 1.0);

    let mut printed = sheet.blurred(ink);
    printed.each(|column, row, pixel| {
        let (x, y) = (column as f64, row as f64);
        let grey = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
        let toned =
            sheet::mixed([grey; 3], pixel, colour).map(|value| (value - 128.0) * contrast + 128.0 + lift);
        // Dots on a turned grid.
        let (u, v) = (x * angle.cos() + y * angle.sin(), y * angle.cos() - x * angle.sin());
        let dot = dots * (TAU * u / period).cos() * (TAU * v / period).cos();
        let line = lines * (TAU * (y + 6.0 * (x / 23.0 + phase).sin()) / spacing).cos().powi(9);
        let noise = grain * dice.normal();
        [0, 1, 2].map(|channel: usize| toned[channel] * cast[channel] + (dot + line) as f32 + noise)
    });
    Printed { sheet: printed, per_pixel }
}
