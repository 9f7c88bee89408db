//! The registries that answer, put together as the configuration says.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use absah_engine::{Clock as _, SourcePictures, StoredCalls, SystemClock};
use absah_registry::PopulationRegistry;
use absah_registry::calls::CallLedger;
use absah_registry::chain::{Budgeted, Chain, DayBudget, Source};
use absah_registry::dukcapil::{DukcapilRegistry, Tools, fresh_seed};
use absah_registry::local::LocalRegistry;
use absah_store::RegistryCalls as _;
use absah_store::sqlite::SqliteStore;

use crate::config::{OutsideSource, Registry};
use crate::vision::Vision;

/// The name of the embedded registry among the sources.
const LOCAL: &str = "local";
/// What the chain's own work adds to the time of its sources.
const GRACE: Duration = Duration::from_secs(1);

/// All that answer, as one.
pub struct Sources {
    /// What the engine asks.
    pub registry: Arc<dyn PopulationRegistry>,
    /// How long that may take, in all.
    pub timeout: Duration,
    outside: Vec<Arc<DukcapilRegistry>>,
}

impl Sources {
    /// Opens the sources that the orders name. Reaches nobody.
    pub async fn open(
        config: &Registry,
        local: Arc<LocalRegistry>,
        store: &Arc<SqliteStore>,
        vision: &Vision,
    ) -> Result<Self, Box<dyn Error>> {
        let mut opened = Opened { config, local, store, vision, sources: Vec::new(), outside: Vec::new() };
        let demographics = opened.all(config.demographics_order()).await?;
        let faces = opened.all(config.sources_of_faces().into_iter()).await?;
        let chain = Chain::new(demographics, faces).ok_or("registry.order names no source")?;
        let timeout = chain.timeout() + GRACE;
        Ok(Self { registry: Arc::new(chain), timeout, outside: opened.outside })
    }

    /// Waits until calls under way are in the books.
    pub async fn settle(&self) {
        for source in &self.outside {
            source.settled().await;
        }
    }
}

/// Sources that were opened so far: one that stands in both orders is one source, with one budget.
struct Opened<'a> {
    config: &'a Registry,
    local: Arc<LocalRegistry>,
    store: &'a Arc<SqliteStore>,
    vision: &'a Vision,
    sources: Vec<(String, Arc<Source>)>,
    outside: Vec<Arc<DukcapilRegistry>>,
}

impl Opened<'_> {
    async fn all<'n>(
        &mut self,
        names: impl Iterator<Item = &'n str>,
    ) -> Result<Vec<Arc<Source>>, Box<dyn Error>> {
        let mut sources = Vec::new();
        for name in names {
            let known =
                self.sources.iter().find(|(other, _)| other == name).map(|(_, source)| Arc::clone(source));
            let source = match known {
                Some(source) => source,
                None => self.open(name).await?,
            };
            sources.push(source);
        }
        Ok(sources)
    }

    async fn open(&mut self, name: &str) -> Result<Arc<Source>, Box<dyn Error>> {
        let source = if name == LOCAL {
            let timeout = Duration::from_secs(self.config.timeout_seconds);
            let registry = Arc::clone(&self.local) as _;
            Arc::new(Source { name: name.to_owned(), registry, timeout, budget: None })
        } else {
            let outside = self.config.sources.get(name);
            let outside = outside.ok_or_else(|| {
                format!("registry.order names {name:?}, but there is no [registry.sources.{name}]")
            })?;
            self.dukcapil(name, outside).await?
        };
        self.sources.push((name.to_owned(), Arc::clone(&source)));
        Ok(source)
    }

    async fn dukcapil(&mut self, name: &str, outside: &OutsideSource) -> Result<Arc<Source>, Box<dyn Error>> {
        let mut ledger: Arc<dyn CallLedger> =
            Arc::new(StoredCalls::new(Arc::clone(self.store) as _, Arc::new(SystemClock)));
        let mut budget = None;
        if outside.calls_per_day > 0 {
            // What was called before a restart counts.
            let since = DayBudget::start_of_day(SystemClock.now());
            let made = self.store.calls_since(name, since).await?;
            let of_day =
                Arc::new(DayBudget::new(outside.calls_per_day, Arc::new(|| SystemClock.now()), made));
            ledger = Arc::new(Budgeted { ledger, budget: Arc::clone(&of_day) });
            budget = Some(of_day);
        }
        let jpeg = Arc::new(SourcePictures::new(self.vision.budget()));
        let tools = Tools { source: name.to_owned(), ledger, jpeg, seed: fresh_seed()? };
        let registry = DukcapilRegistry::open(&outside.settings, tools)
            .map_err(|fault| format!("[registry.sources.{name}]: {fault}"))?;
        let registry = Arc::new(registry);
        self.outside.push(Arc::clone(&registry));
        Ok(Arc::new(Source { name: name.to_owned(), registry, timeout: outside.timeout(), budget }))
    }
}
