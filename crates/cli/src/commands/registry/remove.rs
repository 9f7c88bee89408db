//! `absah registry remove`: people taken out.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;

use absah_core::nik::Nik;
use clap::Args;
use serde_json::json;

use super::{Common, Ending, note, open, print};

/// NIKs that are removed together.
const TOGETHER: usize = 1_000;
/// The most bytes of a line that are looked at.
const LONGEST_LINE: u64 = 256;
/// Lines without a NIK that are shown.
const SHOWN: u64 = 10;

/// Take people out, with their templates and pictures. In SQLite what is deleted is overwritten; docs/scaling.md tells when in
/// PostgreSQL.
///
/// A running server answers at once that it does not know them. Ends with one JSON object: read, removed, not_held,
/// rejected.
#[derive(Args)]
pub struct Remove {
    #[command(flatten)]
    common: Common,
    /// A file with one NIK a line; a first line `nik` is a header.
    #[arg(long, value_name = "FILE")]
    nik_file: PathBuf,
}

impl Remove {
    pub async fn run(self) -> Ending {
        let told = |error| format!("{}: {error}", self.nik_file.display());
        let mut lines = BufReader::new(File::open(&self.nik_file).map_err(told)?);
        let registry = open(&self.common).await?;
        let (mut read, mut removed, mut rejected) = (0u64, 0u64, 0u64);
        let mut waiting = Vec::with_capacity(TOGETHER);
        let mut line = Vec::new();
        for number in 1u64.. {
            let Some(fits) = next_line(&mut lines, &mut line).map_err(told)? else { break };
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_start_matches('\u{feff}').trim().trim_matches('"');
            if text.is_empty() || (number == 1 && text.eq_ignore_ascii_case("nik")) {
                continue;
            }
            read += 1;
            match Nik::parse(text) {
                Ok(nik) if fits => waiting.push(nik),
                _ => {
                    rejected += 1;
                    if rejected <= SHOWN {
                        note(format_args!("line {number} is no NIK"));
                    }
                }
            }
            if waiting.len() == TOGETHER {
                removed += registry.remove_all(&waiting).await?;
                waiting.clear();
            }
        }
        removed += registry.remove_all(&waiting).await?;
        print(json!({
            "read": read,
            "removed": removed,
            "not_held": read - rejected - removed,
            "rejected": rejected,
        }));
        Ok(ExitCode::SUCCESS)
    }
}

/// Reads a line, of a long one its beginning alone: `false` then; `None` at the end.
fn next_line(lines: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<Option<bool>> {
    line.clear();
    if lines.by_ref().take(LONGEST_LINE).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    let whole = line.ends_with(b"\n") || (line.len() as u64) < LONGEST_LINE;
    if !whole {
        lines.skip_until(b'\n')?;
    }
    Ok(Some(whole))
}
