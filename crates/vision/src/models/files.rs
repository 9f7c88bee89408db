//! Loaded and checked model files.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use absah_core::face::{Calibration, ModelId, Profile, Scales};
use sha2::{Digest, Sha256};

use super::places::MANIFEST;
use super::{Manifest, ModelEntry, ModelsError, Places, Role, Selection};

/// The models that serve, read and checked, and the library that runs them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Models {
    library: PathBuf,
    detector: Arc<ModelFile>,
    recogniser: Arc<ModelFile>,
    face_landmarks: Arc<ModelFile>,
    eye_state: Arc<ModelFile>,
    presentation_attack: Vec<Arc<ModelFile>>,
    text_detector: Arc<ModelFile>,
    text_recogniser: Arc<ModelFile>,
    text_recogniser_fine: Arc<ModelFile>,
    scales: Scales,
    calibrated: bool,
}

/// A model's entry and the bytes of its file, whose SHA-256 is the entry's.
pub(crate) struct ModelFile {
    pub(crate) entry: ModelEntry,
    pub(crate) graph: Vec<u8>,
}

impl std::fmt::Debug for ModelFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ModelFile({}, {} bytes)", self.entry.id(), self.graph.len())
    }
}

impl Models {
    /// Finds, reads and checks the models that the manifest says serve.
    pub fn load(places: &Places) -> Result<Self, ModelsError> {
        Self::load_selected(places, Selection::default())
    }

    /// The same, where `asked` names models that beat the manifest's own selection.
    ///
    /// Files of models that do not serve are neither read nor checked.
    pub fn load_selected(places: &Places, asked: Selection) -> Result<Self, ModelsError> {
        let Catalogue { models, active } = Catalogue::read(&places.models()?)?;
        let Selection { face_detector, face_recogniser, presentation_attack } = asked.or(active);
        let detector = Selection::only(&models, Role::FaceDetector, face_detector.as_deref())?;
        let recogniser = Selection::only(&models, Role::FaceRecogniser, face_recogniser.as_deref())?;
        let presentation_attack =
            Selection::several(&models, Role::PresentationAttack, presentation_attack.as_deref())?;
        let own = recogniser.entry.scales()?;
        let single = |role| load(Selection::only(&models, role, None)?);
        Ok(Self {
            library: places.library()?,
            calibrated: own.is_some(),
            scales: own.map_or_else(|| provisional(&recogniser.entry), Ok)?,
            detector: load(detector)?,
            recogniser: load(recogniser)?,
            face_landmarks: single(Role::FaceLandmarks)?,
            eye_state: single(Role::EyeState)?,
            presentation_attack: presentation_attack.into_iter().map(load).collect::<Result<_, _>>()?,
            text_detector: single(Role::TextDetector)?,
            text_recogniser: single(Role::TextRecogniser)?,
            text_recogniser_fine: single(Role::TextRecogniserFine)?,
        })
    }

    /// The same, with scales an operator fitted in the places of the manifest's.
    ///
    /// Where the manifest has none, the selfie's with the registry's portrait, else the first given, serves the profiles
    /// that were not fitted.
    ///
    /// # Errors
    /// A scale was fitted with another model than the one that serves, or its anchors do not rise.
    pub fn with_fitted(mut self, fitted: &[FittedScale]) -> Result<Self, ModelsError> {
        let scale = |fit: &FittedScale| {
            Calibration::new(fit.model.clone(), fit.anchors.clone())
                .map_err(|_| ModelsError::Anchors { profile: fit.profile })
        };
        for (place, fit) in fitted.iter().enumerate() {
            let calibration = scale(fit)?;
            let general = fit.profile == Profile::SelfiePortrait || place == 0;
            if general && !self.calibrated && fit.model == *self.scales.model() {
                self.scales = Scales::new(calibration.clone()).with_strict(self.scales.strict());
            }
            self.scales = self.scales.with(fit.profile, calibration)?;
        }
        self.calibrated |= !fitted.is_empty();
        Ok(self)
    }

    /// How cosines read as scores, by profile. Without a calibration a cosine of 0 reads as 0 and 1 as 100, which says
    /// nothing about error rates: see [`Self::is_calibrated`].
    pub fn scales(&self) -> &Scales {
        &self.scales
    }

    /// Whether the recogniser's scores mean anything: the manifest, or an operator, calibrated it.
    pub fn is_calibrated(&self) -> bool {
        self.calibrated
    }

