//! Credentials: found by their secrets alone, made again without harm, disabled at once.

use absah_core::dialect::{Dialect, Environment};
use absah_store::{Credentials, NewCredential, Secrets, StoreError, Terms};
use uuid::Uuid;

use super::Backend;
use super::people::{credential, secrets, tenant, time};

pub async fn secrets_lead_to_the_credential_as_it_was_made(backend: &impl Backend) {
    let store = backend.open().await;
    for (id, dialect) in (1..).zip(Dialect::ALL) {
        let new = credential(id, "bank", dialect);
        store.put(&new).await.expect("put");
        let found = store.authenticate(&new.secrets).await.expect("asked").expect("found");
        let NewCredential {
            id,
            tenant,
            environment,
            label,
            products,
            terms,
            created_at,
            expires_at,
            secrets,
        } = new;
        assert_eq!(
            (found.id, found.tenant, found.dialect, found.environment, found.label, found.disabled),
            (id, tenant, dialect, environment, label, false)
        );
        assert_eq!(
            (found.products, found.terms, found.created_at, found.expires_at),
            (products, terms, created_at, expires_at)
        );
        assert!(found.proof.holds(&secrets));
    }
}

pub async fn every_part_of_the_secrets_has_to_be_right(backend: &impl Backend) {
    let store = backend.open().await;
    for (id, dialect) in (1..).zip(Dialect::ALL) {
        store.put(&credential(id, "bank", dialect)).await.expect("put");
    }
    let changed = |text: &str, at: usize| {
        let mut bytes = text.as_bytes().to_vec();
        let at = at.min(bytes.len() - 1);
        bytes[at] ^= 1;
        String::from_utf8(bytes).expect("text")
    };
    for at in [0, usize::MAX] {
        let mut wrong = Vec::new();
        if let Secrets::Kredibel { api_key } = &secrets(Dialect::Kredibel, 1) {
            wrong.push(Secrets::Kredibel { api_key: changed(api_key, at) });
        }
        if let Secrets::Accuauth { api_id, api_secret } = &secrets(Dialect::Accuauth, 2) {
            wrong.push(Secrets::Accuauth { api_id: changed(api_id, at), api_secret: api_secret.clone() });
            wrong.push(Secrets::Accuauth { api_id: api_id.clone(), api_secret: changed(api_secret, at) });
        }
        if let Secrets::Glair { username, password, api_key } = &secrets(Dialect::Glair, 3) {
            let glair = |username: &str, password: &str, api_key: &str| Secrets::Glair {
                username: username.to_owned(),
                password: password.to_owned(),
                api_key: api_key.to_owned(),
            };
            wrong.push(glair(&changed(username, at), password, api_key));
            wrong.push(glair(username, &changed(password, at), api_key));
            wrong.push(glair(username, password, &changed(api_key, at)));
            // The parts run together to the same text, but are cut elsewhere.
            wrong.push(glair(&format!("{username}p"), &password[1..], api_key));
        }
        for secrets in wrong {
            assert_eq!(store.authenticate(&secrets).await.expect("asked"), None, "{secrets:?}");
        }
    }
}

pub async fn a_key_of_one_dialect_opens_no_other(backend: &impl Backend) {
    let store = backend.open().await;
    let new = credential(1, "bank", Dialect::Kredibel);
    store.put(&new).await.expect("put");
    let Secrets::Kredibel { api_key } = &new.secrets else { unreachable!("a Kredibel credential") };
    let same_key =
        Secrets::Glair { username: String::new(), password: String::new(), api_key: api_key.clone() };
    assert_eq!(store.authenticate(&same_key).await.expect("asked"), None);
}

pub async fn made_again_it_gets_new_secrets_and_terms(backend: &impl Backend) {
    let store = backend.open().await;
    let old = credential(1, "bank", Dialect::Glair);
    store.put(&old).await.expect("put");
    let new = NewCredential {
        secrets: secrets(Dialect::Glair, 9),
        terms: Terms { quota: None, per_second: Some(3), ..Terms::default() },
        created_at: time(99),
        ..old.clone()
    };
    for _ in 0..2 {
        store.put(&new).await.expect("put again");
        assert_eq!(store.authenticate(&old.secrets).await.expect("asked"), None);
        let found = store.authenticate(&new.secrets).await.expect("asked").expect("found");
        assert_eq!((found.terms, found.created_at), (new.terms.clone(), time(0)), "the time of making stays");
    }
    assert_eq!(store.list(None).await.expect("listed").len(), 1);
}

pub async fn what_is_anothers_is_refused(backend: &impl Backend) {
    let store = backend.open().await;
    let first = credential(1, "bank", Dialect::Kredibel);
    store.put(&first).await.expect("put");
    for (case, new) in [
        ("the id with another tenant", NewCredential { tenant: tenant("shop"), ..first.clone() }),
        ("the id in another world", NewCredential { environment: Environment::Sandbox, ..first.clone() }),
        (
            "the id with another dialect",
            NewCredential { secrets: secrets(Dialect::Glair, 1), ..first.clone() },
        ),
        ("the secrets under another id", NewCredential { id: Uuid::from_u128(2), ..first.clone() }),
    ] {
        let refused = store.put(&new).await;
        assert!(matches!(refused, Err(StoreError::Taken { .. })), "{case}: {refused:?}");
    }
    let listed = store.list(None).await.expect("listed");
    assert_eq!(listed.iter().map(|found| &found.tenant).collect::<Vec<_>>(), [&first.tenant]);
}

pub async fn a_disabled_credential_is_unknown_at_once_everywhere(backend: &impl Backend) {
    let (server, command) = (backend.open().await, backend.open().await);
    let new = credential(1, "bank", Dialect::Accuauth);
    command.put(&new).await.expect("put");
    assert!(server.authenticate(&new.secrets).await.expect("asked").is_some(), "made by another process");
    assert!(command.set_disabled(new.id, true).await.expect("disabled"));
    assert_eq!(server.authenticate(&new.secrets).await.expect("asked"), None);
    assert!(!command.set_disabled(Uuid::from_u128(404), true).await.expect("asked"), "no such credential");
    command.put(&new).await.expect("put again");
    assert_eq!(
        server.authenticate(&new.secrets).await.expect("asked"),
        None,
        "making it again enables nothing"
    );
    assert!(server.list(None).await.expect("listed")[0].disabled);
    assert!(command.set_disabled(new.id, false).await.expect("enabled"));
    assert!(server.authenticate(&new.secrets).await.expect("asked").is_some(), "enabled again");
}

pub async fn lists_are_of_one_tenant_or_of_all_the_oldest_first(backend: &impl Backend) {
    let store = backend.open().await;
    for (id, of, second) in [(1, "bank", 30), (2, "shop", 20), (3, "bank", 10)] {
        let new = credential(id, of, Dialect::Kredibel);
        store.put(&NewCredential { created_at: time(second), ..new }).await.expect("put");
    }
    for (of, expected) in [(None, vec![3, 2, 1]), (Some("bank"), vec![3, 1]), (Some("nobody"), vec![])] {
        let of = of.map(tenant);
        let listed = store.list(of.as_ref()).await.expect("listed");
        assert_eq!(listed.iter().map(|found| found.id.as_u128()).collect::<Vec<_>>(), expected);
    }
}
