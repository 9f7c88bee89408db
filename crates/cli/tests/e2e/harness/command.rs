//! The binary's commands, run to their end.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The binary under test, of the same profile as the tests.
pub fn absah() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_absah"));
    // An operator's own settings must not decide a test.
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("ABSAH_") {
            command.env_remove(key);
        }
    }
    // The binary finds models and runtime in the folders above it, unless Cargo builds outside the project.
    let project = project();
    if !Path::new(env!("CARGO_BIN_EXE_absah")).starts_with(&project) {
        command.env("ABSAH_VISION__MODELS", project.join("models"));
        let runtime = std::fs::read_dir(project.join(".runtime/onnxruntime")).expect("make runtime");
        let library = runtime.map(|entry| entry.expect("an entry").path()).min().expect("make runtime");
        command.env("ABSAH_VISION__RUNTIME", library);
    }
    command
}

/// The root of the project.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project's root")
}

/// What a command left behind.
#[derive(Debug)]
pub struct Finished {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Finished {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the command starts");
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The same, where the command has to succeed.
    pub fn well(command: &mut Command) -> Self {
        let finished = Self::of(command);
        assert_eq!(finished.code, Some(0), "{command:?}\n{}", finished.stderr);
        finished
    }

    /// The last line of standard output, as JSON.
    pub fn last_json(&self) -> Value {
        let line = self.stdout.lines().last().unwrap_or_default();
        serde_json::from_str(line)
            .unwrap_or_else(|error| panic!("{error} in {line:?}; stderr: {}", self.stderr))
    }

    /// Every line of standard output, as JSON.
    pub fn json_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }
}

/// A new credential, as `absah credential create` tells it: its id, and its secrets under the keys of `demo.json`.
pub fn create_credential(data_dir: &Path, terms: &[&str]) -> Value {
    let mut command = absah();
    command.args(["credential", "create", "--json"]).args(terms).arg("--data-dir").arg(data_dir);
    Finished::well(&mut command).last_json()
}

/// The recorded transactions of a data directory, the oldest first.
pub fn history(data_dir: &Path) -> Vec<Value> {
    let mut command = absah();
    command.args(["history", "--format", "jsonl", "--data-dir"]).arg(data_dir);
    Finished::well(&mut command).json_lines()
}
