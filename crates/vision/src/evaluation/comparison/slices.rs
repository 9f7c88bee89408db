//! Error rates of parts of the pairs: by the pictures' measures, and by what the pairs file says of them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::evaluation::rates::Rate;
use crate::face::{AlignedFace, Face, Quality};
use crate::picture::Picture;

/// A measure of a picture and how it is cut into bands, the worst first.
struct Measure {
    key: &'static str,
    bands: &'static [&'static str],
    /// The band of a value.
    band: fn(f32) -> usize,
}

/// The first edge that a value lies below, or past the last.
fn below(value: f32, edges: &[f32]) -> usize {
    edges.iter().position(|edge| value < *edge).unwrap_or(edges.len())
}

/// The most bands a measure has.
const MOST_BANDS: usize = 5;

const MEASURES: [Measure; 3] = [
    Measure {
        key: "inter_eye_distance_px",
        bands: &["below 20", "20 to 40", "40 to 60", "60 to 90", "90 or more"],
        band: |distance| below(distance, &[20.0, 40.0, 60.0, 90.0]),
    },
    Measure {
        key: "sharpness",
        bands: &["below 3.5", "3.5 to 7", "7 to 12", "12 to 20", "20 or more"],
        band: |sharpness| below(sharpness, &[3.5, 7.0, 12.0, 20.0]),
    },
    Measure {
        key: "yaw_degrees",
        bands: &["30 or more", "20 to 30", "10 to 20", "below 10"],
        band: |yaw| 3 - below(yaw, &[10.0, 20.0, 30.0]),
    },
];

/// The bands a capture lies in, by measure; a pair lies in the worse one of its two captures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bands([u8; MEASURES.len()]);

impl Bands {
    /// Measures a face.
    pub(super) fn measure(aligned: &AlignedFace, picture: &Picture, face: &Face) -> Self {
        let Quality { eye_distance, sharpness, .. } = Quality::of_aligned(aligned, picture, face, &[]);
        Self::of([eye_distance, sharpness, yaw(face)])
    }

    fn of(values: [f32; MEASURES.len()]) -> Self {
        let mut bands = [0; MEASURES.len()];
        for ((band, measure), value) in bands.iter_mut().zip(&MEASURES).zip(values) {
            *band = (measure.band)(value) as u8;
        }
        Self(bands)
    }

    fn worse(self, other: Self) -> Self {
        let mut bands = self.0;
        bands.iter_mut().zip(other.0).for_each(|(band, other)| *band = (*band).min(other));
        Self(bands)
    }
}

/// How far the tip of the nose stands in front of the eyes, in distances between them.
const NOSE: f32 = 0.58;

/// How far the head is turned to a side, in degrees, from where the tip of the nose lies between the eyes: coarse, but
/// it needs nothing beyond the five landmarks.
fn yaw(face: &Face) -> f32 {
    let [left, right, nose, ..] = face.landmarks;
    let (across, down) = (right.x - left.x, right.y - left.y);
    let square = (across * across + down * down).max(f32::MIN_POSITIVE);
    let (x, y) = (nose.x - (left.x + right.x) / 2.0, nose.y - (left.y + right.y) / 2.0);
    ((x * across + y * down) / square / NOSE).atan().to_degrees().abs()
}

/// Comparisons and how many of them matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) compared: u64,
    pub(super) matched: u64,
}

impl Tally {
    fn add(&mut self, matched: bool) {
        self.compared += 1;
        self.matched += u64::from(matched);
    }

    fn merge(&mut self, other: Self) {
        self.compared += other.compared;
        self.matched += other.matched;
    }
}

/// Both kinds of pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tallies {
    pub(super) genuine: Tally,
    pub(super) impostor: Tally,
}

impl Tallies {
    pub(super) fn add(&mut self, same: bool, matched: bool) {
        if same { self.genuine.add(matched) } else { self.impostor.add(matched) }
    }

    fn merge(&mut self, other: Self) {
        self.genuine.merge(other.genuine);
        self.impostor.merge(other.impostor);
    }

    pub(super) fn fmr(&self) -> Option<Rate> {
        let Tally { compared, matched } = self.impostor;
        (compared > 0).then(|| Rate::new(matched, compared))
    }

    pub(super) fn fnmr(&self) -> Option<Rate> {
        let Tally { compared, matched } = self.genuine;
        (compared > 0).then(|| Rate::new(compared - matched, compared))
    }
}

