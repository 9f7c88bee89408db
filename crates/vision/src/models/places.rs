//! Where models and runtime library are looked for.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::ModelsError;

/// The version of ONNX Runtime that `scripts/fetch-runtime` fetches first.
pub const RUNTIME_VERSION: &str = "1.32.0";

pub(super) const MANIFEST: &str = "manifest.toml";
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

/// Where to look for models and library: what the configuration names, else around the executable, else in the
/// system's folders.
///
/// Around the executable are its own folder, an installation's `../lib` and `../share/absah`, and for a program run
/// from a checkout (`target/release/absah`, test programs in `target/debug/deps`) the project's root: the nearest
/// folder above that holds `models/manifest.toml`. No other folder above is looked at, and none that everybody may write
/// to: a library is code, and above a program in a folder under `/tmp` anyone may lay one.
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
        let own = self.own_folder().map(|own| own.join("models"));
        let installed = self.prefix().map(|prefix| prefix.join("share/absah/models"));
        let project = self.project().map(|root| root.join("models"));
        let system = SYSTEM_MODELS.iter().map(PathBuf::from);
        own.into_iter()
            .chain(installed)
            .chain(project)
            .chain(system)
            .find(|folder| folder.join(MANIFEST).is_file())
            .ok_or(ModelsError::NoManifest)
    }

    /// ONNX Runtime's shared library.
    pub fn library(&self) -> Result<PathBuf, ModelsError> {
        if let Some(file) = &self.library {
            return Ok(file.clone());
        }
        let own = self.own_folder().map(|own| [own.to_path_buf(), own.join("lib")]);
        let installed =
            self.prefix().map(|prefix| ["lib/absah", "lib", "share/absah"].map(|folder| prefix.join(folder)));
        let project = self.project().map(|root| root.join(".runtime/onnxruntime"));
        let system = SYSTEM_LIBRARIES.iter().map(PathBuf::from);
        own.into_iter()
            .flatten()
            .chain(installed.into_iter().flatten())
            .chain(project)
            .chain(system)
            .find_map(|folder| library_in(&folder))
            .ok_or(ModelsError::NoLibrary)
    }

    fn own_folder(&self) -> Option<&Path> {
        self.executable.as_deref().and_then(Path::parent)
    }

    /// The folder the program is installed under: `/usr` of `/usr/bin/absah`.
    fn prefix(&self) -> Option<&Path> {
        self.own_folder().and_then(Path::parent).filter(|prefix| !is_writable_by_all(prefix))
    }

    /// The root of the project the program was built in.
    fn project(&self) -> Option<&Path> {
        let above = self.executable.as_deref()?.ancestors().skip(1);
        let root = above.into_iter().find(|folder| folder.join("models").join(MANIFEST).is_file())?;
        (!is_writable_by_all(root)).then_some(root)
    }
}

/// Whether everybody may write to a folder; so it is taken where nothing can be learned of it.
fn is_writable_by_all(folder: &Path) -> bool {
    fs::metadata(folder).map_or(true, |metadata| metadata.permissions().mode() & 0o002 != 0)
}

/// The library in a folder: the version fetched first where it is there, else the newest.
fn library_in(folder: &Path) -> Option<PathBuf> {
    let preferred = folder.join(format!("{LIBRARY}.{RUNTIME_VERSION}"));
    if preferred.is_file() {
        return Some(preferred);
    }
    let files = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let libraries = files.filter_map(|path| Some((version(&path)?, path)));
    libraries.filter(|(_, path)| path.is_file()).max().map(|(_, path)| path)
}