    /// The cosine that a score of 75 never stands below when the recogniser's scale is fitted anew.
    pub fn floor(&self) -> Option<f32> {
        self.recogniser.entry.calibration.as_ref().and_then(|calibration| calibration.floor)
    }

    /// Every serving model's entry, for evidence and version listings.
    pub fn entries(&self) -> Vec<&ModelEntry> {
        let several = self.presentation_attack.iter().map(|file| &file.entry);
        let faces = [&self.detector, &self.recogniser, &self.face_landmarks, &self.eye_state];
        let texts = [&self.text_detector, &self.text_recogniser, &self.text_recogniser_fine];
        let [faces, texts] = [&faces[..], &texts].map(|files| files.iter().map(|file| &file.entry));
        faces.chain(several).chain(texts).collect()
    }

    /// The runtime library's file.
    pub fn library(&self) -> &Path {
        &self.library
    }

    pub(crate) fn detector(&self) -> &ModelFile {
        &self.detector
    }

    pub(crate) fn recogniser(&self) -> &ModelFile {
        &self.recogniser
    }

    pub(crate) fn face_landmarks(&self) -> &ModelFile {
        &self.face_landmarks
    }

    pub(crate) fn eye_state(&self) -> &ModelFile {
        &self.eye_state
    }

    pub(crate) fn text_detector(&self) -> &ModelFile {
        &self.text_detector
    }

    pub(crate) fn text_recogniser(&self) -> &ModelFile {
        &self.text_recogniser
    }

    pub(crate) fn text_recogniser_fine(&self) -> &ModelFile {
        &self.text_recogniser_fine
    }

    /// One or more.
    pub(crate) fn presentation_attack(&self) -> impl Iterator<Item = &ModelFile> {
        self.presentation_attack.iter().map(Arc::as_ref)
    }
}

/// A profile's scale as an operator fitted it.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedScale {
    /// The profile.
    pub profile: Profile,
    /// The recogniser it was fitted with.
    pub model: ModelId,
    /// Anchors of (cosine, score), both strictly rising.
    pub anchors: Vec<(f32, f64)>,
}

/// What stands in for the scales of a recogniser that was not calibrated.
fn provisional(recogniser: &ModelEntry) -> Result<Scales, ModelsError> {
    let linear = Calibration::new(recogniser.id(), vec![(0.0, 0.0), (1.0, 100.0)]);
    linear.map(Scales::new).map_err(|_| ModelsError::Anchors { profile: Profile::SelfiePortrait })
}

/// What the manifest knows, that of an included folder as well.
struct Catalogue {
    models: Vec<Known>,
    active: Selection,
}

/// A model and the folder its files are named from.
struct Known {
    folder: PathBuf,
    entry: ModelEntry,
}

impl AsRef<ModelEntry> for Known {
    fn as_ref(&self) -> &ModelEntry {
        &self.entry
    }
}

impl Catalogue {
    fn read(folder: &Path) -> Result<Self, ModelsError> {
        let Manifest { include, active, models } = read_manifest(folder)?;
        let mut catalogue = Self { models: known(folder, models), active };
        if let Some(include) = include {
            let included = folder.join(include);
            let Manifest { include: further, active, models } = read_manifest(&included)?;
            if further.is_some() {
                return Err(ModelsError::IncludesFurther { path: included.join(MANIFEST) });
            }
            catalogue.models.extend(known(&included, models));
            catalogue.active = catalogue.active.or(active);
        }
        catalogue.check_ids()?;
        Ok(catalogue)
    }

    fn check_ids(&self) -> Result<(), ModelsError> {
        let mut seen = HashSet::new();
        match self.models.iter().map(|known| known.entry.id()).find(|id| !seen.insert(id.clone())) {
            Some(id) => Err(ModelsError::Twice { id: id.to_string() }),
            None => Ok(()),
        }
    }
}

fn known(folder: &Path, models: Vec<ModelEntry>) -> Vec<Known> {
    models.into_iter().map(|entry| Known { folder: folder.into(), entry }).collect()
}

fn read_manifest(folder: &Path) -> Result<Manifest, ModelsError> {
    let path = folder.join(MANIFEST);
    let text =
        fs::read_to_string(&path).map_err(|source| ModelsError::Unreadable { path: path.clone(), source })?;
    let manifest: Manifest = toml::from_str(&text)
        .map_err(|source| ModelsError::BadManifest { path, source: Box::new(source) })?;
    manifest.models.iter().try_for_each(ModelEntry::check)?;
    Ok(manifest)
}

