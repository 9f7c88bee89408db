//! What every dialect's handler works with: the engine, and the bounds of what comes in.

use std::sync::Arc;
use std::time::Duration;

use absah_core::dialect::Dialect;
use absah_engine::{AuthenticationError, Caller, Engine};
use absah_store::Secrets;
use bytes::Bytes;

use crate::intake::body::{BodyBounds, BodyFault, Inbound};
use crate::intake::budget::{BodyBudget, Sender};
use crate::settings::{BodyLimits, HttpSettings};

/// Shared by all handlers.
pub(crate) struct Desk {
    pub(crate) engine: Arc<Engine>,
    limits: BodyLimits,
    body_timeout: Duration,
    budget: BodyBudget,
}

/// Why a request has no caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoCaller {
    /// No credential, or an unknown one.
    Unknown,
    /// It could not be looked up.
    Fault,
}

impl Desk {
    pub(crate) fn new(engine: Arc<Engine>, settings: &HttpSettings) -> Self {
        Self {
            engine,
            limits: settings.body_limits,
            body_timeout: settings.body_timeout,
            budget: BodyBudget::new(settings.body_budget),
        }
    }

    /// The caller these secrets name and prove. A failure of the store is logged here, where it is handled.
    pub(crate) async fn caller(&self, secrets: Option<&Secrets>) -> Result<Caller, NoCaller> {
        let secrets = secrets.ok_or(NoCaller::Unknown)?;
        self.engine.authenticate(secrets).await.map_err(|error| match error {
            AuthenticationError::Unknown => NoCaller::Unknown,
            AuthenticationError::Store(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    dialect = secrets.dialect().key(),
                    "a credential could not be looked up"
                );
                NoCaller::Fault
            }
        })
    }

    /// Reads a body within the dialect's bounds.
    pub(crate) async fn receive(
        &self,
        dialect: Dialect,
        sender: Sender,
        inbound: &mut Inbound,
    ) -> Result<Bytes, BodyFault> {
        let bytes = match dialect {
            Dialect::Kredibel => self.limits.kredibel,
            Dialect::Accuauth => self.limits.accuauth,
            Dialect::Glair => self.limits.glair,
        };
        inbound.receive(BodyBounds { bytes, within: self.body_timeout }, sender, &self.budget).await
    }
}
