//! Making secrets.

use absah_core::dialect::{Dialect, Environment};
use sha2::{Digest, Sha256};

use crate::Secrets;

impl Secrets {
    /// The secrets of a dialect that follow from a seed: the same for the same seed, each with 160 bits of it.
    ///
    /// They start with what they are, so that a leaked one is recognised in a log or a repository.
    pub fn from_seed(dialect: Dialect, environment: Environment, seed: &[u8; 32]) -> Self {
        let world = match environment {
            Environment::Sandbox => "test",
            Environment::Production => "live",
        };
        let part = |name: &str| format!("absah_{name}_{world}_{}", hex(seed, name));
        match dialect {
            Dialect::Kredibel => Self::Kredibel { api_key: part("kredibel") },
            Dialect::Accuauth => Self::Accuauth { api_id: part("id"), api_secret: part("secret") },
            Dialect::Glair => {
                Self::Glair { username: part("user"), password: part("password"), api_key: part("glair") }
            }
        }
    }

    /// Each secret with the name it has in files.
    pub fn named(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Kredibel { api_key } => vec![("api_key", api_key)],
            Self::Accuauth { api_id, api_secret } => vec![("api_id", api_id), ("api_secret", api_secret)],
            Self::Glair { username, password, api_key } => {
                vec![("username", username), ("password", password), ("api_key", api_key)]
            }
        }
    }
}

/// 160 bits in hexadecimal that follow from seed and name, and tell nothing of either.
fn hex(seed: &[u8; 32], name: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"absah secret");
    hash.update(seed);
    hash.update(name.as_bytes());
    hash.finalize().iter().take(20).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_part_is_its_own_secret() {
        let mut seen = HashSet::new();
        for dialect in Dialect::ALL {
            for (name, secret) in Secrets::from_seed(dialect, Environment::Production, &[7; 32]).named() {
                assert!(seen.insert(secret.to_owned()), "{} {name}", dialect.key());
                assert!(secret.len() >= 50);
            }
        }
        assert_eq!(seen.len(), 6);
    }

    #[test]
    fn the_same_seed_gives_the_same_secrets() {
        let of = |seed| Secrets::from_seed(Dialect::Glair, Environment::Sandbox, &[seed; 32]);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }
}
