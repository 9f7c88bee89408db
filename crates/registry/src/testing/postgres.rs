//! A PostgreSQL server of a test's own: made in a directory of its own, on a free port, and gone with the test.

use std::ffi::OsStr;
use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use thiserror::Error;

/// Where Debian keeps the programs, a folder a version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// PostgreSQL refuses to run as root; packages make this user.
const USER: &str = "postgres";
/// How long a server may take to begin or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a server until its standard input ends, which it does however the test ends, and then leaves nothing of it, unless
/// it was told to keep what is on disk. Signals that end the test may be meant for its whole group: those it outlives.
const GUARD: &str = r#"
trap '' HUP INT TERM
home=$1
shift
"$@" </dev/null &
server=$!
read -r word
kill -QUIT "$server" 2>/dev/null
wait "$server"
[ "$word" = keep ] || rm -rf "$home"
"#;

static SHARED: OnceLock<PostgresServer> = OnceLock::new();
static MAKING: Mutex<()> = Mutex::new(());

/// Why there is no server.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The programs are not there.
    #[error(
        "PostgreSQL is not installed (no initdb in PATH or {DEBIAN}/*/bin). Fix: apt-get install -y postgresql"
    )]
    Missing,
    /// Files, ports or processes of the machine.
    #[error("a PostgreSQL server could not be made")]
    Io(#[from] io::Error),
    /// A program of PostgreSQL ended with this.
    #[error("{program} failed: {said}")]
    Failed {
        /// Which.
        program: &'static str,
        /// Its last words.
        said: String,
    },
}

/// A running server. It trusts everyone on the loopback interface, and loses what it holds when the machine stops.
pub struct PostgresServer {
    binaries: PathBuf,
    home: TempDir,
    port: u16,
    guard: Mutex<Option<Child>>,
    databases: AtomicU32,
}

