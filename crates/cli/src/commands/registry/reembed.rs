//! `absah registry reembed`: templates of the model that serves now.

use std::path::PathBuf;
use std::process::ExitCode;

use absah_registry::local::{ReembedOptions, Reembedded};
use clap::Args;
use serde_json::json;

use super::super::progress::Bar;
use super::import::Encoding;
use super::people::PeopleFile;
use super::{Common, Ending, print};
use crate::data_dir::DataDir;
use crate::logging;

/// Make templates of the model that serves now, for people who have none of it.
///
/// Takes the pictures that were kept (`import --keep-pictures`), or those a file names. The server goes on comparing with
/// the old model's templates until it is started with the new one. Broken off, it can be started again: it goes on with
/// those who still lack a template. Ends with one JSON object: embedded, rejected, skipped, dropped.
#[derive(Args)]
pub struct Reembed {
    #[command(flatten)]
    common: Common,
    /// A file of people with portraits, as it was imported, instead of the pictures that were kept.
    #[arg(long, value_name = "FILE", requires = "portraits")]
    people: Option<PathBuf>,
    /// The folder its portraits' paths start from.
    #[arg(long, value_name = "DIR", requires = "people")]
    portraits: Option<PathBuf>,
    /// Then remove the templates of this model, by name and version as `absah registry stats` lists it.
    #[arg(long, value_name = "MODEL")]
    drop: Option<String>,
    /// Remove them also of people who have none of the model that serves: their faces are without a reference then.
    #[arg(long, requires = "drop")]
    even_so: bool,
}

impl Reembed {
    pub async fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let dir = DataDir::existing(&config)?;
        let encoding = Encoding::start(&config, true)?;
        let registry = dir.registry(&config, encoding.scales).await?;
        if self.drop.as_deref() == Some(&**registry.model()) {
            return Err(format!("{} is the model that serves: its templates stay", registry.model()).into());
        }
        let bar = Bar::of("people")?;
        // How many a file names is not known before it was read.
        let all =
            if self.people.is_none() { usize::try_from(registry.count_to_reembed().await?)? } else { 0 };
        let options = ReembedOptions {
            encoder: encoding.encoder,
            threads: encoding.threads,
            progress: &mut |so_far: &Reembedded| {
                let done = so_far.embedded + so_far.rejected + so_far.skipped;
                let done = usize::try_from(done).unwrap_or(usize::MAX);
                bar.tell(done, all.max(done));
            },
        };
        let done = match (self.people, self.portraits) {
            (Some(file), Some(portraits)) => {
                let (people, _) = PeopleFile::named(file).open(None)?;
                registry.reembed_from(people, &portraits, options).await?
            }
            _ => registry.reembed(options).await?,
        };
        bar.clear();
        let dropped = match self.drop {
            Some(model) => {
                let depend = registry.depend_on(&model).await?;
                if depend > 0 && !self.even_so {
                    let why = "have no other template: bring their portraits (--people), or drop theirs too (--even-so)";
                    return Err(format!("{depend} people {why}").into());
                }
                registry.drop_model(&model).await?
            }
            None => 0,
        };
        let Reembedded { embedded, rejected, skipped } = done;
        print(json!({ "embedded": embedded, "rejected": rejected, "skipped": skipped, "dropped": dropped }));
        Ok(ExitCode::SUCCESS)
    }
}
