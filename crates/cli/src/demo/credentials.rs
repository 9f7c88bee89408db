//! Credentials of the demo and of the sandbox.

use absah_core::dialect::{Dialect, Environment};
use absah_core::tenant::{InvalidTenant, TenantId};
use absah_engine::{Clock as _, SystemClock};
use absah_seal::Keyring;
use absah_store::sqlite::SqliteStore;
use absah_store::{CredentialId, Credentials as _, NewCredential, Secrets, StoreError, Terms};
use sha2::{Digest, Sha256};

use crate::secrets;

/// A credential with what opens it.
pub struct Granted {
    pub environment: Environment,
    pub secrets: Secrets,
}

/// Why there are no credentials.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Tenant(#[from] InvalidTenant),
}

/// A sandbox and a production credential for every dialect, with secrets of this data directory alone.
pub async fn of_demo(store: &SqliteStore, keyring: &Keyring) -> Result<Vec<Granted>, GrantError> {
    let mut granted = Vec::new();
    for dialect in Dialect::ALL {
        for environment in [Environment::Sandbox, Environment::Production] {
            let secrets = secrets::of_demo(dialect, environment, keyring);
            granted.push(put(store, "demo", environment, secrets).await?);
        }
    }
    Ok(granted)
}

/// The fixed sandbox credential of every dialect.
pub async fn of_sandbox(store: &SqliteStore) -> Result<Vec<Granted>, GrantError> {
    let mut granted = Vec::new();
    for dialect in Dialect::ALL {
        granted.push(put(store, "sandbox", Environment::Sandbox, secrets::of_sandbox(dialect)).await?);
        store.set_disabled(id("sandbox", dialect, Environment::Sandbox), false).await?;
    }
    Ok(granted)
}

/// Takes the fixed credentials out of service: everybody knows them, so only `--sandbox` honours them.
pub async fn disable_sandbox(store: &SqliteStore) -> Result<(), StoreError> {
    for dialect in Dialect::ALL {
        // `false` says that there was none, which is as good.
        store.set_disabled(id("sandbox", dialect, Environment::Sandbox), true).await?;
    }
    Ok(())
}

async fn put(
    store: &SqliteStore,
    tenant: &str,
    environment: Environment,
    secrets: Secrets,
) -> Result<Granted, GrantError> {
    let dialect = secrets.dialect();
    let new = NewCredential {
        id: id(tenant, dialect, environment),
        tenant: TenantId::parse(tenant)?,
        environment,
        label: format!("{tenant} {} {}", dialect.key(), environment.key()),
        products: [dialect.product()].into(),
        terms: Terms::default(),
        created_at: SystemClock.now(),
        expires_at: None,
        secrets,
    };
    store.put(&new).await?;
    Ok(Granted { environment, secrets: new.secrets })
}

/// The same id for the same credential at every start.
fn id(tenant: &str, dialect: Dialect, environment: Environment) -> CredentialId {
    let name = format!("absah {tenant} {} {}", dialect.key(), environment.key());
    let digest = Sha256::digest(name.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
