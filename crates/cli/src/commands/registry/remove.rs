//! `absah registry remove`: people taken out.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
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

/// Take people out, with their templates and pictures; what is deleted is overwritten.
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
        let (mut number, mut line) = (0u64, Vec::new());
        loop {
            line.clear();
            let more = lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(told)? > 0;
            if more {
                number += 1;
                let text = String::from_utf8_lossy(&line);
                let text = text.trim_start_matches('\u{feff}').trim().trim_matches('"');
                if text.is_empty() || (number == 1 && text.eq_ignore_ascii_case("nik")) {
                    continue;
                }
                read += 1;
                match Nik::parse(text) {
                    Ok(nik) => waiting.push(nik),
                    Err(error) => {
                        rejected += 1;
                        if rejected <= SHOWN {
                            note(format_args!("line {number}: {error}"));
                        }
                    }
                }
            }
            if waiting.len() == TOGETHER || !more {
                removed += registry.remove_all(&waiting).await?;
                waiting.clear();
            }
            if !more {
                break;
            }
        }
        print(json!({
            "read": read,
            "removed": removed,
            "not_held": read - rejected - removed,
            "rejected": rejected,
        }));
        Ok(ExitCode::SUCCESS)
    }
}
