//! Alignment: a face turned upright and brought to one size.

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::geometry::{Face, Point};
use crate::picture::Picture;
use crate::reduction::Reduction;

/// Side of an aligned face in pixels.
pub const ALIGNED_SIDE: usize = 112;

/// Where the five landmarks of an aligned face lie: the template the ArcFace family of recognisers, SFace among them,
/// was trained with.
pub(crate) const TEMPLATE: [Point; 5] = [
    Point { x: 38.2946, y: 51.6963 },
    Point { x: 73.5318, y: 51.5014 },
    Point { x: 56.0252, y: 71.7366 },
    Point { x: 41.5493, y: 92.3655 },
    Point { x: 70.7299, y: 92.2041 },
];

/// How a face is brought into a square.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Alignment {
    /// The square's side in pixels.
    pub(crate) side: usize,
    /// Where the landmarks come to lie.
    pub(crate) landmarks: [Point; 5],
}

impl Alignment {
    /// What quality is measured on, and what most recognisers were trained with.
    pub(crate) const STANDARD: Self = Self { side: ALIGNED_SIDE, landmarks: TEMPLATE };
}

/// A face by a template of landmarks, for [`Self::cut`] [`ALIGNED_SIDE`] pixels wide and high, packed RGB. Wiped on drop.
#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct AlignedFace {
    rgb: Vec<u8>,
    crop_side: f32,
}

impl AlignedFace {
    /// Cuts a face out of its picture by the similarity transform that brings its landmarks nearest the template's.
    ///
    /// `None` where the landmarks have no extent. Where the picture shows the face larger than the template, whole
    /// blocks of its pixels are averaged first, so that nothing is aliased; beyond the border the outermost pixels go on.
    pub fn cut(picture: &Picture, face: &Face) -> Option<Self> {
        Self::cut_to(picture, face, &Alignment::STANDARD)
    }

    /// The same, by a recogniser's own alignment.
    pub(crate) fn cut_to(picture: &Picture, face: &Face, alignment: &Alignment) -> Option<Self> {
        let from_template = Similarity::fit(&face.landmarks, &alignment.landmarks)?.inverse()?;
        let crop_side = alignment.side as f32 * from_template.scale() as f32;
        Some(Self { rgb: sample(picture, &from_template, alignment.side), crop_side })
    }

    /// Side of the square of the picture that was cut out, in pixels of the picture: below [`ALIGNED_SIDE`] the face
    /// was enlarged.
    pub fn crop_side(&self) -> f32 {
        self.crop_side
    }

    /// The pixels: red, green, blue, row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }
}

impl std::fmt::Debug for AlignedFace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AlignedFace(<private>)")
    }
}

/// Turning, scaling and moving: p -> m * p + t, read as complex numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Similarity {
    m: (f64, f64),
    t: (f64, f64),
}

impl Similarity {
    /// The one that brings `from` nearest `to` in the sense of least squares (Umeyama's, without reflection).
    fn fit(from: &[Point; 5], to: &[Point; 5]) -> Option<Self> {
        let (from_centre, to_centre) = (centroid(from), centroid(to));
        let (mut dot, mut cross, mut spread) = (0.0, 0.0, 0.0);
        for (p, q) in from.iter().zip(to) {
            let (px, py) = (f64::from(p.x) - from_centre.0, f64::from(p.y) - from_centre.1);
            let (qx, qy) = (f64::from(q.x) - to_centre.0, f64::from(q.y) - to_centre.1);
            dot += px * qx + py * qy;
            cross += px * qy - py * qx;
            spread += px * px + py * py;
        }
        let m = (dot / spread, cross / spread);
        let turned = (m.0 * from_centre.0 - m.1 * from_centre.1, m.0 * from_centre.1 + m.1 * from_centre.0);
        let found = Self { m, t: (to_centre.0 - turned.0, to_centre.1 - turned.1) };
        found.is_finite().then_some(found)
    }

    /// The one that brings a canvas of `canvas` pixels each way onto the square of side `side` about `centre`, turned
    /// clockwise by `angle` in radians.
    pub(super) fn onto_square(centre: Point, side: f64, angle: f64, canvas: usize) -> Option<Self> {
        let scale = side / canvas as f64;
        let (m, middle) = ((scale * angle.cos(), scale * angle.sin()), (canvas as f64 - 1.0) / 2.0);
        let t = (f64::from(centre.x) - (m.0 - m.1) * middle, f64::from(centre.y) - (m.1 + m.0) * middle);
        let found = Self { m, t };
        (found.is_finite() && scale > 0.0).then_some(found)
    }

    fn inverse(&self) -> Option<Self> {
        let square = self.m.0 * self.m.0 + self.m.1 * self.m.1;
        let m = (self.m.0 / square, -self.m.1 / square);
        let t = (-(m.0 * self.t.0 - m.1 * self.t.1), -(m.0 * self.t.1 + m.1 * self.t.0));
        let found = Self { m, t };
        found.is_finite().then_some(found)
    }

