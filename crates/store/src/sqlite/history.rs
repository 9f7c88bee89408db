//! Reading the history.

use absah_core::tenant::TenantId;
use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::{SqliteStore, told};
use crate::{History, HistoryLine, StoreError};

/// Lines a page holds at most, whatever is asked for.
const LONGEST_PAGE: u32 = 1000;

const OF_ALL: &str = "SELECT history.*, (
         SELECT json_group_array(json_array(item, rupiah))
         FROM (SELECT item, rupiah FROM ledger WHERE ledger.history = history.position ORDER BY line)
     ) AS charges
     FROM history WHERE position > ? ORDER BY position LIMIT ?";

const OF_TENANT: &str = "SELECT history.*, (
         SELECT json_group_array(json_array(item, rupiah))
         FROM (SELECT item, rupiah FROM ledger WHERE ledger.history = history.position ORDER BY line)
     ) AS charges
     FROM history WHERE tenant = ? AND position > ? ORDER BY position LIMIT ?";

const CORRUPT: StoreError = StoreError::Corrupt { table: "history" };

#[async_trait]
impl History for SqliteStore {
    async fn page(
        &self,
        tenant: Option<&TenantId>,
        after: i64,
        limit: u32,
    ) -> Result<(Vec<HistoryLine>, i64), StoreError> {
        // Two statements, since one with `tenant = ? OR ? IS NULL` would use no index.
        let query = match tenant {
            Some(tenant) => sqlx::query(OF_TENANT).bind(tenant.as_str()),
            None => sqlx::query(OF_ALL),
        };
        let rows =
            query.bind(after).bind(i64::from(limit.min(LONGEST_PAGE))).fetch_all(&self.readers).await?;
        let last = rows.last().map_or(Ok(after), |row| row.try_get("position"))?;
        Ok((rows.iter().map(line).collect::<Result<_, _>>()?, last))
    }
}

fn line(row: &SqliteRow) -> Result<HistoryLine, StoreError> {
    let charges: Vec<(String, u64)> = serde_json::from_str(row.try_get("charges")?).map_err(|_| CORRUPT)?;
    let rupiah = charges.iter().fold(0u64, |sum, (_, rupiah)| sum.saturating_add(*rupiah));
    let id = |column| row.try_get(column).map(|bytes: &[u8]| Uuid::from_slice(bytes));
    Ok(HistoryLine {
        id: id("id")?.map_err(|_| CORRUPT)?.to_string(),
        wire_id: row.try_get("wire_id")?,
        time: told(row.try_get("time")?, "history")?.to_string(),
        tenant: row.try_get("tenant")?,
        credential: id("credential")?.map_err(|_| CORRUPT)?.to_string(),
        dialect: row.try_get("dialect")?,
        environment: row.try_get("environment")?,
        outcome: row.try_get("outcome")?,
        status: u16::try_from(row.try_get::<i64, _>("status")?).map_err(|_| CORRUPT)?,
        charged: charges.into_iter().map(|(item, _)| item).collect(),
        rupiah,
        evidence: serde_json::from_str(row.try_get("evidence")?).map_err(|_| CORRUPT)?,
    })
}
