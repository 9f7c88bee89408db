//! Transactions: written once and together, told in order, counted where charged.

use std::sync::Arc;

use absah_core::charge::ChargeItem;
use absah_core::dialect::Dialect;
use absah_store::{Credentials, History, NewTransaction, StoreError, Transactions};
use uuid::Uuid;

use super::Backend;
use super::people::{charged, credential, tenant, transaction, with_credential};

pub async fn what_was_recorded_is_told(backend: &impl Backend) {
    let store = backend.open().await;
    with_credential(&store).await;
    let charges = &[(ChargeItem::Certificate, 5000), (ChargeItem::Liveness, 300)];
    store.record(charged(1, charges)).await.expect("recorded");
    let (lines, _) = store.page(Some(&tenant("bank")), 0, 10).await.expect("read");
    let line = serde_json::to_value(&lines).expect("serialised");
    assert_eq!(
        line,
        serde_json::json!([{
            "id": Uuid::from_u128(1).to_string(),
            "wire_id": "wire-1",
            "time": "2023-11-14T22:13:25Z",
            "tenant": "bank",
            "credential": Uuid::from_u128(1).to_string(),
            "dialect": "kredibel",
            "environment": "production",
            "outcome": "verified",
            "status": 200,
            "charged": ["certificate", "liveness"],
            "rupiah": 5300,
            "evidence": { "checks": [] },
        }])
    );
}

pub async fn a_used_wire_id_gives_way_to_the_spare(backend: &impl Backend) {
    let store = backend.open().await;
    with_credential(&store).await;
    store.put(&credential(2, "shop", Dialect::Glair)).await.expect("put");
    let asks = |number, credential, of| NewTransaction {
        wire_id: "order-7".to_owned(),
        credential: Uuid::from_u128(credential),
        tenant: tenant(of),
        ..transaction(number)
    };
    let rows =
        [(asks(1, 1, "bank"), "order-7"), (asks(2, 1, "bank"), "spare-2"), (asks(3, 2, "shop"), "order-7")];
    for (new, expected) in rows {
        assert_eq!(store.record(new).await.expect("recorded").wire_id, expected);
    }
    let both_used = NewTransaction { spare_wire_id: "spare-2".to_owned(), ..asks(4, 1, "bank") };
    let refused = store.record(both_used).await;
    assert!(matches!(refused, Err(StoreError::Taken { .. })), "{refused:?}");
}

