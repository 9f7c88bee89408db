//! What was asked, in numbers; nothing about anybody.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::faults::ServiceName;

/// The calls to both services so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// Of demographics.
    pub demographics: ServiceCalls,
    /// Of faces.
    pub face: ServiceCalls,
}

/// The calls to one service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceCalls {
    /// Requests that came in.
    pub received: u64,
    /// Requests that were charged: answered about a person.
    pub charged: u64,
    /// Answers by code, and faults by kind.
    pub answers: BTreeMap<String, u64>,
}

/// Counts calls, and down the quota of each service.
pub(crate) struct Books(Mutex<Pages>);

struct Pages {
    calls: Calls,
    quota: [Option<u64>; 2],
}

impl Books {
    pub(crate) fn new(quota: Option<u64>) -> Self {
        Self(Mutex::new(Pages { calls: Calls::default(), quota: [quota; 2] }))
    }

    pub(crate) fn calls(&self) -> Calls {
        self.lock().calls.clone()
    }

    /// Sets what is left for both services; nothing for without bound.
    pub(crate) fn set_quota(&self, quota: Option<u64>) {
        self.lock().quota = [quota; 2];
    }

    pub(crate) fn received(&self, service: ServiceName) {
        self.lock().calls.of(service).received += 1;
    }

    pub(crate) fn answered(&self, service: ServiceName, code: &str) {
        *self.lock().calls.of(service).answers.entry(code.to_owned()).or_default() += 1;
    }

    /// What is left.
    pub(crate) fn left(&self, service: ServiceName) -> Option<u64> {
        let Pages { quota: [demographics, face], .. } = *self.lock();
        match service {
            ServiceName::Demographics => demographics,
            ServiceName::Face => face,
        }
    }

    /// Charges a call; `false` where the quota is used up.
    pub(crate) fn charge(&self, service: ServiceName) -> bool {
        let mut pages = self.lock();
        let [demographics, face] = &mut pages.quota;
        let quota = if service == ServiceName::Demographics { demographics } else { face };
        match quota {
            Some(0) => return false,
            Some(left) => *left -= 1,
            None => {}
        }
        pages.calls.of(service).charged += 1;
        true
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Calls {
    fn of(&mut self, service: ServiceName) -> &mut ServiceCalls {
        match service {
            ServiceName::Demographics => &mut self.demographics,
            ServiceName::Face => &mut self.face,
        }
    }
}
