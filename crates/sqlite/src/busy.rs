//! Waiting for another process that writes to the same file.

use std::time::Duration;

/// Pauses after SQLite's own waiting has come to an end: 20, 40, 80 and 160 ms.
const PAUSES: u32 = 4;
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// Whether the error says that another connection holds the lock: `SQLITE_BUSY` (5) or `SQLITE_LOCKED` (6).
///
/// The extended codes carry the primary one in their lowest byte (<https://www.sqlite.org/rescode.html>).
pub fn is_busy(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    error.code().and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| matches!(code & 0xff, 5 | 6))
}

/// A bounded number of growing pauses between attempts at something another process holds the lock of.
///
/// SQLite's busy timeout covers most waiting; some locks (the switch to WAL, the recovery after a crash, a snapshot
/// that went stale) are refused at once, and those are what this is for.
#[derive(Debug)]
pub struct Patience {
    left: u32,
    pause: Duration,
}

impl Patience {
    /// All pauses are still to come.
    pub fn new() -> Self {
        Self { left: PAUSES, pause: FIRST_PAUSE }
    }

    /// Waits for the next pause; `false` at once where all have been used.
    pub async fn wait(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        tokio::time::sleep(self.pause).await;
        self.left -= 1;
        self.pause *= 2;
        true
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn patience_ends() {
        let mut patience = Patience::new();
        for _ in 0..PAUSES {
            assert!(patience.wait().await);
        }
        assert!(!patience.wait().await);
    }
}
