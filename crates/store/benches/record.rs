//! How many transactions a second are recorded, by one caller and by 64 at once.

#![allow(clippy::expect_used, clippy::panic, reason = "what is unexpected in a test fails it")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use absah_core::charge::ChargeItem;
use absah_core::dialect::{Dialect, Environment, Product};
use absah_core::tenant::TenantId;
use absah_seal::{Keyring, MasterKey, Purpose};
use absah_store::sqlite::SqliteStore;
use absah_store::{
    Charge, Conclusion, ContactClaim, ContactKey, Credentials, Entry, NewCredential, NewTransaction, Secrets,
    Terms, Transactions,
};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use uuid::Uuid;

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// A charged certificate verification with two new contacts: the most a transaction writes.
fn transaction(keyring: &Keyring) -> NewTransaction {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let value = number.to_be_bytes();
    let contact = || ContactKey {
        indexes: keyring.indexes(Purpose::new("contact"), &value),
        sealed: keyring.seal(Purpose::new("contact"), b"bank", &value).expect("sealed"),
    };
    let subject = keyring.indexes(Purpose::new("subject"), &value);
    NewTransaction {
        id: Uuid::from_u128(number.into()),
        tenant: TenantId::parse("bank").expect("a tenant"),
        credential: Uuid::from_u128(1),
        dialect: Dialect::Kredibel,
        environment: Environment::Production,
        subject: subject.first().copied(),
        wire_id: number.to_string(),
        spare_wire_id: format!("spare-{number}"),
        contacts: Some(ContactClaim {
            domain: "bank".to_owned(),
            subject,
            phone: contact(),
            email: contact(),
        }),
        reverse: None,
        finish: Box::new(|_| Entry {
            conclusion: Conclusion { outcome: "verified", status: 200, time: Timestamp::UNIX_EPOCH },
            charges: vec![Charge { item: ChargeItem::Certificate, rupiah: 5000 }],
            evidence: serde_json::json!({ "checks": [{ "name": "face", "score": 91.2, "threshold": 75.0 }] }),
        }),
    }
}

fn record(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let home = tempfile::tempdir().expect("a directory");
    let master = MasterKey::from_bytes([7; 32]);
    let keyring = Keyring::new(&master);
    let store = runtime.block_on(async {
        let store = SqliteStore::open(&home.path().join("store.sqlite"), &master).await.expect("opened");
        let credential = NewCredential {
            id: Uuid::from_u128(1),
            tenant: TenantId::parse("bank").expect("a tenant"),
            environment: Environment::Production,
            label: "bench".to_owned(),
            products: [Product::CertificateIssuance].into(),
            terms: Terms::default(),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: None,
            secrets: Secrets::Kredibel { api_key: "bench".to_owned() },
        };
        store.put(&credential).await.expect("put");
        Arc::new(store)
    });
    let mut group = criterion.benchmark_group("record");
    group.sample_size(20);
    for callers in [1u64, 64] {
        group.throughput(Throughput::Elements(callers));
        group.bench_function(BenchmarkId::from_parameter(callers), |bencher| {
            bencher.iter(|| {
                runtime.block_on(async {
                    let writes: Vec<_> = (0..callers)
                        .map(|_| {
                            let (store, new) = (Arc::clone(&store), transaction(&keyring));
                            tokio::spawn(async move { store.record(new).await.expect("recorded") })
                        })
                        .collect();
                    for write in writes {
                        write.await.expect("joined");
                    }
                });
            });
        });
    }
    group.finish();
}

criterion_group!(benches, record);
criterion_main!(benches);
