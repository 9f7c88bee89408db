//! What operators see: logs without a person in them, and numbers.

use std::io;
use std::sync::{Arc, Mutex};

use absah_core::field::Field;
use absah_dukcapil_sim::{Fault, ServiceName};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use tracing_subscriber::fmt::MakeWriter;

use super::{PASSWORD, SERVICES, Setup, World, always, claims, face};
use crate::conformance::{DECEASED, SITI, UNKNOWN};

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("not poisoned")).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    /// Takes everything of this thread, down to the last trace.
    fn start() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(log.clone())
            .finish();
        let guard = tracing::subscriber::set_default(subscriber);
        (log, guard)
    }
}

#[tokio::test]
async fn no_log_line_and_no_metric_holds_a_person_or_a_secret() {
    let (log, _guard) = Log::start();
    let recorder = DebuggingRecorder::new();
    let numbers = recorder.snapshotter();
    let _metrics = metrics::set_default_local_recorder(&recorder);
    let mut test = Setup::new();
    test.settings.timeouts.demographics_seconds = 0.3;
    test.settings.timeouts.face_seconds = 0.3;
    // Every fault is to be met, not kept back from.
    test.settings.breaker.failures = 1000;
    let world = test.start().await;
    let faults = [
        None,
        Some(Fault::Hang),
        Some(Fault::Reset),
        Some(Fault::WrongTypes),
        Some(Fault::Html),
        Some(Fault::Code { code: SITI.to_owned() }),
        Some(Fault::Text { text: format!("{SITI} SITI NURHALIZA") }),
        Some(Fault::Status { status: 500 }),
    ];
    for fault in faults {
        world.sim.set_faults(fault.map(always).unwrap_or_default());
        for number in [SITI, DECEASED, UNKNOWN] {
            let name = [(Field::Name, "SITI NURHALIZA"), (Field::Address, "JALAN MELATI 5")];
            let told = format!("{:?}", claims(&world.registry, number, &name).await);
            let told = told + &format!("{:?}", face(&world.registry, number, 0.0).await);
            assert_is_silent(&told);
        }
    }
    world.ledger.set_broken(true);
    world.sim.set_faults(Vec::new());
    for service in SERVICES {
        world.ask(service).await.expect_err("not recorded");
    }
    let log = log.text();
    assert!(log.contains("the registry gave no verdict") && log.contains("could not be recorded"), "{log}");
    assert_is_silent(&log);
    assert_is_silent(&format!("{:?}", numbers.snapshot().into_vec()));
}

fn assert_is_silent(text: &str) {
    let capitals = text.to_uppercase();
    for private in [SITI, DECEASED, UNKNOWN, "32170610", "SITI", "NURHALIZA", "MELATI", PASSWORD, "BANK-USER"]
    {
        assert!(!capitals.contains(&private.to_uppercase()), "{private}: {text}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_looked_at_is_a_warning() {
    let (log, _guard) = Log::start();
    let mut test = Setup::new();
    test.settings.tls = absah_registry::dukcapil::TlsSettings {
        verify: false,
        ..absah_registry::dukcapil::TlsSettings::default()
    };
    test.start().await;
    assert!(log.text().contains("WARN") && log.text().contains("tls.verify is false"), "{}", log.text());
}

#[tokio::test]
async fn calls_and_what_is_left_are_counted() {
    let (log, _guard) = Log::start();
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _metrics = metrics::set_default_local_recorder(&recorder);
    let mut test = Setup::new();
    test.sim.quota = Some(5);
    test.settings.quota_warning = 4;
    let world: World = test.start().await;
    for _ in 0..3 {
        world.claims().await.expect("a verdict");
    }
    world.face().await.expect("a verdict");
    world.sim.set_faults(always(Fault::Code { code: "03".to_owned() }));
    world.ask(ServiceName::Demographics).await.expect_err("trouble");
    let told = told(&snapshotter);
    let expected = [
        "absah_registry_call_seconds{service=demographics,source=dukcapil} 4 times",
        "absah_registry_call_seconds{service=face,source=dukcapil} 1 times",
        "absah_registry_calls_total{answer=setup,service=demographics,source=dukcapil} 1",
        "absah_registry_calls_total{answer=verdict,service=demographics,source=dukcapil} 3",
        "absah_registry_calls_total{answer=verdict,service=face,source=dukcapil} 1",
        "absah_registry_quota_left{service=demographics,source=dukcapil} 2",
        "absah_registry_quota_left{service=face,source=dukcapil} 4",
    ];
    assert_eq!(told, expected);
    assert_eq!(log.text().matches("quota runs low").count(), 1, "{}", log.text());
}

/// Every number with its labels, in order.
fn told(snapshotter: &Snapshotter) -> Vec<String> {
    let mut told: Vec<_> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let mut labels: Vec<_> =
                key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            labels.sort();
            let value = match value {
                DebugValue::Counter(count) => count.to_string(),
                DebugValue::Gauge(level) => level.to_string(),
                DebugValue::Histogram(values) => format!("{} times", values.len()),
            };
            format!("{}{{{}}} {value}", key.key().name(), labels.join(","))
        })
        .collect();
    told.sort();
    told
}
