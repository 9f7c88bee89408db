//! `absah serve`: the three dialects over HTTP.

use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use absah_engine::{
    Biometrics, Engine, EngineParts, GateSettings, RandomIds, Settings, SystemClock, VisionBiometrics,
};
use absah_http::HttpSettings;
use absah_store::sqlite::SqliteStore;
use clap::Args;

use super::{Common, Ending};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::demo::{self, Stage};
use crate::sources::Sources;
use crate::vision::Vision;
use crate::{logging, metrics, signals};

const MIB: usize = 1 << 20;

/// Answer the three dialects over HTTP.
///
/// Without --demo or --sandbox it serves the registry and the credentials of the data directory: see
/// `absah registry import` and `absah credential create`.
#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    common: Common,
    /// Where to listen [default: 127.0.0.1:8080]; port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// A thousand synthetic people, five of them with pictures, and credentials for every dialect. Loopback only.
    #[arg(long, conflicts_with = "sandbox")]
    demo: bool,
    /// Only the scenario table, with fixed credentials: no models, ready at once. Loopback only.
    #[arg(long)]
    sandbox: bool,
}

impl Serve {
    pub async fn run(self) -> Ending {
        let mut config = self.common.config()?;
        if let Some(listen) = self.listen.clone() {
            config.server.listen = listen;
        }
        logging::start(&config.log)?;
        let stage = self.stage();
        if stage == Stage::Demo && !config.registry.local.is_file() {
            return Err("--demo puts made-up people into its registry, and leaves yours alone: take [registry.local] out".into());
        }
        let listener = listen(&config.server.listen, stage)?;
        let home = Home::of(stage, &config)?;
        let dir = &home.dir;
        let store = dir.store().await?;

        let vision = if stage == Stage::Sandbox {
            Vision::without_models(&config.vision)?
        } else {
            Vision::start(&config.vision)?
        };
        let workers = vision.workers();
        tracing::info!(
            threads = workers.threads(),
            worker_bytes = workers.bytes_per_worker(),
            pixel_budget_bytes = vision.budget().total(),
            "workers are ready"
        );
        if let Some(scales) = vision.scales() {
            config.policy.face = config.policy.face.on(&scales)?;
        }
        let registry = match vision.scales() {
            Some(scales) => Some(dir.registry(&config, scales).await?),
            None => None,
        };
        let address = listener.local_addr()?;
        demo::prepare(
            stage,
            dir,
            &store,
            registry.as_deref(),
            &vision,
            address,
            &config.server.kredibel_prefix,
        )
        .await?;
        let sources = match registry {
            Some(local) => Some(Sources::open(&config.registry, local, &store, &vision).await?),
            None => None,
        };
        let engine = Arc::new(engine(&config, Arc::clone(&store), sources.as_ref(), &vision));

        metrics::serve(&config.server.metrics_listen)?;
        tracing::info!(%address, data_dir = %dir.path().display(), "serving");
        absah_http::serve(listener, engine, http_settings(&config), signals::stop()).await?;
        if let Some(sources) = &sources {
            sources.settle().await;
        }
        store.close().await;
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    }

    fn stage(&self) -> Stage {
        match (self.demo, self.sandbox) {
            (true, _) => Stage::Demo,
            (_, true) => Stage::Sandbox,
            _ => Stage::Plain,
        }
    }
}

/// The data directory, and for a sandbox without one a temporary directory that goes with the process.
struct Home {
    dir: DataDir,
    _temporary: Option<tempfile::TempDir>,
}

impl Home {
    fn of(stage: Stage, config: &Config) -> Result<Self, Box<dyn std::error::Error>> {
        let default = Config::load([], [])?.server.data_dir;
        if stage == Stage::Sandbox && config.server.data_dir == default {
            let temporary = tempfile::tempdir()?;
            let mut config = config.clone();
            config.server.data_dir = temporary.path().to_owned();
            return Ok(Self { dir: DataDir::open(&config)?, _temporary: Some(temporary) });
        }
        Ok(Self { dir: DataDir::open(config)?, _temporary: None })
    }
}

fn listen(text: &str, stage: Stage) -> Result<TcpListener, Box<dyn std::error::Error>> {
    let address: SocketAddr = text
        .parse()
        .map_err(|_| format!("{text:?} is no address to listen on: write it like 127.0.0.1:8080"))?;
    if stage != Stage::Plain && !address.ip().is_loopback() {
        let why = "its credentials and people are for trying out";
        return Err(format!("{stage} listens on loopback only ({why}); {address} is not").into());
    }
    let listener = TcpListener::bind(address).map_err(|error| {
        format!("cannot listen on {address} ({error}); --listen 127.0.0.1:0 takes a free port")
    })?;
    Ok(listener)
}

fn engine(config: &Config, store: Arc<SqliteStore>, sources: Option<&Sources>, vision: &Vision) -> Engine {
    let biometrics: Arc<dyn Biometrics> =
        Arc::new(VisionBiometrics::new(vision.workers(), vision.budget(), vision.scales()));
    let parts = EngineParts {
        registry: sources.map(|sources| Arc::clone(&sources.registry)),
        biometrics,
        credentials: Arc::clone(&store) as _,
        keyring: Arc::new(store.keyring().clone()),
        transactions: store,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
    };
    let settings = Settings {
        policy: config.policy.clone(),
        prices: config.prices.list(),
        gates: GateSettings { per_second: Some(config.limits.per_second).filter(|limit| *limit > 0) },
        registry_timeout: sources.map_or(Duration::ZERO, |sources| sources.timeout),
        node: config.server.node,
        reverse_data: config.registry.reverse_data,
    };
    Engine::new(parts, settings)
}

fn http_settings(config: &Config) -> HttpSettings {
    let server = &config.server;
    HttpSettings {
        kredibel_prefix: server.kredibel_prefix.clone(),
        header_timeout: Duration::from_secs(server.header_timeout_seconds),
        body_timeout: Duration::from_secs(server.body_timeout_seconds),
        max_connections: server.max_connections,
        body_budget: server.body_budget_mib * MIB,
        shutdown_timeout: Duration::from_secs(server.shutdown_seconds),
        ..HttpSettings::default()
    }
}
