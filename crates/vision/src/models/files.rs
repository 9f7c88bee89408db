//! Loaded and checked model files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use absah_core::face::Calibration;
use sha2::{Digest, Sha256};

use super::{Manifest, ModelEntry, ModelsError, Places, Role};

/// Every model of the manifest, read and checked, and the library that runs them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Models {
    library: PathBuf,
    detector: Arc<ModelFile>,
    recogniser: Arc<ModelFile>,
    presentation_attack: Arc<ModelFile>,
    calibration: Calibration,
}

/// A model's entry and the bytes of its file, whose SHA-256 is the entry's.
pub(crate) struct ModelFile {
    pub(crate) entry: ModelEntry,
    pub(crate) graph: Vec<u8>,
}

impl std::fmt::Debug for ModelFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ModelFile({}, {} bytes)", self.entry.name, self.graph.len())
    }
}

impl Models {
    /// Finds, reads and checks all of them.
    pub fn load(places: &Places) -> Result<Self, ModelsError> {
        let folder = places.models()?;
        let manifest = read_manifest(&folder.join("manifest.toml"))?;
        let [detector, recogniser, presentation_attack] =
            [Role::FaceDetector, Role::FaceRecogniser, Role::PresentationAttack]
                .map(|role| only(&manifest, role));
        let (detector, recogniser, presentation_attack) = (detector?, recogniser?, presentation_attack?);
        Ok(Self {
            library: places.library()?,
            calibration: recogniser.calibration()?,
            detector: load(&folder, detector)?,
            recogniser: load(&folder, recogniser)?,
            presentation_attack: load(&folder, presentation_attack)?,
        })
    }

    /// The recogniser's calibration: cosine to comparison score.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// Every model's entry, for evidence and version listings.
    pub fn entries(&self) -> [&ModelEntry; 3] {
        [&self.detector.entry, &self.recogniser.entry, &self.presentation_attack.entry]
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

    pub(crate) fn presentation_attack(&self) -> &ModelFile {
        &self.presentation_attack
    }
}

fn read_manifest(path: &Path) -> Result<Manifest, ModelsError> {
    let text =
        fs::read_to_string(path).map_err(|source| ModelsError::Unreadable { path: path.into(), source })?;
    let manifest: Manifest = toml::from_str(&text)
        .map_err(|source| ModelsError::BadManifest { path: path.into(), source: Box::new(source) })?;
    manifest.models.iter().try_for_each(ModelEntry::check)?;
    Ok(manifest)
}

/// The one model of a role.
fn only(manifest: &Manifest, role: Role) -> Result<&ModelEntry, ModelsError> {
    let candidates: Vec<&ModelEntry> = manifest.models.iter().filter(|entry| entry.role == role).collect();
    match candidates.as_slice() {
        [entry] => Ok(entry),
        _ => Err(ModelsError::Role { role, count: candidates.len() }),
    }
}

fn load(folder: &Path, entry: &ModelEntry) -> Result<Arc<ModelFile>, ModelsError> {
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
        let table: [(&str, Change); 6] = [
            ("is no valid manifest", |text| text.replace("licence =", "license =")),
            ("names 2 models as face-detector", |text| {
                text.replace("\"presentation-attack\"", "\"face-detector\"")
            }),
            ("names 0 models as face-detector", |text| {
                text.replace("\"face-detector\"", "\"presentation-attack\"")
            }),
            ("calibration", |text| text.replace("anchors = [", "anchors = [[2.0, 50.0], ")),
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
