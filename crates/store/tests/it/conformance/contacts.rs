//! Contacts belong to one subject within a domain; of two who claim one, the first commit wins.

use std::sync::Arc;

use absah_store::{ContactConflicts, NewTransaction, Transactions};

use super::Backend;
use super::people::{EMAIL, NIK, PHONE, claim, claiming, with_credential};

const OTHER_NIK: &str = "3217061012870002";

fn taken(phone: bool, email: bool) -> ContactConflicts {
    ContactConflicts { phone, email }
}

pub async fn a_contact_is_its_first_subjects(backend: &impl Backend) {
    let store = backend.open().await;
    with_credential(&store).await;
    let rows = [
        ("free", NIK, PHONE, EMAIL, taken(false, false)),
        ("one's own again", NIK, PHONE, EMAIL, taken(false, false)),
        ("both another's", OTHER_NIK, PHONE, EMAIL, taken(true, true)),
        ("the phone another's", OTHER_NIK, PHONE, "budi@contoh.id", taken(true, false)),
        ("the email another's", OTHER_NIK, "6289999999999", EMAIL, taken(false, true)),
        (
            "nothing was bound by the refused",
            OTHER_NIK,
            "6289999999999",
            "budi@contoh.id",
            taken(false, false),
        ),
        ("a second phone of one's own", NIK, "6287777777777", EMAIL, taken(false, false)),
        ("both of one's phones stay", OTHER_NIK, "6287777777777", "budi@contoh.id", taken(true, false)),
        ("a phone is no email", OTHER_NIK, EMAIL, PHONE, taken(false, false)),
    ];
    for (number, (case, nik, phone, email, expected)) in (1..).zip(rows) {
        let recorded = store.record(claiming(number, nik, phone, email)).await.expect(case);
        assert_eq!(recorded.conflicts, expected, "{case}");
    }
}

pub async fn another_domain_knows_nothing_of_it(backend: &impl Backend) {
    let store = backend.open().await;
    with_credential(&store).await;
    store.record(claiming(1, NIK, PHONE, EMAIL)).await.expect("recorded");
    let elsewhere = NewTransaction {
        contacts: Some(claim("another domain", OTHER_NIK, PHONE, EMAIL)),
        ..claiming(2, OTHER_NIK, PHONE, EMAIL)
    };
    let recorded = store.record(elsewhere).await.expect("recorded");
    assert_eq!(recorded.conflicts, taken(false, false));
}

pub async fn the_conclusion_is_told_of_the_conflicts(backend: &impl Backend) {
    use absah_store::History;

    let store = backend.open().await;
    with_credential(&store).await;
    store.record(claiming(1, NIK, PHONE, EMAIL)).await.expect("recorded");
    store.record(claiming(2, OTHER_NIK, PHONE, "budi@contoh.id")).await.expect("recorded");
    let (lines, _) = store.page(None, 0, 10).await.expect("read");
    let evidence: Vec<_> = lines.iter().map(|line| line.evidence.clone()).collect();
    assert_eq!(
        evidence,
        [
            serde_json::json!({ "phone": false, "email": false }),
            serde_json::json!({ "phone": true, "email": false })
        ]
    );
}

/// Two processes and many callers want the same phone: exactly one gets it.
pub async fn of_concurrent_claims_one_wins(backend: &impl Backend) {
    let stores = [Arc::new(backend.open().await), Arc::new(backend.open().await)];
    with_credential(&*stores[0]).await;
    let claims: Vec<_> = (0..40u128)
        .map(|number| {
            let store = Arc::clone(&stores[usize::try_from(number % 2).expect("0 or 1")]);
            let new = claiming(
                number + 1,
                &format!("32170610128700{number:02}"),
                PHONE,
                &format!("p{number}@contoh.id"),
            );
            tokio::spawn(async move { store.record(new).await.expect("recorded").conflicts.phone })
        })
        .collect();
    let mut winners = 0;
    for claim in claims {
        winners += usize::from(!claim.await.expect("joined"));
    }
    assert_eq!(winners, 1);
}
