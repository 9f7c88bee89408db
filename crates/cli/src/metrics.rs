//! What the process counts, on an address of its own.

use std::error::Error;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusBuilder;

use crate::signals;

/// How often measurements that were not asked for are folded, so that they take no memory.
const UPKEEP: Duration = Duration::from_secs(5);

/// Counts from now on, and answers at `listen` until the process is asked to stop; nothing where that is empty.
pub fn serve(listen: &str) -> Result<(), Box<dyn Error>> {
    if listen.is_empty() {
        return Ok(());
    }
    let told = |error| format!("server.metrics_listen: cannot listen on {listen} ({error})");
    let listener = TcpListener::bind(listen).map_err(told)?;
    let address = listener.local_addr()?;
    let handle = PrometheusBuilder::new().install_recorder()?;
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    tokio::spawn(async move {
        if let Err(error) =
            absah_http::serve_metrics(listener, Arc::new(move || handle.render()), signals::stop()).await
        {
            tracing::error!(%error, "metrics are not served");
        }
    });
    tracing::info!(%address, "serving metrics");
    Ok(())
}
