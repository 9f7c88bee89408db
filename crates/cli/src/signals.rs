//! When to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Ends when the process is asked to stop: by SIGTERM, or by SIGINT from the keyboard.
pub async fn stop() {
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::error!(%error, "SIGTERM cannot be waited for; it will end the process at once");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => {
            if let Err(error) = interrupted {
                tracing::error!(%error, "SIGINT cannot be waited for");
                std::future::pending::<()>().await;
            }
        }
    }
}
