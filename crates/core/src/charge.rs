//! What a transaction costs its caller.

/// A chargeable item of the price list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChargeItem {
    /// A refused liveness check, where nothing else was charged.
    Liveness,
    /// A certificate verification.
    Certificate,
    /// An identity and selfie verification that reached a match or a mismatch.
    IdSelfie,
    /// A basic verification.
    BasicVerification,
}

impl ChargeItem {
    /// Every item.
    pub const ALL: [Self; 4] = [Self::Liveness, Self::Certificate, Self::IdSelfie, Self::BasicVerification];

    /// Its name in price lists, the ledger and the history.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Liveness => "liveness",
            Self::Certificate => "certificate",
            Self::IdSelfie => "id_selfie",
            Self::BasicVerification => "basic_verification",
        }
    }

    /// The item of that name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.key() == key)
    }
}

/// Prices in whole rupiah; an item without a price is free of money but still recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceList([u64; ChargeItem::ALL.len()]);

impl PriceList {
    /// The price of an item, in whole rupiah.
    pub fn price(&self, item: ChargeItem) -> u64 {
        self.0[item as usize]
    }

    /// Sets the price of an item, in whole rupiah.
    pub fn set(&mut self, item: ChargeItem, rupiah: u64) {
        self.0[item as usize] = rupiah;
    }
}