    pub(super) fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        (self.m.0 * x - self.m.1 * y + self.t.0, self.m.1 * x + self.m.0 * y + self.t.1)
    }

    /// How many times longer things become.
    pub(super) fn scale(&self) -> f64 {
        self.m.0.hypot(self.m.1)
    }

    /// How far things are turned, clockwise in a picture, in radians from -pi to pi.
    pub(super) fn angle(&self) -> f64 {
        self.m.1.atan2(self.m.0)
    }

    fn is_finite(&self) -> bool {
        [self.m.0, self.m.1, self.t.0, self.t.1].iter().all(|number| number.is_finite())
    }
}

fn centroid(points: &[Point; 5]) -> (f64, f64) {
    let sum =
        points.iter().fold((0.0, 0.0), |(x, y), point| (x + f64::from(point.x), y + f64::from(point.y)));
    (sum.0 / 5.0, sum.1 / 5.0)
}

/// Every pixel of a square of `side` pixels, row by row, read from the picture reduced by the whole number that comes
/// nearest the scale: what is left of the scale is about one, so no pixel of the picture is passed over.
pub(super) fn sample(picture: &Picture, from_template: &Similarity, side: usize) -> Vec<u8> {
    let times = from_template.scale().round().max(1.0) as usize;
    let reduced = Reduction::of(picture, covered(from_template, side), times);
    let mut rgb = Vec::with_capacity(side * side * 3);
    for row in 0..side {
        for column in 0..side {
            let (x, y) = from_template.apply(column as f64, row as f64);
            let [red, green, blue, _] = reduced.at(x as f32, y as f32).map(|channel| channel.round() as u8);
            rgb.extend([red, green, blue]);
        }
    }
    rgb
}

