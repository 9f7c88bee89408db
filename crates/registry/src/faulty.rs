//! A registry that fails as it is told to, for tests of whatever asks one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use absah_core::claims::Claims;
use absah_core::nik::Nik;
use absah_core::policy::Policy;
use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use async_trait::async_trait;

use crate::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};

/// What a [`FaultyRegistry`] does instead of asking the one it wraps.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It gives no verdict.
    Trouble(Trouble),
    /// It never answers.
    Hang,
    /// It answers this about claims.
    Claims(ClaimsAnswer),
    /// It answers this about faces.
    Face(FaceAnswer),
}

/// Asks another registry, unless it was told to fail. Counts what it is asked.
pub struct FaultyRegistry<R> {
    inner: R,
    fault: Mutex<Option<Fault>>,
    asked: AtomicU64,
}

impl<R: PopulationRegistry> FaultyRegistry<R> {
    /// Asks `inner` until it is told otherwise.
    pub fn new(inner: R) -> Self {
        Self { inner, fault: Mutex::new(None), asked: AtomicU64::new(0) }
    }

    /// Fails so from now on.
    pub fn fail(&self, fault: Fault) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
    }

    /// Asks `inner` again from now on.
    pub fn heal(&self) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// How often it was asked about claims or a face.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// The fault, unless it is trouble or a hang, which take their effect here.
    async fn fault(&self) -> Result<Option<Fault>, Trouble> {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match fault {
            Some(Fault::Trouble(trouble)) => Err(trouble),
            Some(Fault::Hang) => std::future::pending().await,
            other => Ok(other),
        }
    }
}

#[async_trait]
impl<R: PopulationRegistry> PopulationRegistry for FaultyRegistry<R> {
    async fn verify_claims(
        &self,
        tenant: &TenantId,
        claims: &Claims,
        policy: &Policy,
    ) -> Result<ClaimsAnswer, Trouble> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        match self.fault().await? {
            Some(Fault::Claims(answer)) => Ok(answer),
            _ => self.inner.verify_claims(tenant, claims, policy).await,
        }
    }

    async fn verify_face(
        &self,
        tenant: &TenantId,
        nik: &Nik,
        probe: &FaceProbe<'_>,
        threshold: f64,
    ) -> Result<FaceAnswer, Trouble> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        match self.fault().await? {
            Some(Fault::Face(answer)) => Ok(answer),
            _ => self.inner.verify_face(tenant, nik, probe, threshold).await,
        }
    }

    async fn ready(&self) -> Result<(), Trouble> {
        self.fault().await?;
        self.inner.ready().await
    }
}
