//! Reads YuNet's outputs: one candidate for every cell of three grids.

use super::geometry::{Bounds, Face, Point};
use crate::runtime::ModelError;

/// Side of a grid's cells in canvas pixels, and the names of the outputs that tell of them.
pub(super) const GRIDS: [Grid; 3] = [
    Grid { stride: 8, outputs: ["cls_8", "obj_8", "bbox_8", "kps_8"] },
    Grid { stride: 16, outputs: ["cls_16", "obj_16", "bbox_16", "kps_16"] },
    Grid { stride: 32, outputs: ["cls_32", "obj_32", "bbox_32", "kps_32"] },
];

/// The names of all outputs a detector has to have.
pub(crate) const DETECTOR_OUTPUTS: [&str; 12] = [
    "cls_8", "obj_8", "bbox_8", "kps_8", "cls_16", "obj_16", "bbox_16", "kps_16", "cls_32", "obj_32",
    "bbox_32", "kps_32",
];

/// One of the detector's grids.
pub(super) struct Grid {
    pub(super) stride: usize,
    pub(super) outputs: [&'static str; 4],
}

/// A grid's outputs, row by row: class and object confidence (1 number a cell), bounds (4), landmarks (10).
pub(super) struct GridOutputs<'o> {
    pub(super) class: &'o [f32],
    pub(super) object: &'o [f32],
    pub(super) bounds: &'o [f32],
    pub(super) landmarks: &'o [f32],
}

impl Grid {
    /// Appends the candidates of at least `least` confidence, in canvas pixels.
    pub(super) fn read(
        &self,
        outputs: &GridOutputs,
        width: usize,
        height: usize,
        least: f32,
        found: &mut Vec<Face>,
    ) -> Result<(), ModelError> {
        let (columns, cells) = (width / self.stride, (width / self.stride) * (height / self.stride));
        let GridOutputs { class, object, bounds, landmarks } = outputs;
        if [class.len(), object.len(), bounds.len() / 4, landmarks.len() / 10] != [cells; 4] {
            return Err(ModelError::Output);
        }
        let numbers =
            class.iter().zip(*object).zip(bounds.as_chunks::<4>().0).zip(landmarks.as_chunks::<10>().0);
        for (cell, (((class, object), bounds), landmarks)) in numbers.enumerate() {
            let score = (class.clamp(0.0, 1.0) * object.clamp(0.0, 1.0)).sqrt();
            if score < least {
                continue;
            }
            let (column, row) = ((cell % columns) as f32, (cell / columns) as f32);
            found.extend(self.candidate(column, row, bounds, landmarks, score));
        }
        Ok(())
    }

    /// A cell's candidate: centre and landmarks relative to the cell, sides as logarithms, all in strides.
    fn candidate(
        &self,
        column: f32,
        row: f32,
        bounds: &[f32; 4],
        landmarks: &[f32; 10],
        score: f32,
    ) -> Option<Face> {
        let stride = self.stride as f32;
        let [x, y, log_width, log_height] = *bounds;
        let (width, height) = (log_width.exp() * stride, log_height.exp() * stride);
        let bounds = Bounds {
            left: (column + x) * stride - width / 2.0,
            top: (row + y) * stride - height / 2.0,
            width,
            height,
        };

        let mut places = [Point { x: 0.0, y: 0.0 }; 5];
        for (place, [x, y]) in places.iter_mut().zip(landmarks.as_chunks::<2>().0) {
            *place = Point { x: (column + x) * stride, y: (row + y) * stride };
        }
        let sound = [bounds.left, bounds.top, width, height, score].iter().all(|number| number.is_finite())
            && places.iter().all(|place| place.x.is_finite() && place.y.is_finite())
            && bounds.area() > 0.0;
        sound.then_some(Face { bounds, landmarks: places, score })
    }
}

/// Keeps of candidates that overlap by more than `overlap` only the most confident; the rest in falling confidence.
pub(super) fn suppress(mut candidates: Vec<Face>, overlap: f32) -> Vec<Face> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    // Each kept face is compared with every candidate: bounded, so that a picture of noise stays cheap.
    candidates.truncate(MOST_CANDIDATES);
    let mut kept: Vec<Face> = Vec::new();
    for candidate in candidates {
        if kept.iter().all(|face| face.bounds.overlap(candidate.bounds) <= overlap) {
            kept.push(candidate);
        }
    }
    kept
}

const MOST_CANDIDATES: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn face(left: f32, score: f32) -> Face {
        Face {
            bounds: Bounds { left, top: 0.0, width: 10.0, height: 10.0 },
            landmarks: [Point { x: 0.0, y: 0.0 }; 5],
            score,
        }
    }

    #[test]
    fn of_overlapping_candidates_the_most_confident_stays() {
        let lefts = |faces: Vec<Face>| faces.iter().map(|face| face.bounds.left).collect::<Vec<_>>();
        let table: [(&[Face], &[f32]); 4] = [
            (&[], &[]),
            (&[face(0.0, 0.7), face(1.0, 0.9), face(2.0, 0.8)], &[1.0]),
            (&[face(0.0, 0.7), face(8.0, 0.9)], &[8.0, 0.0]),
            (&[face(0.0, 0.9), face(4.0, 0.8), face(8.0, 0.7)], &[0.0, 8.0]),
        ];
        for (candidates, expected) in table {
            assert_eq!(lefts(suppress(candidates.to_vec(), 0.3)), expected);
        }
    }

    #[test]
    fn a_cell_tells_its_face_in_strides() {
        let grid = &GRIDS[1];
        let mut outputs = [vec![0.0; 4], vec![0.0; 4], vec![0.0; 16], vec![0.0; 40]];
        (outputs[0][3], outputs[1][3]) = (0.81, 1.0);
        outputs[2][12..].copy_from_slice(&[0.5, 0.25, 2.0_f32.ln(), 0.0]);
        outputs[3][30..32].copy_from_slice(&[0.5, -0.5]);
        let [class, object, bounds, landmarks] = &outputs;
        let mut found = Vec::new();
        grid.read(&GridOutputs { class, object, bounds, landmarks }, 32, 32, 0.5, &mut found)
            .expect("sizes fit");

        let [only] = found.as_slice() else { panic!("one face, not {}", found.len()) };
        assert!((only.score - 0.9).abs() < 1e-6);
        assert_eq!(only.bounds, Bounds { left: 8.0, top: 12.0, width: 32.0, height: 16.0 });
        assert_eq!(only.landmarks[0], Point { x: 24.0, y: 8.0 });
    }

    #[test]
    fn outputs_of_another_size_are_refused() {
        let outputs =
            GridOutputs { class: &[1.0; 4], object: &[1.0; 4], bounds: &[0.0; 12], landmarks: &[0.0; 40] };
        assert!(matches!(GRIDS[1].read(&outputs, 32, 32, 0.5, &mut Vec::new()), Err(ModelError::Output)));
    }
}
