//! The service in one process, with credentials of every kind.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use absah_core::charge::{ChargeItem, PriceList};
use absah_core::dialect::{Dialect, Environment};
use absah_core::policy::Policy;
use absah_core::tenant::TenantId;
use absah_engine::{Clock, Engine, EngineParts, GateSettings, IdSource, RandomIds, Settings, SystemClock};
use absah_http::{HttpSettings, router};
use absah_seal::MasterKey;
use absah_store::sqlite::SqliteStore;
use absah_store::{Credentials, History, HistoryLine, NewCredential, Secrets, Terms};
use axum::Router;
use tempfile::TempDir;

use crate::scripted::{ScriptedBiometrics, ScriptedRegistry};

/// A credential's terms, by the word a fixture names it with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sandbox,
    StrictSandbox,
    Production,
    Expired,
    Unpermitted,
    Spent,
    Slowed,
}

impl Kind {
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "sandbox" => Self::Sandbox,
            "strict sandbox" => Self::StrictSandbox,
            "production" => Self::Production,
            "expired" => Self::Expired,
            "unpermitted" => Self::Unpermitted,
            "spent" => Self::Spent,
            "slowed" => Self::Slowed,
            _ => return None,
        })
    }
}

/// A credential that was made for one test, with the tenant only it belongs to.
pub struct Client {
    pub tenant: TenantId,
    pub secrets: Secrets,
}

/// The service over a store in a folder of its own.
pub struct TestApp {
    pub router: Router,
    pub engine: Arc<Engine>,
    store: Arc<SqliteStore>,
    _folder: TempDir,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::with(HttpSettings::default()).await
    }

    pub async fn with(settings: HttpSettings) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let master = MasterKey::from_bytes([7; 32]);
        let store = SqliteStore::open(&folder.path().join("store.sqlite"), &master).await.expect("a store");
        let store = Arc::new(store);
        let mut prices = PriceList::default();
        for (rupiah, item) in (1..).zip(ChargeItem::ALL) {
            prices.set(item, rupiah * 100);
        }
        let parts = EngineParts {
            registry: Some(Arc::new(ScriptedRegistry)),
            biometrics: Arc::new(ScriptedBiometrics),
            credentials: Arc::clone(&store) as _,
            transactions: Arc::clone(&store) as _,
            keyring: Arc::new(store.keyring().clone()),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
        };
        let engine_settings = Settings {
            policy: Policy::default(),
            prices,
            gates: GateSettings::default(),
            registry_timeout: Duration::from_millis(300),
            node: 1,
            reverse_data: false,
        };
        let engine = Arc::new(Engine::new(parts, engine_settings));
        Self { router: router(Arc::clone(&engine), &settings), engine, store, _folder: folder }
    }

    /// Makes a credential for a tenant of its own.
    pub async fn client(&self, dialect: Dialect, kind: Kind) -> Client {
        let id = RandomIds.uuid();
        let tenant = TenantId::parse(&format!("tenant-{id}")).expect("a tenant");
        let environment = match kind {
            Kind::Sandbox | Kind::StrictSandbox => Environment::Sandbox,
            _ => Environment::Production,
        };
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(id.as_bytes());
        let secrets = Secrets::from_seed(dialect, environment, &seed);
        let now = SystemClock.now();
        let products =
            if kind == Kind::Unpermitted { BTreeSet::new() } else { BTreeSet::from([dialect.product()]) };
        let new = NewCredential {
            id,
            tenant: tenant.clone(),
            environment,
            label: "test".to_owned(),
            products,
            terms: Terms {
                quota: (kind == Kind::Spent).then_some(0),
                per_second: (kind == Kind::Slowed).then_some(1),
                strict_images: kind == Kind::StrictSandbox,
                ..Terms::default()
            },
            created_at: now,
            expires_at: (kind == Kind::Expired).then_some(now),
            secrets: secrets.clone(),
        };
        self.store.put(&new).await.expect("a credential");
        Client { tenant, secrets }
    }

    /// What was recorded of a tenant, the oldest first.
    pub async fn history(&self, tenant: &TenantId) -> Vec<HistoryLine> {
        self.store.page(Some(tenant), 0, 1_000).await.expect("the history").0
    }
}
