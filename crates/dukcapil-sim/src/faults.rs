//! How the simulator fails on demand.

use std::sync::{Mutex, PoisonError};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

/// One of the two services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceName {
    /// CALL_VERIFY_BY_ELEMEN.
    Demographics,
    /// CALL_FR.
    Face,
}

/// What happens instead of an answer, or to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The answer comes late.
    Slow {
        /// By this many milliseconds.
        milliseconds: u64,
    },
    /// No answer comes.
    Hang,
    /// The connection is reset before an answer (TCP RST).
    Reset,
    /// The connection is reset in the middle of an answer.
    Cut,
    /// The answer is whole for HTTP, but half of its JSON is missing.
    TruncatedJson,
    /// Texts are numbers, and numbers lists.
    WrongTypes,
    /// A page of HTML with status 200.
    Html,
    /// A status of HTTP with a page of HTML.
    Status {
        /// The status.
        status: u16,
    },
    /// A code of the service: RESPONSE_CODE for demographics, errorCode for faces.
    Code {
        /// The code.
        code: String,
    },
    /// A code's text alone, as some answers of demographics have it.
    Text {
        /// The text under RESPON.
        text: String,
    },
    /// An answer of a mebibyte.
    HugeBody,
}

/// A fault with the calls it befalls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    /// What happens.
    #[serde(flatten)]
    pub fault: Fault,
    /// To calls of this service; of both where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceName>,
    /// To which of them.
    #[serde(default)]
    pub rate: Rate,
}

/// Which calls a fault befalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// All.
    #[default]
    Always,
    /// Every k-th, beginning with the k-th; every call where k is 0.
    Every(u64),
    /// The first k, then none.
    First(u64),
    /// So many in a hundred, by chance.
    Percent {
        /// 0 to 100.
        percent: u32,
        /// What chance follows from.
        seed: u64,
    },
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self { fault, service: None, rate: Rate::Always }
    }
}

/// The rules in force, with how far each has come.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<Running>>);

struct Running {
    rule: FaultRule,
    seen: u64,
    chance: ChaCha8Rng,
}

impl Faults {
    /// Puts these rules in the place of all before.
    pub(crate) fn set(&self, rules: Vec<FaultRule>) {
        let running = rules.into_iter().map(|rule| {
            let seed = if let Rate::Percent { seed, .. } = rule.rate { seed } else { 0 };
            Running { rule, seen: 0, chance: ChaCha8Rng::seed_from_u64(seed) }
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = running.collect();
    }

    pub(crate) fn rules(&self) -> Vec<FaultRule> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|r| r.rule.clone()).collect()
    }

    /// What befalls a call: the first rule's fault that applies.
    pub(crate) fn befalls(&self, service: ServiceName) -> Option<Fault> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.iter_mut().find_map(|running| {
            let meant = running.rule.service.is_none_or(|only| only == service);
            (meant && running.applies()).then(|| running.rule.fault.clone())
        })
    }
}

impl Running {
    fn applies(&mut self) -> bool {
        self.seen += 1;
        match self.rule.rate {
            Rate::Always => true,
            Rate::Every(k) => self.seen.is_multiple_of(k.max(1)),
            Rate::First(k) => self.seen <= k,
            Rate::Percent { percent, .. } => self.chance.next_u32() % 100 < percent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_written_as_documented() {
        let rows = [
            (r#"{"kind":"hang"}"#, FaultRule::from(Fault::Hang)),
            (
                r#"{"kind":"slow","milliseconds":50,"service":"face","rate":{"every":3}}"#,
                FaultRule {
                    fault: Fault::Slow { milliseconds: 50 },
                    service: Some(ServiceName::Face),
                    rate: Rate::Every(3),
                },
            ),
            (
                r#"{"kind":"code","code":"05","rate":{"percent":{"percent":20,"seed":7}}}"#,
                FaultRule {
                    fault: Fault::Code { code: "05".to_owned() },
                    service: None,
                    rate: Rate::Percent { percent: 20, seed: 7 },
                },
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(serde_json::from_str::<FaultRule>(text).expect(text), expected);
        }
        assert!(serde_json::from_str::<FaultRule>(r#"{"kind":"flood"}"#).is_err());
    }

    #[test]
    fn a_rate_says_which_calls_are_befallen() {
        let befallen = |rate| {
            let faults = Faults::default();
            faults.set(vec![FaultRule { fault: Fault::Hang, service: Some(ServiceName::Face), rate }]);
            assert_eq!(faults.befalls(ServiceName::Demographics), None);
            (0..6).map(|_| faults.befalls(ServiceName::Face).is_some()).collect::<Vec<_>>()
        };
        let (f, t) = (false, true);
        assert_eq!(befallen(Rate::Always), [t; 6]);
        assert_eq!(befallen(Rate::Every(3)), [f, f, t, f, f, t]);
        assert_eq!(befallen(Rate::First(2)), [t, t, f, f, f, f]);
        assert_eq!(befallen(Rate::Percent { percent: 0, seed: 1 }), [f; 6]);
        assert_eq!(befallen(Rate::Percent { percent: 100, seed: 1 }), [t; 6]);
        let some = Rate::Percent { percent: 50, seed: 1 };
        assert_eq!(befallen(some), befallen(some));
    }
}
