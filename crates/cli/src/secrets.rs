//! Where secrets come from, and how they are told.

use absah_core::dialect::{Dialect, Environment};
use absah_engine::IdSource;
use absah_seal::Keyring;
use absah_store::Secrets;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Secrets nobody has seen before.
pub fn fresh(dialect: Dialect, environment: Environment, ids: &dyn IdSource) -> Secrets {
    let mut hash = Sha256::new();
    for _ in 0..2 {
        hash.update(ids.uuid().as_bytes());
    }
    Secrets::from_seed(dialect, environment, &hash.finalize().into())
}

/// The demo's secrets: they follow from the data directory's own random key, so that a second start knows them again
/// without having kept them.
pub fn of_demo(dialect: Dialect, environment: Environment, keyring: &Keyring) -> Secrets {
    let seed = keyring.derive(&format!("demo credential {} {}", dialect.key(), environment.key()));
    Secrets::from_seed(dialect, environment, &seed)
}

/// The sandbox's secrets: fixed and documented, so that a client's tests can have them in its repository. They open
/// nothing but made-up answers.
pub fn of_sandbox(dialect: Dialect) -> Secrets {
    match dialect {
        Dialect::Kredibel => Secrets::Kredibel { api_key: "absah-sandbox-kredibel".to_owned() },
        Dialect::Accuauth => Secrets::Accuauth {
            api_id: "absah-sandbox-accuauth".to_owned(),
            api_secret: "absah-sandbox-accuauth-secret".to_owned(),
        },
        Dialect::Glair => Secrets::Glair {
            username: "absah-sandbox".to_owned(),
            password: "absah-sandbox-password".to_owned(),
            api_key: "absah-sandbox-glair".to_owned(),
        },
    }
}

/// The secrets as a JSON object, under the names their dialect gives them.
pub fn to_json(secrets: &Secrets) -> Map<String, Value> {
    secrets.named().into_iter().map(|(name, secret)| (name.to_owned(), Value::from(secret))).collect()
}
