//! Calls to outside registries, and the outbox of what is to be told to them.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::writer::Write;
use super::{SqliteStore, stored, told};
use crate::{RegistryCall, RegistryCalls, RegistryUsage, ReverseEntry, StoreError};

/// Western Indonesian time, which months of reports are told in: seven hours ahead of UTC, without summer time.
const WIB_MICROSECONDS: i64 = 7 * 3600 * 1_000_000;

const USAGE: &str = "SELECT strftime('%Y-%m', (time + ?1) / 1000000, 'unixepoch') AS month,
         tenant, source, service, answer, count(*), sum(rupiah > 0), sum(rupiah)
     FROM registry_call WHERE time >= ?2 AND time < ?3
     GROUP BY month, tenant, source, service, answer ORDER BY month, tenant, source, service, answer";

const CORRUPT: StoreError = StoreError::Corrupt { table: "registry_call" };

#[async_trait]
impl RegistryCalls for SqliteStore {
    async fn record_call(&self, call: RegistryCall) -> Result<(), StoreError> {
        self.writer.submit(call).await
    }

    async fn usage(&self, from: Timestamp, until: Timestamp) -> Result<Vec<RegistryUsage>, StoreError> {
        let rows: Vec<(String, String, String, String, String, i64, i64, i64)> = sqlx::query_as(USAGE)
            .bind(WIB_MICROSECONDS)
            .bind(stored(from))
            .bind(stored(until))
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter()
            .map(|(month, tenant, source, service, answer, calls, charged, rupiah)| {
                let (calls, charged, rupiah) = (count(calls)?, count(charged)?, count(rupiah)?);
                Ok(RegistryUsage { month, tenant, source, service, answer, calls, charged, rupiah })
            })
            .collect()
    }

    async fn calls_since(&self, source: &str, since: Timestamp) -> Result<u64, StoreError> {
        let calls: i64 =
            sqlx::query_scalar("SELECT count(*) FROM registry_call WHERE source = ? AND time >= ?")
                .bind(source)
                .bind(stored(since))
                .fetch_one(&self.readers)
                .await?;
        count(calls)
    }

    async fn reverse_waiting(&self, after: i64, limit: u32) -> Result<Vec<ReverseEntry>, StoreError> {
        let rows: Vec<(i64, Vec<u8>, String, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT reverse_data.history, history.id, history.wire_id, history.time, reverse_data.sealed
             FROM reverse_data JOIN history ON history.position = reverse_data.history
             WHERE reverse_data.history > ? ORDER BY reverse_data.history LIMIT ?",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|(position, id, customer_key, time, sealed)| {
                let history = Uuid::from_slice(&id).map_err(|_| StoreError::Corrupt { table: "history" })?;
                let time = told(time, "history")?;
                Ok(ReverseEntry { position, history, customer_key, time, sealed })
            })
            .collect()
    }

    async fn forget_reverse(&self, positions: Vec<i64>) -> Result<(), StoreError> {
        self.writer.submit(Reported(positions)).await
    }
}

fn count(count: i64) -> Result<u64, StoreError> {
    u64::try_from(count).map_err(|_| CORRUPT)
}

#[async_trait]
impl Write for RegistryCall {
    type Answer = ();

    async fn write(&self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        let rupiah = i64::try_from(self.rupiah).map_err(|_| StoreError::PriceTooHigh)?;
        sqlx::query(
            "INSERT INTO registry_call (time, tenant, source, service, answer, rupiah) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(stored(self.time))
        .bind(self.tenant.as_str())
        .bind(&self.source)
        .bind(self.service)
        .bind(self.answer)
        .bind(rupiah)
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Entries of the outbox that were reported.
struct Reported(Vec<i64>);

#[async_trait]
impl Write for Reported {
    type Answer = ();

    async fn write(&self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        for position in &self.0 {
            sqlx::query("DELETE FROM reverse_data WHERE history = ?")
                .bind(position)
                .execute(&mut *db)
                .await?;
        }
        Ok(())
    }
}