fn load(known: &Known) -> Result<Arc<ModelFile>, ModelsError> {
    let Known { folder, entry } = known;
    let path = folder.join(&entry.file);
    let graph = fs::read(&path).map_err(|source| ModelsError::Unreadable { path: path.clone(), source })?;
    let found = hexadecimal(&Sha256::digest(&graph));
    if found != entry.sha256 {
        return Err(ModelsError::Checksum { path, expected: entry.sha256.clone(), found });
    }
    Ok(Arc::new(ModelFile { entry: entry.clone(), graph }))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = include_str!("../../../../models/manifest.toml");

    /// A folder with the project's manifest, changed, and model files with the content `weights`.
    fn folder(change: impl Fn(String) -> String) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("manifest.toml"), change(MANIFEST.into())).expect("a manifest");
        for name in ["yunet-2023mar.onnx", "sface-2021dec.onnx", "minifasnet-v2-2.7-80x80.onnx"] {
            fs::write(folder.path().join(name), b"weights").expect("a model");
        }
        folder
    }

    fn load_from(folder: &Path) -> Result<Models, ModelsError> {
        Models::load(&Places { models: Some(folder.into()), library: Some("/none".into()), executable: None })
    }

    #[test]
    fn a_file_with_another_checksum_does_not_load() {
        let error = load_from(folder(|text| text).path()).expect_err("not the manifest's file");
        assert!(matches!(error, ModelsError::Checksum { .. }), "{error}");
        assert!(error.to_string().contains(&hexadecimal(&Sha256::digest(b"weights"))));
    }

    #[test]
    fn broken_manifests_are_refused_with_the_reason() {
        type Change = fn(String) -> String;
        let table: [(&str, Change); 16] = [
            ("is no valid manifest", |text| text.replace("licence =", "license =")),
            ("face-detector (yunet-2023mar, minifasnet-v2-2.7-80x80) leave open", |text| {
                text.replacen("\"presentation-attack\"", "\"face-detector\"", 1)
            }),
            ("face-detector (none)", |text| {
                text.replace("\"face-detector\"", "\"presentation-attack\"").replace(
                    "name = \"yunet\"",
                    "name = \"yunet\"\npresentation = { crop = 1.0, classes = 2, bona_fide = 0 }",
                )
            }),
            ("no face-recogniser other-1: it has sface-2021dec", |text| {
                text + "[active]\nface-recogniser = \"other-1\"\n"
            }),
            ("names sface-2021dec twice", |text| {
                text.replace(
                    "name = \"minifasnet-v2\"\nversion = \"2.7-80x80\"",
                    "name = \"sface\"\nversion = \"2021dec\"",
                )
            }),
            ("presentation: crop", |text| text.replace("bona_fide = 1", "bona_fide = 3")),
            ("presentation: crop", |text| text.replace("weight = 0.25", "weight = -1.0")),
            ("presentation: crop", |text| text.replace("offset = 0.7", "offset = nan")),
            ("presentation: crop", |text| text.replace("{ crop = 1.5 }", "{ crop = 9.5 }")),
            ("also at most 8", |text| text.replace("{ crop = 1.5 }", &["{ crop = 1.5 }"; 9].join(", "))),
            ("is no valid manifest", |text| text.replace("mirrored = true", "flipped = true")),
            ("is no valid manifest", |text| text.replace("\"area\"", "\"areas\"")),
            ("calibration", |text| text.replace("anchors = [", "anchors = [[2.0, 50.0], ")),
            ("strict and floor are cosines", |text| text.replace("strict = 0.49", "strict = 75.0")),
            ("template_length", |text| text.replace("template_length = 128", "")),
            ("input", |text| text.replace("multiple_of = 32", "multiple_of = 7")),
        ];
        for (reason, change) in table {
            let error = load_from(folder(change).path()).expect_err(reason);
            assert!(error.to_string().contains(reason), "{reason}: {error}");
        }
    }

    #[test]
    fn a_missing_manifest_or_file_says_what_to_do() {
        let empty = tempfile::tempdir().expect("a folder");
        let error = load_from(empty.path()).expect_err("no manifest");
        assert!(
            matches!(error, ModelsError::Unreadable { .. }) && error.to_string().contains("restore it"),
            "{error}"
        );

        let error = Models::load(&Places::default()).expect_err("no places");
        assert!(matches!(error, ModelsError::NoManifest), "{error}");
    }
}
