//! Evaluation of the comparison by ISO/IEC 19795-1: how often strangers match, how often the same person does not.
//!
//! It measures detection, alignment, embedding and comparison alone: no quality gate, no liveness. Of several faces in
//! a picture the one nearest its centre is taken. A picture without a face is a failure to acquire: it is counted as
//! such and its pairs are left out of the rates, since a missing face is no mismatch.

mod attributes;
mod calibrate;
mod compare;
mod distribution;
mod gallery;
mod pairs;
mod pipeline;
mod plot;
mod report;
mod slices;
mod trial;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use absah_core::face::Profile;

pub use self::calibrate::{CalibrationFit, TooFewImpostors, fit};
pub use self::distribution::Distribution;
pub use self::pipeline::Pipeline;
pub use self::report::{Operating, Report, Threshold, Variant};
pub use self::slices::Slice;

use self::compare::Compared;
use self::gallery::{Capture, Gallery, Made};
use self::pairs::{Labelled, Listed, Pair, PairList, People};
use self::report::{Subject, deciding_cosine};

use super::{EvaluationError, write_into};
use crate::crew::Progress;
use crate::degrade::Loss;
use crate::models::Models;

/// A finished evaluation.
#[derive(Debug)]
pub struct Evaluation {
    /// The figures.
    pub report: Report,
    /// The cosines of the genuine pairs.
    pub genuine: Distribution,
    /// The cosines of the impostor pairs.
    pub impostor: Distribution,
}

impl Evaluation {
    /// Writes `report.json`, `det.svg` and `scores.svg` into a folder, which is made where it does not exist.
    pub fn write(&self, folder: &Path) -> Result<(), EvaluationError> {
        let report = serde_json::to_string_pretty(&self.report)? + "\n";
        write_into(
            folder,
            &[
                ("report.json", &report),
                ("det.svg", &plot::det(&self.genuine, &self.impostor)),
                ("scores.svg", &plot::scores(&self.genuine, &self.impostor, &self.report)),
            ],
        )
    }
}

/// Which pictures are compared.
#[derive(Debug, Clone, Copy)]
pub enum Source<'s> {
    /// The pairs of a CSV file: columns `left` (the probe), `right` (the reference) and `same`, paths below `images`;
    /// further columns are attributes.
    Pairs {
        /// The file.
        csv: &'s Path,
        /// The folder the paths start from.
        images: &'s Path,
    },
    /// Every pair of pictures below a folder, one folder a person.
    AllOf(&'s Path),
}

/// How they are compared.
#[derive(Clone, Copy)]
pub struct Setting<'s> {
    /// Whose scale is read; in a profile with a card one side is a card's portrait.
    pub profile: Profile,
    /// The seed of simulated cards: the side that comes from a card is drawn as a card's portrait. `None` takes all
    /// pictures as they are.
    pub simulated_cards: Option<u64>,
    /// What every picture that becomes no card loses first, and the seed of the dice. `None` takes it as it is.
    pub poorer: Option<(Loss, u64)>,
    /// Variants of the pipeline to measure beside the shipped one.
    pub variants: &'s [Pipeline],
    /// The operating threshold, a comparison score of 0 to 100.
    pub threshold: f64,
    /// Threads, at least one.
    pub jobs: usize,
    /// Told the number of captures done and the number of all.
    pub progress: Progress<'s>,
}

/// What reports say was simulated.
const SIMULATED: &str = "the card's side: portraits drawn as on a photographed card (docs/biometrics.md)";

/// Compares pictures whose truth is known. Every capture is embedded once.
///
/// # Errors
/// [`EvaluationError::Row`] with the line for rows that cannot be read or name a file that is not there;
/// [`EvaluationError::TooFew`] where there is no genuine or no impostor pair.
pub fn evaluate(models: &Models, source: Source, setting: &Setting) -> Result<Evaluation, EvaluationError> {
    match source {
        Source::Pairs { csv, images } => evaluate_listed(models, pairs::read(csv, images)?, setting),
        Source::AllOf(people) => evaluate_all(models, &pairs::of_people(people)?, setting),
    }
}

fn evaluate_listed(
    models: &Models,
    list: PairList,
    setting: &Setting,
) -> Result<Evaluation, EvaluationError> {
    let labelled = list.labelled();
    let PairList { pictures, pairs, attributes } = list;
    let (captures, pairs) = captures(&pictures, &pairs, setting);
    finish(models, setting, &captures, labelled, |gallery| {
        let (compared, findings) = compare::listed(gallery, &pairs, deciding(models, setting));
        let slices = attributes.iter().map(|column| (column.name.clone(), column.slices(&findings)));
        (compared, slices.collect())
    })
}

