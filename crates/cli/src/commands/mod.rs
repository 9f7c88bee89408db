//! One file a command.

mod bench;
mod calibrate;
mod card;
mod credential;
mod dukcapil_sim;
mod eval;
mod history;
mod progress;
mod registry;
mod rephotograph;
mod report;
mod serve;
mod specimen;
mod verify;

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::config::{Config, ConfigError};

/// What absah can be told to do.
#[derive(Subcommand)]
pub enum Command {
    /// Answer the three dialects over HTTP.
    Serve(serve::Serve),
    /// Verify one person from files, with the same engine.
    Verify(verify::Verify),
    /// Load and look after the embedded population registry.
    #[command(subcommand)]
    Registry(registry::Registry),
    /// Make, list and disable credentials.
    #[command(subcommand)]
    Credential(credential::Credential),
    /// Print what was recorded.
    History(history::History),
    #[command(subcommand)]
    Report(report::Report),
    /// Measure error rates on your own pictures and names.
    #[command(subcommand)]
    Eval(eval::Eval),
    /// Measure how long a decision about a selfie takes on this machine.
    Bench(bench::Bench),
    /// Read identity cards.
    #[command(subcommand)]
    Card(card::Card),
    /// Fit the scale of comparison scores to your own pictures.
    Calibrate(calibrate::Calibrate),
    /// Make presentation attacks of your own pictures, by simulation.
    Rephotograph(rephotograph::Rephotograph),
    Specimen(specimen::Specimen),
    DukcapilSim(dukcapil_sim::DukcapilSim),
}

/// How a command ends: an exit code, or an error that is told on standard error.
pub type Ending = Result<ExitCode, Box<dyn Error>>;

impl Command {
    /// Does it.
    pub async fn run(self) -> ExitCode {
        let ending = match self {
            Self::Serve(command) => Box::pin(command.run()).await,
            Self::Verify(command) => return Box::pin(command.run()).await,
            Self::Registry(command) => Box::pin(command.run()).await,
            Self::Credential(command) => Box::pin(command.run()).await,
            Self::History(command) => Box::pin(command.run()).await,
            Self::Report(command) => Box::pin(command.run()).await,
            Self::Eval(command) => command.run(),
            Self::Bench(command) => Box::pin(command.run()).await,
            Self::Card(command) => Box::pin(command.run()).await,
            Self::Calibrate(command) => command.run(),
            Self::Rephotograph(command) => command.run(),
            Self::Specimen(command) => command.run(),
            Self::DukcapilSim(command) => Box::pin(command.run()).await,
        };
        ending.unwrap_or_else(|error| failed(error.as_ref()))
    }
}

/// Tells an error with everything behind it, in one line.
pub fn failed(error: &dyn Error) -> ExitCode {
    tell(error);
    ExitCode::FAILURE
}

/// Prints an error and its sources to standard error.
pub fn tell(error: &dyn Error) {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    note(format_args!("absah: {line}"));
}

/// Prints a line of results to standard output. A reader that has gone is not told: there is nobody to tell it to.
pub fn print(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints a line for people to standard error.
pub fn note(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Options every command has.
#[derive(Args, Clone)]
pub struct Common {
    /// Configuration file; what it leaves out is in the defaults file. May be repeated: later ones beat earlier ones.
    #[arg(long, value_name = "FILE")]
    config: Vec<PathBuf>,
    /// Everything absah keeps: registry, history, keys [default: absah-data].
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl Common {
    /// The configuration, with the options in their places.
    pub fn config(&self) -> Result<Config, ConfigError> {
        let environment = std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)));
        let mut config = Config::load(self.config.iter().map(PathBuf::as_path), environment)?;
        if let Some(dir) = &self.data_dir {
            config.server.data_dir.clone_from(dir);
        }
        Ok(config)
    }
}
