//! What poor capture does to a picture: cut too closely, stored too small, out of focus.

use super::sheet::Sheet;
use crate::dice::Dice;
use crate::face::Face;
use crate::picture::Picture;

/// One way of losing what a picture held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Loss {
    /// Cut to the face's bounds: no hair, no ears, no surroundings.
    Tight,
    /// Made smaller, until its longer side has 64 to 100 pixels, and enlarged again.
    Small,
    /// Blurred by a Gaussian of 2.5 to 6 hundredths of the distance between the eyes.
    Blurred,
}

/// The longer side of a picture made smaller, in pixels.
const SMALL_SIDES: (f64, f64) = (64.0, 100.0);

/// The blur's deviation, in distances between the eyes.
const BLURS: (f64, f64) = (0.025, 0.06);

impl Loss {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tight, Self::Small, Self::Blurred];

    /// Its name on the command line and in reports.
    pub fn key(self) -> &'static str {
        match self {
            Self::Tight => "tight",
            Self::Small => "small",
            Self::Blurred => "blurred",
        }
    }

    /// The one of a name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|loss| loss.key() == key)
    }

    /// The picture after it; `None` where nothing is left, or the face's landmarks have no extent.
    pub fn of(self, picture: &Picture, face: &Face, dice: &mut Dice) -> Option<Picture> {
        match self {
            Self::Tight => cropped(picture, face),
            Self::Small => {
                let longer = f64::from(picture.width().max(picture.height()));
                let share = dice.between(SMALL_SIDES.0, SMALL_SIDES.1) / longer;
                resized(&Sheet::of(picture), share, picture)
            }
            Self::Blurred => {
                let eyes = f64::from(face.eye_distance());
                let deviation = dice.between(BLURS.0, BLURS.1) * eyes;
                (deviation.is_finite() && deviation > 0.0)
                    .then(|| Sheet::of(picture).blurred(deviation).picture())?
            }
        }
    }
}

/// The part of the picture within the face's bounds, in whole pixels.
fn cropped(picture: &Picture, face: &Face) -> Option<Picture> {
    let along = |start: f32, length: f32, side: u32| {
        let from = start.round().clamp(0.0, side as f32) as usize;
        let to = (start + length).round().clamp(0.0, side as f32) as usize;
        (from, to.saturating_sub(from))
    };
    let (left, width) = along(face.bounds.left, face.bounds.width, picture.width());
    let (top, height) = along(face.bounds.top, face.bounds.height, picture.height());
    let rows = picture.rgb().chunks_exact(picture.width() as usize * 3).skip(top).take(height);
    let rgb = rows.flat_map(|row| row.iter().skip(left * 3).take(width * 3)).copied().collect();
    Picture::new(u32::try_from(width).ok()?, u32::try_from(height).ok()?, rgb)
}

/// Drawn at a `share` of its size, each pixel the mean of what it covers, and brought back to the picture's sides.
fn resized(sheet: &Sheet, share: f64, picture: &Picture) -> Option<Picture> {
    if share >= 1.0 {
        return Some(picture.clone());
    }
    let along = |side: usize| ((side as f64 * share).round() as usize).max(1);
    let (width, height) = (along(sheet.width), along(sheet.height));
    // A place of `to` pixels in one of `from` pixels, both counted from the centre of the first.
    let place = |index: usize, to: usize, from: usize| (index as f64 + 0.5) * from as f64 / to as f64 - 0.5;
    let small = Sheet::drawn(width, height, |column, row| {
        let (x, y) = (place(column, width, sheet.width), place(row, height, sheet.height));
        sheet.mean(x, y, 1.0 / share).map(f32::round)
    });
    let back = Sheet::drawn(sheet.width, sheet.height, |column, row| {
        small.at(place(column, sheet.width, width), place(row, sheet.height, height))
    });
    back.picture()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::{Bounds, Point};

    /// Stripes two pixels wide, and a face in their midst.
    fn subject(bounds: Bounds) -> (Picture, Face) {
        let rgb = (0..200 * 160_u32).flat_map(|place| [if place % 200 / 2 % 2 == 0 { 40 } else { 200 }; 3]);
        let at = |x: f32, y: f32| Point { x, y };
        let landmarks = [at(80.0, 60.0), at(120.0, 60.0), at(100.0, 80.0), at(85.0, 100.0), at(115.0, 100.0)];
        (Picture::new(200, 160, rgb.collect()).expect("a picture"), Face { bounds, landmarks, score: 1.0 })
    }

    /// Mean difference of neighbours along the rows of the middle, in grey levels.
    fn detail(picture: &Picture) -> f64 {
        let row: Vec<f64> = picture.rgb().as_chunks::<3>().0.iter().map(|rgb| f64::from(rgb[0])).collect();
        let middle = row.len() / 2..row.len() / 2 + 150;
        row[middle].windows(2).map(|pair| (pair[0] - pair[1]).abs()).sum::<f64>() / 149.0
    }

    #[test]
    fn each_loss_takes_what_it_says() {
        let bounds = Bounds { left: 70.2, top: 31.0, width: 60.0, height: 90.4 };
        let (picture, face) = subject(bounds);
        for (loss, sides, most_detail) in [
            (Loss::Tight, (60, 90), 100.0),
            (Loss::Small, (200, 160), 40.0),
            (Loss::Blurred, (200, 160), 60.0),
        ] {
            let of = |name| loss.of(&picture, &face, &mut Dice::new(1, name)).expect("a picture");
            let lost = of("a");
            assert_eq!((lost.width(), lost.height()), sides, "{loss:?}");
            assert!(detail(&lost) < most_detail, "{loss:?}: {}", detail(&lost));
            assert!(lost == of("a") && (loss == Loss::Tight || lost != of("b")), "{loss:?}: its dice decide");
            assert_eq!(Loss::from_key(loss.key()), Some(loss));
        }
    }

    #[test]
    fn a_crop_ends_at_the_border_and_beyond_it_nothing_is_left() {
        for (left, top, expected) in [
            (-10.0, -20.0, Some((50, 70))),
            (170.0, 120.0, Some((30, 40))),
            (300.0, 0.0, None),
            (0.0, f32::NAN, None),
        ] {
            let (picture, face) = subject(Bounds { left, top, width: 60.0, height: 90.0 });
            let lost = Loss::Tight.of(&picture, &face, &mut Dice::new(1, "a"));
            assert_eq!(lost.map(|lost| (lost.width(), lost.height())), expected, "{left} {top}");
        }
    }
}
