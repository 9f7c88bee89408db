//! `absah registry bench`: how fast people are found and compared.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use absah_core::claims::Claims;
use absah_core::policy::Policy;
use absah_core::tenant::TenantId;
use absah_registry::PopulationRegistry as _;
use absah_registry::local::LocalRegistry;
use clap::Args;
use serde_json::json;

use super::people::PeopleFile;
use super::{Common, Ending, print};
use crate::data_dir::DataDir;

/// Measure how fast people are found by their NIK and all their fields compared, in this process.
///
/// Takes the claims from a file that was imported, every one of them exactly as it is held, from all over the file. A
/// first round warms the caches. Ends with one JSON object: records, lookups, start_up_ms (opening the registry),
/// p50_us, p99_us (one after the other) and per_second (with --at-once of them under way; for the figure of one core run
/// it under `taskset -c 0`).
#[derive(Args)]
pub struct Bench {
    #[command(flatten)]
    common: Common,
    /// The file of people that was imported.
    #[arg(long, value_name = "FILE")]
    people: PathBuf,
    /// How many people are looked up.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    lookups: usize,
    /// How many lookups are under way at once when the rate is measured.
    #[arg(long, value_name = "N", default_value_t = 16)]
    at_once: usize,
}

impl Bench {
    pub async fn run(self) -> Ending {
        let config = self.common.config()?;
        let dir = DataDir::existing(&config)?;
        let scales = crate::vision::models(&config.vision)?.scales().clone();
        let started = Instant::now();
        let registry = dir.registry(&config, scales).await?;
        registry.ready().await?;
        let start_up = started.elapsed();
        let claims = Arc::new(sample(self.people, self.lookups)?);
        let asked =
            Arc::new(Asked { registry, tenant: TenantId::parse("bench")?, policy: Policy::default() });

        in_turn(&asked, &claims).await?;
        let mut times = in_turn(&asked, &claims).await?;
        times.sort_unstable();
        let started = Instant::now();
        at_once(&asked, &claims, self.at_once.max(1)).await?;
        let rate = claims.len() as f64 / started.elapsed().as_secs_f64();
        let told = |time: Duration| (time.as_secs_f64() * 1e7).round() / 10.0;
        let rank = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
        print(json!({
            "records": asked.registry.stats().await?.records,
            "lookups": claims.len(),
            "start_up_ms": (start_up.as_secs_f64() * 1e4).round() / 10.0,
            "p50_us": told(rank(0.5)),
            "p99_us": told(rank(0.99)),
            "per_second": rate.round(),
        }));
        Ok(ExitCode::SUCCESS)
    }
}

struct Asked {
    registry: Arc<LocalRegistry>,
    tenant: TenantId,
    policy: Policy,
}

impl Asked {
    async fn ask(&self, claims: &Claims) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        match self.registry.verify_claims(&self.tenant, claims, &self.policy).await? {
            absah_registry::ClaimsAnswer::NotFound => {
                Err("a person of the file is not held: import it first".into())
            }
            _ => Ok(()),
        }
    }
}

/// People from all over the file, in a scattered order.
fn sample(file: PathBuf, lookups: usize) -> Result<Vec<Claims>, Box<dyn std::error::Error>> {
    let (people, _) = PeopleFile::named(file).open(None)?;
    let mut sample: Vec<Claims> = Vec::with_capacity(lookups);
    // A reservoir whose draws are spread by a multiplier: the same people every time.
    for (seen, person) in people.enumerate() {
        let Ok(person) = person? else { continue };
        let claims = Claims { nik: person.record.nik, demographics: person.record.demographics };
        let spread = (seen as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let spread = (spread ^ (spread >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11;
        let place = usize::try_from(spread % (seen as u64 + 1))?;
        if sample.len() < lookups {
            sample.push(claims);
        } else if let Some(replaced) = sample.get_mut(place) {
            *replaced = claims;
        }
    }
    Ok(sample)
}

async fn in_turn(asked: &Asked, claims: &[Claims]) -> Result<Vec<Duration>, Box<dyn std::error::Error>> {
    let mut times = Vec::with_capacity(claims.len());
    for claims in claims {
        let started = Instant::now();
        asked.ask(claims).await.map_err(|error| error.to_string())?;
        times.push(started.elapsed());
    }
    Ok(times)
}

async fn at_once(
    asked: &Arc<Asked>,
    claims: &Arc<Vec<Claims>>,
    tasks: usize,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut running = tokio::task::JoinSet::new();
    for first in 0..tasks {
        let (asked, claims) = (Arc::clone(asked), Arc::clone(claims));
        running.spawn(async move {
            for claims in claims.iter().skip(first).step_by(tasks) {
                asked.ask(claims).await?;
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        });
    }
    while let Some(done) = running.join_next().await {
        done?.map_err(|error| error.to_string())?;
    }
    Ok(())
}
