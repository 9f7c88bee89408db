//! Whose protocol a request speaks, and in which world it is answered.

/// A provider's wire protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// Kredibel certificate issuance.
    Kredibel,
    /// AccuAuth identity and selfie.
    Accuauth,
    /// GLAIR basic verification.
    Glair,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 3] = [Self::Kredibel, Self::Accuauth, Self::Glair];

    /// Its name in files and commands.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Kredibel => "kredibel",
            Self::Accuauth => "accuauth",
            Self::Glair => "glair",
        }
    }

    /// The dialect of that name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.key() == key)
    }

    /// The product this dialect sells.
    pub const fn product(self) -> Product {
        match self {
            Self::Kredibel => Product::CertificateIssuance,
            Self::Accuauth => Product::IdSelfie,
            Self::Glair => Product::BasicVerification,
        }
    }
}

/// What a credential may be permitted to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Product {
    /// Selfie, card, demographics and unique contacts, before a certificate is issued.
    CertificateIssuance,
    /// Selfie and, optionally, card against the registry.
    IdSelfie,
    /// Demographic fields against the registry.
    BasicVerification,
}

impl Product {
    /// Every product.
    pub const ALL: [Self; 3] = [Self::CertificateIssuance, Self::IdSelfie, Self::BasicVerification];

    /// Its name in files and commands.
    pub const fn key(self) -> &'static str {
        match self {
            Self::CertificateIssuance => "certificate_issuance",
            Self::IdSelfie => "id_selfie",
            Self::BasicVerification => "basic_verification",
        }
    }

    /// The product of that name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|product| product.key() == key)
    }
}

/// Whether answers come from the scenario table or from real checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Environment {
    /// Answers from the scenario table, free of charge.
    Sandbox,
    /// Real checks.
    Production,
}

impl Environment {
    /// Its name in files and commands.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Production => "production",
        }
    }

    /// The environment of that name.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Sandbox, Self::Production].into_iter().find(|environment| environment.key() == key)
    }
}
