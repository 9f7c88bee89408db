//! What the quality gate would do to pictures, and where their measures lie.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{EvaluationError, Progress, Rate, picture};
use crate::crew::{self, Done};
use crate::face::{MeshQuality, Quality};
use crate::models::Models;
use crate::picture::Turn;
use crate::runtime::{Bench, ModelError};

/// What was measured of a picture's most prominent face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// How the picture was turned first.
    pub turn: Turn,
    /// By the detector and the aligned face.
    pub quality: Quality,
    /// By the mesh.
    pub mesh: MeshQuality,
}

/// What a policy makes of a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The reason codes that refuse it.
    pub refused: Vec<&'static str>,
    /// The reason codes that are noted.
    pub flagged: Vec<&'static str>,
}

/// The figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Pictures found.
    pub images: usize,
    /// Pictures in which no face was found, or which could not be decoded.
    pub failure_to_acquire: usize,
    /// Pictures that were turned first, by how.
    pub righted: BTreeMap<&'static str, usize>,
    /// Pictures that any measure refuses.
    pub refused: Rate,
    /// The same by reason code; a picture may be refused for several.
    pub refused_by: BTreeMap<&'static str, Rate>,
    /// Pictures about which something is noted, by reason code.
    pub flagged_by: BTreeMap<&'static str, Rate>,
    /// Where the measures lie.
    pub measures: BTreeMap<&'static str, Percentiles>,
    /// Mean time of one thread from file to measures.
    pub milliseconds_per_image: f64,
}

/// What shares of the pictures do not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Percentiles {
    /// One in a hundred.
    pub p1: f32,
    /// One in twenty.
    pub p5: f32,
    /// Half.
    pub p50: f32,
    /// Nineteen in twenty.
    pub p95: f32,
    /// Ninety-nine in a hundred.
    pub p99: f32,
}

/// Measures every picture in a folder and the folders below it on `jobs` threads, and has each judged.
///
/// # Errors
/// [`EvaluationError::Read`] for a folder or file that cannot be read.
pub fn evaluate(
    models: &Models,
    images: &Path,
    jobs: usize,
    progress: Progress,
    judge: impl Fn(&Measured) -> Judgement,
) -> Result<Report, EvaluationError> {
    let pictures = pictures_below(images)?;
    let Done { results, busy } =
        crew::each(models, &pictures, jobs, progress, |bench, path| measure(bench, path))?;
    let measured: Vec<Measured> = results.into_iter().flatten().collect();
    let milliseconds = busy.as_secs_f64() * 1e3 / pictures.len().max(1) as f64;
    Ok(report(pictures.len(), &measured, milliseconds, judge))
}

/// What the file names of pictures end with.
const ENDINGS: [&str; 3] = ["jpg", "jpeg", "png"];

fn pictures_below(folder: &Path) -> Result<Vec<PathBuf>, EvaluationError> {
    let mut pictures = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let read = |source| EvaluationError::Read { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(read)? {
            let entry = entry.map_err(read)?;
            let path = entry.path();
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
            if entry.file_type().map_err(read)?.is_dir() {
                folders.push(path);
            } else if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
                pictures.push(path);
            }
        }
    }
    pictures.sort_unstable();
    Ok(pictures)
}

/// `None` where the picture cannot be decoded or shows no face that can be aligned.
fn measure(bench: &mut Bench, path: &Path) -> Result<Option<Measured>, EvaluationError> {
    let Some(picture) = picture::read(path) else { return Ok(None) };
    let upright = bench.detect_upright(&picture)?;
    let Some(quality) = Quality::measure(upright.picture(), upright.faces()) else { return Ok(None) };
    let Some(face) = upright.faces().first() else { return Ok(None) };
    let mesh = match bench.mesh(upright.picture(), face) {
        Ok(mesh) => mesh,
        Err(ModelError::Output) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(Measured { turn: upright.turn(), quality, mesh: bench.mesh_quality(&mesh)? }))
}

fn report(
    images: usize,
    measured: &[Measured],
    milliseconds_per_image: f64,
    judge: impl Fn(&Measured) -> Judgement,
) -> Report {
    let judgements: Vec<Judgement> = measured.iter().map(judge).collect();
    let all = measured.len() as u64;
    let rates = |codes: fn(&Judgement) -> &[&'static str]| {
        let mut counts = BTreeMap::new();
        for code in judgements.iter().flat_map(codes) {
            *counts.entry(*code).or_insert(0_u64) += 1;
        }
        counts.into_iter().map(|(code, count)| (code, Rate::new(count, all))).collect()
    };
    let refused = judgements.iter().filter(|judgement| !judgement.refused.is_empty()).count() as u64;
    let mut righted = BTreeMap::new();
    for turn in Turn::OTHERS {
        righted.insert(name(turn), measured.iter().filter(|measured| measured.turn == turn).count());
    }
    Report {
        images,
        failure_to_acquire: images - measured.len(),
        righted,
        refused: Rate::new(refused, all),
        refused_by: rates(|judgement| &judgement.refused),
        flagged_by: rates(|judgement| &judgement.flagged),
        measures: measures(measured),
        milliseconds_per_image,
    }
}

