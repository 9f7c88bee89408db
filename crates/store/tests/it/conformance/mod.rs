//! What every store has to do, whatever database it stands on.

pub mod contacts;
pub mod credentials;
pub mod people;
pub mod transactions;

use absah_store::{Credentials, History, Transactions};

/// A database of its own for one case; every opening is a further process's view of it.
pub trait Backend {
    type Store: Credentials + Transactions + History + 'static;

    async fn open(&self) -> Self::Store;
}

/// One test a case, all on the same backend.
#[macro_export]
macro_rules! conformance {
    ($backend:expr; $($module:ident: $($case:ident),+;)+) => {
        $(mod $module {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                $crate::conformance::$module::$case(&$backend).await;
            })+
        })+
    };
}
