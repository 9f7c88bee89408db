//! `absah registry export`: the people that are held, as a file.

use std::error::Error;
use std::fs::{OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::process::ExitCode;

use absah_registry::PeopleWriter;
use absah_registry::local::LocalRegistry;
use clap::Args;
use serde_json::json;

use super::super::progress::Bar;
use super::{Common, Ending, open, print};

/// People between two moves of the progress bar.
const STEP: usize = 10_000;

/// Write all records as CSV that `absah registry import` takes: to a file made for its owner alone, or to standard output.
///
/// This is the data itself, unsealed: look after the file. Templates and pictures are not exported.
#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    common: Common,
    /// The file to write; then one JSON object tells how many there were [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Export {
    pub async fn run(self) -> Ending {
        let registry = open(&self.common).await?;
        match self.out {
            None => {
                write_all(&registry, io::stdout().lock()).await?;
            }
            Some(path) => {
                let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
                let file = file.map_err(|error| format!("{}: {error}", path.display()))?;
                // One that was there already had a mode of its own.
                file.set_permissions(Permissions::from_mode(0o600))?;
                let people = write_all(&registry, &file).await?;
                file.sync_all()?;
                print(json!({ "people": people }));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn write_all(registry: &LocalRegistry, out: impl Write) -> Result<usize, Box<dyn Error>> {
    let all = usize::try_from(registry.stats().await?.records)?;
    let (bar, mut written) = (Bar::of("people")?, 0);
    let mut file = PeopleWriter::new(out)?;
    registry
        .each_record::<Box<dyn Error>>(|record| {
            file.write(&record)?;
            written += 1;
            if written % STEP == 0 {
                bar.tell(written, all);
            }
            Ok(())
        })
        .await?;
    file.finish()?;
    bar.clear();
    Ok(written)
}
