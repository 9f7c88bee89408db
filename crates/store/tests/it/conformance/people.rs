//! Credentials and transactions to test with.

use std::collections::BTreeSet;

use absah_core::charge::ChargeItem;
use absah_core::dialect::{Dialect, Environment};
use absah_core::tenant::TenantId;
use absah_seal::{Keyring, MasterKey, Purpose};
use absah_store::{
    Charge, Conclusion, ContactClaim, ContactConflicts, ContactKey, Credentials, Entry, NewCredential,
    NewTransaction, Secrets, Terms,
};
use jiff::Timestamp;
use uuid::Uuid;

pub const NIK: &str = "3217061012870001";
pub const PHONE: &str = "6281234567890";
pub const EMAIL: &str = "siti@contoh.id";

pub fn master() -> MasterKey {
    MasterKey::from_bytes([7; 32])
}

pub fn keyring() -> Keyring {
    Keyring::new(&master())
}

pub fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).expect("a tenant")
}

pub fn time(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).expect("a time")
}

pub fn secrets(dialect: Dialect, number: u8) -> Secrets {
    let part = |name: &str| format!("{name}-{number}-0123456789abcdef0123456789abcdef");
    match dialect {
        Dialect::Kredibel => Secrets::Kredibel { api_key: part("key") },
        Dialect::Accuauth => Secrets::Accuauth { api_id: part("id"), api_secret: part("secret") },
        Dialect::Glair => {
            Secrets::Glair { username: part("user"), password: part("pass:word"), api_key: part("key") }
        }
    }
}

pub fn credential(id: u128, of: &str, dialect: Dialect) -> NewCredential {
    NewCredential {
        id: Uuid::from_u128(id),
        tenant: tenant(of),
        environment: Environment::Production,
        label: format!("credential {id}"),
        products: BTreeSet::from([dialect.product()]),
        terms: Terms { quota: Some(10), ..Terms::default() },
        created_at: time(0),
        expires_at: Some(time(3600)),
        secrets: secrets(dialect, u8::try_from(id).expect("a small id")),
    }
}

/// Puts credential 1 of tenant `bank` in.
pub async fn with_credential(store: &impl Credentials) {
    store.put(&credential(1, "bank", Dialect::Kredibel)).await.expect("put");
}

/// An uncharged transaction of credential 1; `number` makes its ids.
pub fn transaction(number: u128) -> NewTransaction {
    NewTransaction {
        id: Uuid::from_u128(number),
        tenant: tenant("bank"),
        credential: Uuid::from_u128(1),
        dialect: Dialect::Kredibel,
        environment: Environment::Production,
        subject: Some(keyring().index(Purpose::new("subject"), NIK.as_bytes())),
        wire_id: format!("wire-{number}"),
        spare_wire_id: format!("spare-{number}"),
        contacts: None,
        reverse: None,
        finish: Box::new(|_| entry(&[])),
    }
}

pub fn charged(number: u128, charges: &'static [(ChargeItem, u64)]) -> NewTransaction {
    NewTransaction { finish: Box::new(move |_| entry(charges)), ..transaction(number) }
}

/// A transaction that claims contacts, concluded by what is found about them.
pub fn claiming(number: u128, nik: &str, phone: &str, email: &str) -> NewTransaction {
    NewTransaction {
        contacts: Some(claim("bank", nik, phone, email)),
        finish: Box::new(|conflicts: &ContactConflicts| Entry {
            evidence: serde_json::json!({ "phone": conflicts.phone, "email": conflicts.email }),
            ..entry(&[])
        }),
        ..transaction(number)
    }
}

pub fn claim(domain: &str, nik: &str, phone: &str, email: &str) -> ContactClaim {
    let key = |value: &str| ContactKey {
        indexes: keyring().indexes(Purpose::new("contact"), value.as_bytes()),
        sealed: keyring().seal(Purpose::new("contact"), domain.as_bytes(), value.as_bytes()).expect("sealed"),
    };
    ContactClaim {
        domain: domain.to_owned(),
        subject: keyring().indexes(Purpose::new("subject"), nik.as_bytes()),
        phone: key(phone),
        email: key(email),
    }
}

pub fn entry(charges: &[(ChargeItem, u64)]) -> Entry {
    Entry {
        conclusion: Conclusion { outcome: "verified", status: 200, time: time(5) },
        charges: charges.iter().map(|&(item, rupiah)| Charge { item, rupiah }).collect(),
        evidence: serde_json::json!({ "checks": [] }),
    }
}
