//! `absah history`: what was recorded.

use std::io::{BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use absah_core::tenant::TenantId;
use absah_store::{History as _, HistoryLine};
use clap::{Args, ValueEnum};

use super::{Common, Ending};
use crate::data_dir::DataDir;

/// Lines read at a time.
const PAGE: u32 = 1_000;

/// Print every recorded transaction, the oldest first. No line holds personal data.
#[derive(Args)]
pub struct History {
    #[command(flatten)]
    common: Common,
    /// Only this tenant's.
    #[arg(long)]
    tenant: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// One JSON object a line.
    Jsonl,
}

impl History {
    pub async fn run(self) -> Ending {
        let config = self.common.config()?;
        let store = DataDir::existing(&config)?.store().await?;
        let tenant = self.tenant.as_deref().map(TenantId::parse).transpose()?;
        let Format::Jsonl = self.format;
        let mut out = BufWriter::new(std::io::stdout().lock());
        let mut after = 0;
        loop {
            let (lines, last) = store.page(tenant.as_ref(), after, PAGE).await?;
            if lines.is_empty() {
                break;
            }
            match lines.iter().try_for_each(|line| write_line(&mut out, line)) {
                // Whoever read has seen enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
                written => written?,
            }
            after = last;
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

fn write_line(out: &mut impl Write, line: &HistoryLine) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
