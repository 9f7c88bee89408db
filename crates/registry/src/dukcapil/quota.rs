//! What a service says is left of its quota.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::calls::Service;

/// Tells operators how many calls are left.
pub(super) struct QuotaWatch {
    source: Arc<str>,
    service: Service,
    warn_below: u64,
    low: AtomicBool,
}

impl QuotaWatch {
    /// Warns when fewer than `warn_below` are left; never where that is 0.
    pub(super) fn new(source: Arc<str>, service: Service, warn_below: u64) -> Self {
        Self { source, service, warn_below, low: AtomicBool::new(false) }
    }

    /// Takes note of what is left, and says whether this crossed the level downwards.
    pub(super) fn note(&self, left: u64) -> bool {
        // Precise up to 2^53 calls.
        metrics::gauge!("absah_registry_quota_left", "source" => Arc::clone(&self.source), "service" => self.service.key())
            .set(left as f64);
        let is_low = left < self.warn_below;
        let was_low = self.low.swap(is_low, Ordering::Relaxed);
        let crossed = is_low && !was_low;
        if crossed {
            tracing::warn!(source = &*self.source, service = %self.service, left, "the registry's quota runs low");
        }
        crossed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_warns_once_a_crossing() {
        let watch = QuotaWatch::new("dukcapil".into(), Service::Face, 10);
        let rows = [
            (12, false),
            (10, false),
            (9, true),
            (8, false),
            (0, false),
            (100, false),
            (9, true),
            (9, false),
        ];
        for (left, warned) in rows {
            assert_eq!(watch.note(left), warned, "{left}");
        }
        assert!(!QuotaWatch::new("dukcapil".into(), Service::Face, 0).note(0));
    }
}
