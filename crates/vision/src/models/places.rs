//! Where models and runtime library are looked for.

use std::fs;
use std::path::{Path, PathBuf};

use super::ModelsError;

/// The version of ONNX Runtime that `scripts/fetch-runtime` fetches first.
pub const RUNTIME_VERSION: &str = "1.32.0";

const MANIFEST: &str = "manifest.toml";
const LIBRARY: &str = "libonnxruntime.so";

/// Folders of the system that hold what a distribution's package installed.
const SYSTEM_MODELS: [&str; 2] = ["/usr/local/share/absah/models", "/usr/share/absah/models"];
const SYSTEM_LIBRARIES: [&str; 7] = [
    "/usr/local/lib/absah",
    "/usr/lib/absah",
    "/usr/local/lib",
    "/usr/lib",
    "/usr/lib64",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
];

/// Where to look for models and library: what the configuration names, else beside the executable and in the folders
/// above it, else in the system's folders.
///
/// The folders above serve a program run from a checkout (`target/release/absah`, test programs in
/// `target/debug/deps`): the project root holds `models` and `.runtime`.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The folder of the manifest; nothing else is looked at where it is given.
    pub models: Option<PathBuf>,
    /// The library file; nothing else is looked at where it is given.
    pub library: Option<PathBuf>,
    /// The running program; its folder and those above it are searched.
    pub executable: Option<PathBuf>,
}

impl Places {
    /// The usual places around the running program.
    pub fn around_program() -> Self {
        Self { executable: std::env::current_exe().ok(), ..Self::default() }
    }

    /// The usual places around a program at that path. Tests and benchmarks name a file of their source folder: their
    /// programs may be built anywhere.
    pub fn around(program: &Path) -> Self {
        Self { executable: Some(program.into()), ..Self::default() }
    }

    /// The folder that holds the manifest.
    pub fn models(&self) -> Result<PathBuf, ModelsError> {
        if let Some(folder) = &self.models {
            return Ok(folder.clone());
        }
        let near = self.folders().map(|folder| folder.join("models"));
        let system = SYSTEM_MODELS.iter().map(PathBuf::from);
        near.chain(system).find(|folder| folder.join(MANIFEST).is_file()).ok_or(ModelsError::NoManifest)
    }

    /// ONNX Runtime's shared library.
    pub fn library(&self) -> Result<PathBuf, ModelsError> {
        if let Some(file) = &self.library {
            return Ok(file.clone());
        }
        let near = self
            .folders()
            .flat_map(|folder| [folder.join(".runtime/onnxruntime"), folder.join("lib"), folder]);
        let system = SYSTEM_LIBRARIES.iter().map(PathBuf::from);
        near.chain(system).find_map(|folder| library_in(&folder)).ok_or(ModelsError::NoLibrary)
    }

    fn folders(&self) -> impl Iterator<Item = PathBuf> + '_ {
        self.executable.iter().flat_map(|program| program.ancestors().skip(1)).map(Path::to_path_buf)
    }
}

/// The library in a folder: the version fetched first where it is there, else the first by name.
fn library_in(folder: &Path) -> Option<PathBuf> {
    let preferred = folder.join(format!("{LIBRARY}.{RUNTIME_VERSION}"));
    if preferred.is_file() {
        return Some(preferred);
    }
    let entries = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    entries.filter(|path| is_library(path)).min()
}

fn is_library(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let versioned = name.strip_prefix(LIBRARY).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    versioned && path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_place_wins() {
        let root = tempfile::tempdir().expect("a folder");
        let touch = |path: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, b"").expect("a file");
        };
        let places =
            Places { executable: Some(root.path().join("target/debug/deps/test")), ..Places::default() };

        touch("models/manifest.toml");
        touch(".runtime/onnxruntime/libonnxruntime.so.1.30.0");
        touch(".runtime/onnxruntime/libonnxruntime_providers_shared.so");
        assert_eq!(places.models().expect("found"), root.path().join("models"));
        assert_eq!(
            places.library().expect("found"),
            root.path().join(".runtime/onnxruntime/libonnxruntime.so.1.30.0")
        );

        touch(".runtime/onnxruntime/libonnxruntime.so.1.32.0");
        assert_eq!(
            places.library().expect("found"),
            root.path().join(".runtime/onnxruntime/libonnxruntime.so.1.32.0")
        );

        touch("target/debug/models/manifest.toml");
        touch("target/debug/libonnxruntime.so");
        assert_eq!(places.models().expect("found"), root.path().join("target/debug/models"));
        assert_eq!(places.library().expect("found"), root.path().join("target/debug/libonnxruntime.so"));
    }

    #[test]
    fn what_the_configuration_names_is_taken_as_it_is() {
        let places = Places { models: Some("/m".into()), library: Some("/l.so".into()), executable: None };
        assert_eq!(places.models().expect("named"), Path::new("/m"));
        assert_eq!(places.library().expect("named"), Path::new("/l.so"));
    }
}