pub async fn only_charged_answers_count(backend: &impl Backend) {
    let store = backend.open().await;
    with_credential(&store).await;
    let rows: [(&'static [(ChargeItem, u64)], u64); 4] = [
        (&[], 0),
        (&[(ChargeItem::Certificate, 5000)], 1),
        (&[(ChargeItem::Certificate, 0), (ChargeItem::Liveness, 0)], 2),
        (&[], 2),
    ];
    for (number, (charges, expected)) in (1..).zip(rows) {
        store.record(charged(number, charges)).await.expect("recorded");
        let count = store.charged(&tenant("bank"), Uuid::from_u128(1)).await.expect("counted");
        assert_eq!(count, expected, "after transaction {number}");
    }
    for (of, id) in [("shop", 1), ("bank", 404)] {
        assert_eq!(store.charged(&tenant(of), Uuid::from_u128(id)).await.expect("counted"), 0);
    }
}

pub async fn a_failing_write_leaves_its_neighbours_alone(backend: &impl Backend) {
    let store = Arc::new(backend.open().await);
    with_credential(&*store).await;
    let broken = |number: u128| match number % 4 {
        1 => NewTransaction { credential: Uuid::from_u128(404), ..transaction(number) },
        2 => NewTransaction { tenant: tenant("shop"), ..transaction(number) },
        _ => charged(number, &[(ChargeItem::Certificate, u64::MAX)]),
    };
    let writes: Vec<_> = (1..=60u128)
        .map(|number| {
            let store = Arc::clone(&store);
            let sound = number % 4 == 0;
            let new = if sound { charged(number, &[(ChargeItem::Certificate, 1)]) } else { broken(number) };
            tokio::spawn(async move { (sound, store.record(new).await.is_ok()) })
        })
        .collect();
    for write in writes {
        let (sound, written) = write.await.expect("joined");
        assert_eq!(sound, written);
    }
    let (lines, _) = store.page(None, 0, 100).await.expect("read");
    assert_eq!(lines.len(), 15);
    assert_eq!(store.charged(&tenant("bank"), Uuid::from_u128(1)).await.expect("counted"), 15);
}

pub async fn an_id_is_written_once(backend: &impl Backend) {
    let store = backend.open().await;
    with_credential(&store).await;
    store.record(transaction(1)).await.expect("recorded");
    let again = NewTransaction { wire_id: "another".to_owned(), ..transaction(1) };
    store.record(again).await.expect_err("the id is taken");
    assert_eq!(store.page(None, 0, 10).await.expect("read").0.len(), 1);
}

pub async fn a_conclusion_that_breaks_off_harms_nobody_else(backend: &impl Backend) {
    let store = backend.open().await;
    with_credential(&store).await;
    let broken = NewTransaction { finish: Box::new(|_| panic!("a defect")), ..transaction(1) };
    assert!(matches!(store.record(broken).await, Err(StoreError::Unfinished)));
    store.record(transaction(2)).await.expect("the store goes on");
}

pub async fn pages_follow_each_other_without_gap_or_overlap(backend: &impl Backend) {
    let store = backend.open().await;
    with_credential(&store).await;
    store.put(&credential(2, "shop", Dialect::Glair)).await.expect("put");
    for number in 1..=7u128 {
        let of_shop = number % 3 == 0;
        let (credential, of) = if of_shop { (2, "shop") } else { (1, "bank") };
        let new = NewTransaction {
            credential: Uuid::from_u128(credential),
            tenant: tenant(of),
            ..transaction(number)
        };
        store.record(new).await.expect("recorded");
    }
    let rows = [
        (None, vec![vec![1, 2, 3], vec![4, 5, 6], vec![7], vec![]]),
        (Some("bank"), vec![vec![1, 2, 4], vec![5, 7], vec![]]),
        (Some("shop"), vec![vec![3, 6], vec![]]),
        (Some("nobody"), vec![vec![]]),
    ];
    for (of, pages) in rows {
        let of = of.map(tenant);
        let mut after = 0;
        for expected in pages {
            let (lines, last) = store.page(of.as_ref(), after, 3).await.expect("read");
            let expected: Vec<_> =
                expected.into_iter().map(|number: u128| format!("wire-{number}")).collect();
            assert_eq!(
                lines.iter().map(|line| &line.wire_id).collect::<Vec<_>>(),
                expected.iter().collect::<Vec<_>>()
            );
            assert!(if lines.is_empty() { last == after } else { last > after });
            after = last;
        }
    }
}

pub async fn two_processes_write_at_once(backend: &impl Backend) {
    let stores = [Arc::new(backend.open().await), Arc::new(backend.open().await)];
    with_credential(&*stores[0]).await;
    let writes: Vec<_> = (0..200u128)
        .map(|number| {
            let store = Arc::clone(&stores[usize::try_from(number % 2).expect("0 or 1")]);
            let new = charged(number + 1, &[(ChargeItem::Certificate, 1)]);
            tokio::spawn(async move { store.record(new).await.map(drop) })
        })
        .collect();
    for write in writes {
        write.await.expect("joined").expect("recorded");
    }
    for store in stores {
        assert_eq!(store.charged(&tenant("bank"), Uuid::from_u128(1)).await.expect("counted"), 200);
        assert_eq!(store.page(None, 0, 1000).await.expect("read").0.len(), 200);
    }
}
