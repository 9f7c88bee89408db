//! The SQLite store keeps what every store has to keep.

use absah_store::sqlite::SqliteStore;
use tempfile::TempDir;

use crate::conformance::{Backend, people};

struct Sqlite(TempDir);

impl Sqlite {
    fn fresh() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }
}

impl Backend for Sqlite {
    type Store = SqliteStore;

    async fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.0.path().join("store.sqlite"), &people::master()).await.expect("opened")
    }
}

crate::conformance! { Sqlite::fresh();
    credentials:
        secrets_lead_to_the_credential_as_it_was_made,
        every_part_of_the_secrets_has_to_be_right,
        a_key_of_one_dialect_opens_no_other,
        made_again_it_gets_new_secrets_and_terms,
        what_is_anothers_is_refused,
        a_disabled_credential_is_unknown_at_once_everywhere,
        lists_are_of_one_tenant_or_of_all_the_oldest_first;
    contacts:
        a_contact_is_its_first_subjects,
        another_domain_knows_nothing_of_it,
        the_conclusion_is_told_of_the_conflicts,
        of_concurrent_claims_one_wins;
    transactions:
        what_was_recorded_is_told,
        a_used_wire_id_gives_way_to_the_spare,
        only_charged_answers_count,
        a_failing_write_leaves_its_neighbours_alone,
        an_id_is_written_once,
        a_conclusion_that_breaks_off_harms_nobody_else,
        pages_follow_each_other_without_gap_or_overlap,
        two_processes_write_at_once;
}