/// The corners of the smallest upright rectangle of the picture that holds the whole template: least x and y, most x
/// and y.
fn covered(from_template: &Similarity, side: usize) -> (f64, f64, f64, f64) {
    let far = side as f64;
    let corners =
        [(-1.0, -1.0), (far, -1.0), (-1.0, far), (far, far)].map(|(x, y)| from_template.apply(x, y));
    corners.iter().fold(
        (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY),
        |(left, top, right, bottom), &(x, y)| (left.min(x), top.min(y), right.max(x), bottom.max(y)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(scale: f64, angle: f64, t: (f64, f64)) -> Similarity {
        Similarity { m: (scale * angle.cos(), scale * angle.sin()), t }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-4
    }

    #[test]
    fn a_similarity_is_found_again_from_five_points() {
        let table = [
            (1.0, 0.0, (0.0, 0.0)),
            (3.5, 0.3, (120.0, -40.0)),
            (0.4, -2.0, (5.0, 900.0)),
            (12.0, 3.1, (-3.0, 2.0)),
        ];
        for (scale, angle, t) in table {
            let expected = moved(scale, angle, t);
            let points = TEMPLATE.map(|point| {
                let (x, y) = expected.apply(point.x.into(), point.y.into());
                Point { x: x as f32, y: y as f32 }
            });
            let found = Similarity::fit(&TEMPLATE, &points).expect("points have an extent");
            assert!(
                close(found.m.0, expected.m.0) && close(found.m.1, expected.m.1),
                "{found:?} {expected:?}"
            );
            let there_and_back =
                found.inverse().expect("a scale").apply(found.apply(10.0, 20.0).0, found.apply(10.0, 20.0).1);
            assert!(close(there_and_back.0, 10.0) && close(there_and_back.1, 20.0), "{there_and_back:?}");
        }
    }

    #[test]
    fn points_without_extent_have_no_similarity() {
        let picture = Picture::new(1, 1, vec![0; 3]).expect("a picture");
        for place in [0.0, f32::NAN, f32::INFINITY] {
            let landmarks = [Point { x: place, y: place }; 5];
            let bounds = super::super::Bounds { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
            assert_eq!(AlignedFace::cut(&picture, &Face { bounds, landmarks, score: 1.0 }), None);
        }
    }

    /// A picture whose red is the column and whose green is the row, and a face at a known place in it.
    fn ramp(side: u32, scale: f64, t: (f64, f64)) -> (Picture, Face) {
        let rgb = (0..side)
            .flat_map(|row| (0..side).flat_map(move |column| [column as u8, row as u8, 7]))
            .collect();
        let at = moved(scale, 0.0, t);
        let landmarks = TEMPLATE.map(|point| {
            let (x, y) = at.apply(point.x.into(), point.y.into());
            Point { x: x as f32, y: y as f32 }
        });
        let bounds = super::super::Bounds { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
        (Picture::new(side, side, rgb).expect("a picture"), Face { bounds, landmarks, score: 1.0 })
    }

    #[test]
    fn pixels_come_from_where_the_transform_says() {
        for (scale, t) in [(1.0, (0.0, 0.0)), (1.0, (30.0, 12.0)), (2.0, (10.0, 20.0)), (0.5, (40.0, 40.0))] {
            let (picture, face) = ramp(250, scale, t);
            let aligned = AlignedFace::cut(&picture, &face).expect("aligned");
            for (column, row) in [(0, 0), (50, 20), (111, 111), (3, 97)] {
                let place = (row * ALIGNED_SIDE + column) * 3;
                let expected = [column as f64 * scale + t.0, row as f64 * scale + t.1, 7.0];
                for (found, expected) in aligned.rgb()[place..place + 3].iter().zip(expected) {
                    assert!(
                        (f64::from(*found) - expected).abs() <= 0.51,
                        "{scale} {t:?} {column} {row}: {found} {expected}"
                    );
                }
            }
        }
    }

    /// The mean of very many places of the area a pixel covers, each read bilinearly: what the sampling stands for.
    fn by_area(picture: &Picture, from_template: &Similarity, column: usize, row: usize) -> [f64; 3] {
        const FINE: usize = 24;
        let (last_x, last_y) = (f64::from(picture.width() - 1), f64::from(picture.height() - 1));
        let pixels = picture.rgb().as_chunks::<3>().0;
        let at = |x: f64, y: f64| pixels[y as usize * picture.width() as usize + x as usize].map(f64::from);
        let mut sum = [0.0; 3];
        for place in 0..FINE * FINE {
            let part = |index: usize| (index as f64 + 0.5) / FINE as f64 - 0.5;
            let (x, y) =
                from_template.apply(column as f64 + part(place % FINE), row as f64 + part(place / FINE));
            let (x, y) = (x.clamp(0.0, last_x), y.clamp(0.0, last_y));
            let (right, down) = (x.ceil().min(last_x), y.ceil().min(last_y));
            let corners =
                [at(x.floor(), y.floor()), at(right, y.floor()), at(x.floor(), down), at(right, down)];
            for (channel, sum) in sum.iter_mut().enumerate() {
                let [a, b, c, d] = corners.map(|corner| corner[channel]);
                let (across, along) = (x.fract(), y.fract());
                *sum += (a * (1.0 - across) + b * across) * (1.0 - along)
                    + (c * (1.0 - across) + d * across) * along;
            }
        }
        sum.map(|sum| sum / (FINE * FINE) as f64)
    }

    /// Waves of all lengths down to eight pixels, and no two channels alike.
    fn waves(side: u32) -> Picture {
        let value = |column: u32, row: u32, channel: u32| {
            let (x, y) = (f64::from(column), f64::from(row));
            let wave = (x / 7.0 + f64::from(channel)).sin() + (y / 19.0).sin() + ((x + 2.0 * y) / 53.0).cos();
            (128.0 + 40.0 * wave) as u8
        };
        let pixels = (0..side * side)
            .flat_map(|place| [0, 1, 2].map(|channel| value(place % side, place / side, channel)));
        Picture::new(side, side, pixels.collect()).expect("a picture")
    }

    #[test]
    fn a_pixel_is_the_mean_of_the_area_it_covers() {
        // Root mean square of the differences, in grey levels: a block is one value, and the area has many.
        const BOUND: f64 = 1.5;
        let picture = waves(900);
        for (scale, angle, t) in [
            (0.7, 0.2, (100.0, 80.0)),
            (1.2, 0.0, (100.0, 80.0)),
            (1.45, 1.4, (300.0, 80.0)),
            (1.9, 0.4, (200.0, 90.0)),
            (2.6, -0.7, (100.0, 300.0)),
            (3.5, 0.1, (90.0, 80.0)),
            (4.4, 0.05, (60.0, 50.0)),
            (5.3, 0.2, (160.0, 30.0)),
        ] {
            let from_template = moved(scale, angle, t);
            let found = sample(&picture, &from_template, ALIGNED_SIDE);
            let mut squares = 0.0;
            for (place, pixel) in found.as_chunks::<3>().0.iter().enumerate().step_by(7) {
                let expected = by_area(&picture, &from_template, place % ALIGNED_SIDE, place / ALIGNED_SIDE);
                squares += pixel.iter().zip(expected).map(|(a, b)| (f64::from(*a) - b).powi(2)).sum::<f64>();
            }
            let error = (squares / (found.len() as f64 / 7.0)).sqrt();
            assert!(error < BOUND, "{scale} {angle}: {error}");
        }
    }

    #[test]
    fn a_large_face_is_averaged_not_picked() {
        let side = 800_u32;
        let stripes = (0..side * side).flat_map(|pixel| [if pixel % 2 == 0 { 0 } else { 255 }; 3]).collect();
        let picture = Picture::new(side, side, stripes).expect("a picture");
        let (_, face) = ramp(1, 6.0, (40.0, 40.0));
        let aligned = AlignedFace::cut(&picture, &face).expect("aligned");
        assert!(
            aligned.rgb().iter().all(|&value| (110..=145).contains(&value)),
            "stripes of one pixel turn grey"
        );
    }
}