impl PostgresServer {
    /// Makes a server and starts it.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start.
    pub fn start() -> Result<Self, ServerError> {
        let binaries = binaries().ok_or(ServerError::Missing)?;
        let home = tempfile::Builder::new().prefix("absah-postgres-").tempdir()?;
        let (port, guard, databases) = (free_port()?, Mutex::new(None), AtomicU32::new(0));
        let server = Self { binaries, home, port, guard, databases };
        if is_root()? {
            // The directory is the other user's, who has to get into it.
            let done = Command::new("chown").arg(USER).arg(server.home.path()).status()?;
            if !done.success() {
                let said = format!("there is no user {USER}");
                return Err(ServerError::Failed { program: "chown", said });
            }
        }
        std::fs::set_permissions(server.home.path(), Permissions::from_mode(0o700))?;
        let made = as_user(server.binaries.join("initdb"))?
            .args([
                "--no-sync",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-locale",
                "--username=postgres",
                "-D",
            ])
            .arg(server.data())
            .current_dir(server.home.path())
            .output()?;
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr).into_owned();
            return Err(ServerError::Failed { program: "initdb", said });
        }
        server.restart()?;
        Ok(server)
    }

    /// The server that all tests of a program share: each takes a [`PostgresServer::database`] of its own, and none kills
    /// it. It goes with the program.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start.
    pub fn shared() -> Result<&'static Self, ServerError> {
        let _one = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        if SHARED.get().is_none() {
            let _ = SHARED.set(Self::start()?);
        }
        SHARED.get().ok_or(ServerError::Missing)
    }

    /// The URL of the server's first database.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The URL of a database.
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// A new, empty database's URL.
    ///
    /// # Errors
    /// It could not be made.
    pub fn database(&self) -> Result<String, ServerError> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.url_of(&name))
    }

    /// Runs SQL with `psql`, and says what it printed.
    ///
    /// # Errors
    /// The server is down, or refused.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String, ServerError> {
        let done = Command::new(self.binaries.join("psql"))
            .args([
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1",
                "--dbname",
            ])
            .arg(self.url_of(database))
            .args(["--command", sql])
            .output()?;
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            return Err(ServerError::Failed { program: "psql", said });
        }
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// Ends every process of the server at once (SIGKILL), as a crash of its machine would.
    ///
    /// # Errors
    /// They could not be ended.
    pub fn kill(&self) -> Result<(), ServerError> {
        let mut guard = self.guard.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut guard) = guard.take() else { return Ok(()) };
        let processes = self.processes()?;
        if !processes.is_empty() {
            let kill = ["-c", "kill -KILL \"$@\"", "kill"];
            Command::new("sh").args(kill).args(&processes).stderr(Stdio::null()).status()?;
        }
        if let Some(mut word) = guard.stdin.take() {
            word.write_all(b"keep\n")?;
        }
        guard.wait()?;
        let deadline = Instant::now() + PATIENCE;
        while processes.iter().any(|process| is_running(process)) && Instant::now() < deadline {
            sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Starts the server again after it was killed.
    ///
    /// # Errors
    /// It does not start.
    pub fn restart(&self) -> Result<(), ServerError> {
        self.kill()?;
        let log = File::options().create(true).append(true).open(self.home.path().join("log"))?;
        let guard = as_user("sh")?
            .args(["-c", GUARD, "guard"])
            .arg(self.home.path())
            .arg(self.binaries.join("postgres"))
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(self.home.path())
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=200", "-p"])
            .arg(self.port.to_string())
            .current_dir(self.home.path())
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        *self.guard.lock().unwrap_or_else(PoisonError::into_inner) = Some(guard);
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.sql("postgres", "SELECT 1") {
                Err(error) if Instant::now() >= deadline => return Err(error),
                Err(_) => sleep(Duration::from_millis(50)),
                Ok(_) => return Ok(()),
            }
        }
    }

    /// Where the server keeps everything.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// The server's processes: the first one and its children.
    fn processes(&self) -> io::Result<Vec<String>> {
        let pid_file = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let Some(first) = pid_file.lines().next().filter(|pid| is_running(pid)) else {
            return Ok(Vec::new());
        };
        let mut processes = vec![first.to_owned()];
        for entry in std::fs::read_dir("/proc")? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if parent(&name).as_deref() == Some(first) {
                processes.push(name);
            }
        }
        Ok(processes)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // The directory goes with `home`; there is nobody to tell of a server that does not end.
        let _ = self.kill();
    }
}

/// The folder of the programs: what `PATH` finds, else the newest version that Debian keeps.
fn binaries() -> Option<PathBuf> {
    let has = |folder: &Path| ["initdb", "postgres", "psql"].iter().all(|name| folder.join(name).is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(folder) = std::env::split_paths(&path).find(|folder| has(folder)) {
        return Some(folder);
    }
    let versions = std::fs::read_dir(DEBIAN).ok()?.filter_map(Result::ok);
    let version = |path: &PathBuf| path.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    versions.map(|entry| entry.path().join("bin")).filter(|folder| has(folder)).max_by_key(version)
}

/// A program, run as a user that PostgreSQL runs as.
fn as_user(program: impl AsRef<OsStr>) -> io::Result<Command> {
    let mut command = if is_root()? {
        let mut command = Command::new("runuser");
        command.args(["-u", USER, "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.env("LC_ALL", "C");
    Ok(command)
}

/// A port that was free a moment ago.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn is_running(process: &str) -> bool {
    // A process that has ended and was not waited for yet shows no command line.
    std::fs::read(format!("/proc/{process}/cmdline")).is_ok_and(|line| !line.is_empty())
}

/// The process that started this one; `None` of what is no process, or has ended.
fn parent(process: &str) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything; behind it come the state and the parent (proc_pid_stat(5)).
    stat.rsplit_once(')')?.1.split_whitespace().nth(1).map(str::to_owned)
}

fn is_root() -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(std::fs::metadata("/proc/self")?.uid() == 0)
}
