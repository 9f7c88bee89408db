//! Variations of a portrait, so that a few free photographs give many cards.

use crate::dice::Dice;
use crate::picture::Picture;

/// The portrait mirrored or not, cut a little closer, and in other light.
pub fn varied(portrait: &Picture, dice: &mut Dice) -> Picture {
    let mirrored = dice.happens(0.5);
    let share = dice.between(0.84, 1.0);
    let side = |whole: u32| ((f64::from(whole) * share) as u32).clamp(1, whole);
    let (width, height) = (side(portrait.width()), side(portrait.height()));
    let left = dice.below((portrait.width() - width + 1) as usize) as u32;
    let top = dice.below((portrait.height() - height + 1) as usize) as u32;

    let (gamma, warmth) = (dice.between(0.8, 1.25), dice.between(0.93, 1.07));
    let gains =
        [dice.between(0.88, 1.08) * warmth, dice.between(0.9, 1.08), dice.between(0.9, 1.08) / warmth];
    let curves = gains.map(|gain| {
        let curve = |value: u8| (gain * (f64::from(value) / 255.0).powf(gamma)).min(1.0) * 255.0;
        (0..=u8::MAX).map(|value| curve(value).round() as u8).collect::<Vec<u8>>()
    });
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    let pixels = portrait.rgb().as_chunks::<3>().0;
    for row in top..top + height {
        for column in 0..width {
            let column = left + if mirrored { width - 1 - column } else { column };
            let place = row as usize * portrait.width() as usize + column as usize;
            let pixel = pixels.get(place).copied().unwrap_or_default();
            let lit = pixel.iter().zip(&curves);
            rgb.extend(lit.map(|(value, curve)| curve.get(usize::from(*value)).copied().unwrap_or(*value)));
        }
    }
    // The bytes fit the sides by construction.
    Picture::new(width, height, rgb).unwrap_or_else(|| portrait.clone())
}