fn evaluate_all(models: &Models, people: &People, setting: &Setting) -> Result<Evaluation, EvaluationError> {
    let (threshold, jobs) = (deciding(models, setting), setting.jobs);
    let plain = people.pictures.iter().map(|picture| capture(picture, None, setting));
    match sides(setting) {
        (None, None) => {
            let captures: Vec<Capture> = plain.collect();
            finish(models, setting, &captures, people.labelled(), |gallery| {
                (compare::all(gallery, &people.person_of, threshold, jobs), BTreeMap::new())
            })
        }
        // One side is a card: every picture is compared with the card of every other, so either order gives the same.
        (left, right) => {
            let cards = people.pictures.iter().map(|picture| capture(picture, left.or(right), setting));
            let captures: Vec<Capture> = plain.chain(cards).collect();
            let Labelled { genuine, impostor } = people.labelled();
            let labelled = Labelled { genuine: 2 * genuine, impostor: 2 * impostor };
            finish(models, setting, &captures, labelled, |gallery| {
                (compare::crossed(gallery, &people.person_of, threshold, jobs), BTreeMap::new())
            })
        }
    }
}

/// The seeds by which the left and the right side are drawn as cards.
fn sides(setting: &Setting) -> (Option<u64>, Option<u64>) {
    match setting.profile {
        Profile::SelfiePortrait => (None, None),
        Profile::SelfieCard => (None, setting.simulated_cards),
        Profile::CardPortrait => (setting.simulated_cards, None),
    }
}

fn capture(picture: &Listed, card: Option<u64>, setting: &Setting) -> Capture {
    let Listed { path, name } = picture.clone();
    let made = match (card, setting.poorer) {
        (Some(seed), _) => Made::Card(seed),
        (None, Some((loss, seed))) => Made::Poorer(loss, seed),
        (None, None) => Made::AsItIs,
    };
    Capture { path, name, made }
}

/// Every capture the pairs need, once, and the pairs by the places of these.
fn captures(pictures: &[Listed], pairs: &[Pair], setting: &Setting) -> (Vec<Capture>, Vec<Pair>) {
    let (left_card, right_card) = sides(setting);
    let mut captures = Vec::new();
    let mut known: HashMap<(usize, bool), usize> = HashMap::new();
    let mut place = |picture: usize, card: Option<u64>| {
        *known.entry((picture, card.is_some())).or_insert_with(|| {
            captures.extend(pictures.get(picture).map(|listed| capture(listed, card, setting)));
            captures.len() - 1
        })
    };
    let by_place = |pair: &Pair| Pair {
        left: place(pair.left, left_card),
        right: place(pair.right, right_card),
        same: pair.same,
    };
    let pairs = pairs.iter().map(by_place).collect();
    (captures, pairs)
}

/// The cosine from which on a pair matches.
fn deciding(models: &Models, setting: &Setting) -> f32 {
    deciding_cosine(models.scales().of(setting.profile), setting.threshold)
}

/// What was compared, and its slices by the pairs' attributes.
type Findings = (Compared, BTreeMap<String, Vec<Slice>>);

/// Embeds the captures by every pipeline asked for, compares what each gave, and tells of it.
fn finish(
    models: &Models,
    setting: &Setting,
    captures: &[Capture],
    labelled: Labelled,
    compare: impl Fn(&Gallery) -> Findings,
) -> Result<Evaluation, EvaluationError> {
    let others = setting.variants.iter().copied().filter(|variant| *variant != Pipeline::Shipped);
    let pipelines: Vec<Pipeline> = std::iter::once(Pipeline::Shipped).chain(others).collect();
    let galleries = Gallery::embed(models, captures, &pipelines, setting.jobs, setting.progress)?;
    let mut evaluations = Vec::with_capacity(pipelines.len());
    for (pipeline, gallery) in pipelines.iter().zip(&galleries) {
        let (compared, attributes) = compare(gallery);
        let (genuine, impostor) = (compared.genuine.count(), compared.impostor.count());
        if genuine == 0 || impostor == 0 {
            if *pipeline != Pipeline::Shipped {
                // A variant that finds too few faces is left out of the table; what serves was measured all the same.
                continue;
            }
            let what = format!("{genuine} genuine and {impostor} impostor pairs could be compared");
            return Err(EvaluationError::TooFew { what });
        }
        let report = Report::new(Subject {
            profile: setting.profile,
            simulated: (sides(setting) != (None, None)).then_some(SIMULATED),
            degraded: setting.poorer.map(|(loss, _)| loss),
            calibration: models.scales().of(setting.profile),
            gallery,
            labelled,
            threshold: setting.threshold,
            compared: &compared,
            attributes,
        });
        let Compared { genuine, impostor, .. } = compared;
        evaluations.push((pipeline.key(), Evaluation { report, genuine, impostor }));
    }
    let variants = evaluations.iter().map(|(key, one)| (*key, one.report.variant()));
    let variants: BTreeMap<_, _> = if pipelines.len() > 1 { variants.collect() } else { BTreeMap::new() };
    let (_, mut shipped) = evaluations.swap_remove(0);
    shipped.report.variants = variants;
    Ok(shipped)
}
