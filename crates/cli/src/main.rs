//! The binary: commands, configuration, wiring. No logic that is worth a test of its own.

mod commands;
mod config;
mod data_dir;
mod demo;
mod logging;
mod metrics;
mod secrets;
mod signals;
mod sources;
mod vision;

use std::process::ExitCode;

use clap::Parser;

use crate::commands::Command;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Self-hosted identity verification for Indonesia: three providers' protocols over one engine.
#[derive(Parser)]
#[command(name = "absah", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    logging::quiet_panics();
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return commands::failed(&error),
    };
    let code = runtime.block_on(cli.command.run());
    // Jobs that still run on worker threads have nobody left to tell.
    runtime.shutdown_background();
    code
}