/// The version in a library's name, number by number; without one it is the lowest. `None` for other files.
fn version(path: &Path) -> Option<Vec<u32>> {
    let rest = path.file_name()?.to_str()?.strip_prefix(LIBRARY)?;
    if rest.is_empty() {
        return Some(Vec::new());
    }
    rest.strip_prefix('.')?.split('.').map(|number| number.parse().ok()).collect()
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

        touch("target/debug/deps/models/manifest.toml");
        touch("target/debug/deps/libonnxruntime.so");
        assert_eq!(places.models().expect("found"), root.path().join("target/debug/deps/models"));
        assert_eq!(places.library().expect("found"), root.path().join("target/debug/deps/libonnxruntime.so"));
    }

    /// What `library` and `models` say about a program at `bin/absah` when only `file` is there.
    #[test]
    fn only_the_programs_own_places_are_searched() {
        let table = [
            ("bin/libonnxruntime.so", true),
            ("bin/lib/libonnxruntime.so", true),
            ("lib/libonnxruntime.so", true),
            ("lib/absah/libonnxruntime.so", true),
            ("share/absah/libonnxruntime.so", true),
            ("bin/models/manifest.toml", true),
            ("share/absah/models/manifest.toml", true),
            ("models/manifest.toml", true),
            ("libonnxruntime.so", false),
            (".runtime/onnxruntime/libonnxruntime.so", false),
            ("share/models/manifest.toml", false),
        ];
        for (file, is_found) in table {
            let root = tempfile::tempdir().expect("a folder");
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::create_dir_all(root.path().join("bin")).expect("a folder");
            fs::write(&path, b"").expect("a file");
            let places = Places { executable: Some(root.path().join("bin/absah")), ..Places::default() };
            let found = if file.ends_with("toml") { places.models() } else { places.library() };
            let within = found.is_ok_and(|found| found.starts_with(root.path()));
            assert_eq!(within, is_found, "{file}");
        }
    }

    #[test]
    fn nothing_is_searched_above_that_everybody_may_write_to() {
        let root = tempfile::tempdir().expect("a folder");
        let file = root.path().join("models/manifest.toml");
        fs::create_dir_all(root.path().join("models")).expect("a folder");
        fs::write(&file, b"").expect("a file");
        let places = Places { executable: Some(root.path().join("a/absah")), ..Places::default() };
        for (mode, is_found) in [(0o700, true), (0o755, true), (0o775, true), (0o777, false), (0o1777, false)]
        {
            fs::set_permissions(root.path(), fs::Permissions::from_mode(mode)).expect("a mode");
            assert_eq!(places.project().is_some(), is_found, "{mode:o}");
            assert_eq!(places.prefix().is_some(), is_found, "{mode:o}");
        }
    }

    #[test]
    fn the_newest_library_of_a_folder_is_taken() {
        let table: [(&[&str], Option<&str>); 5] = [
            (&["libonnxruntime.so.1.9.0", "libonnxruntime.so.1.30.0"], Some("libonnxruntime.so.1.30.0")),
            (
                &["libonnxruntime.so", "libonnxruntime.so.1", "libonnxruntime.so.1.24"],
                Some("libonnxruntime.so.1.24"),
            ),
            (&["libonnxruntime.so.2.0.0", "libonnxruntime.so.1.32.0"], Some("libonnxruntime.so.1.32.0")),
            (&["libonnxruntime.so", "libonnxruntime.so.bak"], Some("libonnxruntime.so")),
            (&["libonnxruntime_providers_shared.so", "libonnxruntime.so.1.30.0~"], None),
        ];
        for (files, expected) in table {
            let folder = tempfile::tempdir().expect("a folder");
            for file in files {
                fs::write(folder.path().join(file), b"").expect("a file");
            }
            let expected = expected.map(|name| folder.path().join(name));
            assert_eq!(library_in(folder.path()), expected, "{files:?}");
        }
    }

    #[test]
    fn what_the_configuration_names_is_taken_as_it_is() {
        let places = Places { models: Some("/m".into()), library: Some("/l.so".into()), executable: None };
        assert_eq!(places.models().expect("named"), Path::new("/m"));
        assert_eq!(places.library().expect("named"), Path::new("/l.so"));
    }
}