fn name(turn: Turn) -> &'static str {
    match turn {
        Turn::Upright => "upright",
        Turn::Right => "quarter_clockwise",
        Turn::Half => "half",
        Turn::Left => "quarter_counter_clockwise",
    }
}

/// How a measure is read.
type Reading = fn(&Measured) -> f32;

fn measures(measured: &[Measured]) -> BTreeMap<&'static str, Percentiles> {
    let readings: [(&'static str, Reading); 16] = [
        ("eye_distance", |m| m.quality.eye_distance),
        ("face_side", |m| m.quality.crop_side),
        ("cut_off", |m| m.quality.cut_off),
        ("sharpness", |m| m.quality.sharpness),
        ("dark_share", |m| m.quality.exposure.dark),
        ("bright_share", |m| m.quality.exposure.bright),
        ("dynamic_range", |m| m.quality.exposure.dynamic_range),
        ("second_face_share", |m| m.quality.second_face_share),
        ("other_faces", |m| m.quality.other_faces as f32),
        ("presence", |m| m.mesh.presence),
        ("yaw", |m| m.mesh.pose.yaw),
        ("pitch", |m| m.mesh.pose.pitch),
        ("roll", |m| m.mesh.pose.roll),
        ("mouth_covered", |m| m.mesh.mouth_covered),
        ("eyes_covered", |m| m.mesh.eyes_covered),
        ("eyes_open", |m| m.mesh.eyes_open),
    ];
    let of = |reading: Reading| Percentiles::of(measured.iter().map(reading).collect());
    readings.into_iter().filter_map(|(name, reading)| Some((name, of(reading)?))).collect()
}

impl Percentiles {
    /// By the nearest rank; `None` for no numbers.
    fn of(mut numbers: Vec<f32>) -> Option<Self> {
        numbers.sort_by(f32::total_cmp);
        let at = |share: f64| {
            let rank = (share * numbers.len() as f64).ceil() as usize;
            numbers.get(rank.saturating_sub(1)).copied()
        };
        Some(Self { p1: at(0.01)?, p5: at(0.05)?, p50: at(0.5)?, p95: at(0.95)?, p99: at(0.99)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::{Exposure, Pose};

    fn measured(sharpness: f32) -> Measured {
        Measured {
            turn: if sharpness < 2.0 { Turn::Half } else { Turn::Upright },
            quality: Quality {
                eye_distance: 90.0,
                crop_side: 250.0,
                cut_off: 0.0,
                sharpness,
                exposure: Exposure { dark: 0.0, bright: 0.0, dynamic_range: 7.0 },
                second_face_share: 0.0,
                other_faces: 0,
            },
            mesh: MeshQuality {
                presence: 1.0,
                pose: Pose { yaw: 0.0, pitch: 0.0, roll: 0.0 },
                mouth_covered: 0.0,
                eyes_covered: 0.0,
                eyes_open: 1.0,
            },
        }
    }

    #[test]
    fn figures_of_a_small_set_by_hand() {
        let all: Vec<Measured> = (1..=10).map(|sharpness| measured(sharpness as f32)).collect();
        let judge = |measured: &Measured| Judgement {
            refused: if measured.quality.sharpness < 3.5 { vec!["too_blurred", "too_dark"] } else { vec![] },
            flagged: if measured.quality.sharpness > 9.5 { vec!["eyes_closed"] } else { vec![] },
        };
        let report = report(12, &all, 1.5, judge);
        assert_eq!((report.images, report.failure_to_acquire), (12, 2));
        assert_eq!((report.refused.errors, report.refused.rate), (3, 0.3));
        assert_eq!((report.refused_by["too_blurred"].errors, report.refused_by["too_dark"].errors), (3, 3));
        assert_eq!(report.flagged_by["eyes_closed"].errors, 1);
        assert_eq!((report.righted["half"], report.righted["quarter_clockwise"]), (1, 0));
        let Percentiles { p1, p5, p50, p95, p99 } = report.measures["sharpness"];
        assert_eq!((p1, p5, p50, p95, p99), (1.0, 1.0, 5.0, 10.0, 10.0));
    }

    #[test]
    fn no_pictures_have_no_measures() {
        let report = report(0, &[], 0.0, |_| Judgement::default());
        assert_eq!((report.images, report.measures.len()), (0, 0));
    }
}