/// What was counted at the operating threshold: all pairs, and those of every band.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sliced {
    pub(super) all: Tallies,
    bands: [[Tallies; MOST_BANDS]; MEASURES.len()],
}

impl Sliced {
    pub(super) fn add(&mut self, left: Bands, right: Bands, same: bool, matched: bool) {
        self.all.add(same, matched);
        for (slices, band) in self.bands.iter_mut().zip(left.worse(right).0) {
            if let Some(slice) = slices.get_mut(usize::from(band)) {
                slice.add(same, matched);
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.all.merge(other.all);
        let others = other.bands.iter().flatten();
        self.bands.iter_mut().flatten().zip(others).for_each(|(slice, other)| slice.merge(*other));
    }

    /// The slices of every measure, by its key.
    pub(super) fn report(&self) -> BTreeMap<String, Vec<Slice>> {
        let slices = |measure: &Measure, tallies: &[Tallies]| {
            measure.bands.iter().zip(tallies).map(|(band, tallies)| Slice::of(band, tallies)).collect()
        };
        let measures = MEASURES.iter().zip(&self.bands);
        measures.map(|(measure, tallies)| (measure.key.to_owned(), slices(measure, tallies))).collect()
    }
}

/// The rates of a part of the pairs, at the operating threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// The band, or the attribute's value.
    pub slice: String,
    /// Pairs of one person that were compared.
    pub genuine: u64,
    /// Pairs of two people that were compared.
    pub impostor: u64,
    /// False match rate; `None` where there is no impostor pair.
    pub fmr: Option<Rate>,
    /// False non-match rate; `None` where there is no genuine pair.
    pub fnmr: Option<Rate>,
}

impl Slice {
    pub(super) fn of(slice: &str, tallies: &Tallies) -> Self {
        Self {
            slice: slice.to_owned(),
            genuine: tallies.genuine.compared,
            impostor: tallies.impostor.compared,
            fmr: tallies.fmr(),
            fnmr: tallies.fnmr(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::face::{Bounds, Point};

    #[test]
    fn bands_are_cut_where_their_names_say() {
        let table = [
            ([19.9, 3.4, 31.0], [0, 0, 0]),
            ([20.0, 3.5, 30.0], [1, 1, 0]),
            ([59.0, 11.9, 10.0], [2, 2, 2]),
            ([90.0, 20.0, 0.0], [4, 4, 3]),
        ];
        for (values, expected) in table {
            assert_eq!(Bands::of(values), Bands(expected), "{values:?}");
        }
        assert_eq!(Bands([1, 4, 2]).worse(Bands([3, 0, 2])), Bands([1, 0, 2]));
    }

    #[test]
    fn yaw_is_where_the_nose_lies_between_the_eyes() {
        let at = |x: f32, y: f32| Point { x, y };
        let bounds = Bounds { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
        let table = [
            ("frontal", [at(0.0, 0.0), at(10.0, 0.0), at(5.0, 6.0)], 0.0),
            ("to a side", [at(0.0, 0.0), at(10.0, 0.0), at(8.0, 6.0)], 27.3),
            ("to the other, head tilted", [at(0.0, 0.0), at(0.0, 10.0), at(-6.0, 2.0)], 27.3),
        ];
        for (case, [left, right, nose], expected) in table {
            let face = Face { bounds, landmarks: [left, right, nose, nose, nose], score: 1.0 };
            assert!((yaw(&face) - expected).abs() < 0.1, "{case}: {}", yaw(&face));
        }
    }

    proptest! {
        #[test]
        fn slices_of_a_measure_sum_up_to_the_whole(
            pairs in prop::collection::vec((0u8..5, 0u8..5, 0u8..4, any::<bool>(), any::<bool>()), 0..200),
            cut in 0usize..200,
        ) {
            let (mut first, mut second) = (Sliced::default(), Sliced::default());
            for (place, (eyes, sharpness, yaw, same, matched)) in pairs.iter().enumerate() {
                let part = if place < cut { &mut first } else { &mut second };
                part.add(Bands([*eyes, 4, *yaw]), Bands([4, *sharpness, 3]), *same, *matched);
            }
            first.merge(&second);
            prop_assert_eq!(first.all.genuine.compared + first.all.impostor.compared, pairs.len() as u64);
            for slices in first.bands {
                let mut sum = Tallies::default();
                slices.into_iter().for_each(|slice| sum.merge(slice));
                prop_assert_eq!(sum, first.all);
            }
        }
    }
}
