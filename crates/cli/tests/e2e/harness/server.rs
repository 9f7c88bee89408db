//! A server of the real binary, on a free port and a data directory of its own.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::command::{Finished, absah};
use super::curl::status_of;
use super::demo_file::DemoFile;

/// How long a server may take to serve, however slow and busy the machine is.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    pub base_url: String,
    pub data_dir: PathBuf,
    log: PathBuf,
    printed: PathBuf,
    /// From the start of the process until it was ready.
    pub ready_after: Duration,
}

/// Environment variables.
pub type Variables<'a> = &'a [(&'a str, &'a str)];

/// How to start a server.
pub struct Setup<'a> {
    pub data_dir: &'a Path,
    /// `--demo`, `--sandbox` or nothing.
    pub stage: Option<&'static str>,
    pub settings: Variables<'a>,
    pub config: Option<&'a Path>,
}

impl<'a> Setup<'a> {
    pub fn new(data_dir: &'a Path, stage: Option<&'static str>) -> Self {
        Self { data_dir, stage, settings: &[], config: None }
    }

    pub fn settings(self, settings: Variables<'a>) -> Self {
        Self { settings, ..self }
    }

    pub fn config(self, config: &'a Path) -> Self {
        Self { config: Some(config), ..self }
    }

    /// Starts the server and waits until it is ready.
    pub fn start(self) -> Server {
        let begun = Instant::now();
        let mut server = self.launch();
        server.base_url =
            server.wait_for("serving", |line| Some(format!("http://{}", line.get("address")?.as_str()?)));
        let ready = format!("{}/readyz", server.base_url);
        while status_of(&ready) != 200 {
            assert!(begun.elapsed() < PATIENCE, "not ready:\n{}", server.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        server.ready_after = begun.elapsed();
        server
    }

    /// Starts the server and kills it after so long, whatever it has come to.
    pub fn start_and_kill(self, after: Duration) {
        let server = self.launch();
        std::thread::sleep(after);
        server.kill();
    }

    /// Starts the process. Log and printed text go to files beside the data directory.
    fn launch(self) -> Server {
        std::fs::create_dir_all(self.data_dir).expect("a data directory");
        let (log, printed) = (self.data_dir.with_extension("log"), self.data_dir.with_extension("out"));
        let child = absah()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(self.stage)
            .args(self.config.iter().flat_map(|config| [OsStr::new("--config"), config.as_os_str()]))
            .arg("--data-dir")
            .arg(self.data_dir)
            .envs(self.settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(File::create(&printed).expect("a file for what is printed"))
            .stderr(File::create(&log).expect("a log file"))
            .spawn()
            .expect("the server starts");
        let data_dir = self.data_dir.to_owned();
        Server { child, base_url: String::new(), data_dir, log, printed, ready_after: Duration::MAX }
    }
}

impl Server {
    /// A demo of its own: a copy of one that was prepared once for all tests.
    pub fn demo() -> (TempDir, Self) {
        let home = demo_home();
        let server = Setup::new(&home.path().join("data"), Some("--demo")).start();
        (home, server)
    }

    /// The demo's file.
    pub fn demo_file(&self) -> DemoFile {
        DemoFile::read(&self.data_dir)
    }

    /// Everything logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("the log")
    }

    /// Everything printed to standard output so far.
    pub fn printed(&self) -> String {
        std::fs::read_to_string(&self.printed).expect("what was printed")
    }

    /// Bytes the server holds in memory (VmRSS of proc_pid_status(5)).
    pub fn resident_bytes(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("a running server, and Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        1024 * line.trim().trim_end_matches(" kB").parse::<u64>().expect("kB")
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// Asks the server to stop, and waits for its end.
    pub fn stop(mut self) -> ExitStatus {
        let asked =
            Finished::well(Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]));
        drop(asked);
        self.child.wait().expect("the server ends")
    }

    /// Ends the server without giving it a chance.
    pub fn kill(mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("the server ends");
    }

    /// What `read` finds in the first log line of that message.
    fn wait_for(&mut self, message: &str, read: impl Fn(&Value) -> Option<String>) -> String {
        let begun = Instant::now();
        loop {
            let log = self.log();
            let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            if let Some(found) = lines.filter(|line| line["message"] == message).find_map(|line| read(&line))
            {
                return found;
            }
            let ended = self.child.try_wait().expect("the child's state");
            assert!(ended.is_none(), "the server ended with {ended:?}:\n{log}");
            assert!(begun.elapsed() < PATIENCE, "no log line {message:?}:\n{log}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which is as well.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A folder with a demo's data directory `data` in it, as a demo that was stopped leaves it.
pub fn demo_home() -> TempDir {
    let home = empty_home();
    copy(prepared_demo(), &home.path().join("data"));
    home
}

/// An empty folder below the target directory.
pub fn empty_home() -> TempDir {
    tempfile::Builder::new().prefix("e2e-").tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

/// The data directory of a demo that was started and stopped once; its path is the same in every run, so that runs
/// do not pile up.
fn prepared_demo() -> &'static Path {
    static PREPARED: OnceLock<PathBuf> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("prepared-demo");
        if path.exists() {
            std::fs::remove_dir_all(&path).expect("the last run's demo goes");
        }
        let server = Setup::new(&path, Some("--demo")).start();
        assert!(server.stop().success());
        path
    })
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    std::fs::set_permissions(to, std::fs::metadata(from).expect("metadata").permissions())
        .expect("permissions");
    for entry in std::fs::read_dir(from).expect("a readable folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
