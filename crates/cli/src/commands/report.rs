//! `absah report`: what an institution with access to the registry has to tell it.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::process::ExitCode;

use absah_core::nik::Nik;
use absah_engine::REVERSE_DATA;
use absah_store::{RegistryCalls as _, RegistryUsage};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::{Offset, TimeZone};
use serde_json::json;

use super::{Common, Ending, note, print};
use crate::data_dir::DataDir;

/// Entries of the outbox read and marked at a time.
const PAGE: u32 = 1_000;
/// Halves of a year are those of western Indonesian time.
const WIB: Offset = Offset::constant(7);

/// Reports to the population registry: how it was used, and for whom.
#[derive(Subcommand)]
pub enum Report {
    Usage(Usage),
    Reverse(Reverse),
}

impl Report {
    pub async fn run(self) -> Ending {
        match self {
            Self::Usage(command) => command.run().await,
            Self::Reverse(command) => command.run().await,
        }
    }
}

/// Say how often outside registries were called in half a year, and what that cost: a table, then one JSON object.
///
/// Months and halves are those of western Indonesian time. Calls to the embedded registry cost nothing and are not
/// counted.
#[derive(Args)]
pub struct Usage {
    #[command(flatten)]
    common: Common,
    /// The half: 2026H1 is January to June 2026, 2026H2 July to December.
    #[arg(long, value_name = "HALF", value_parser = Half::parse)]
    half: Half,
}

/// Write down which NIKs were used for verified people, under the key the institution knows each by: nik, customer_key
/// (the id the caller was given) and used_at.
///
/// Numbers are kept for this, sealed, where registry.reverse_data is on, and forgotten once they are written down here. This
/// is personal data, unsealed: look after the file.
#[derive(Args)]
pub struct Reverse {
    #[command(flatten)]
    common: Common,
    /// The file to write, made for its owner alone; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Do not forget them: the next report will hold them again.
    #[arg(long)]
    keep: bool,
}

/// Half a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Half {
    year: i16,
    second: bool,
}

impl Half {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no half of a year: write it like 2026H1");
        let (year, half) = text.split_once(['H', 'h']).ok_or_else(wrong)?;
        let digits = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        let year =
            year.parse().ok().filter(|year| digits && (2000..9999).contains(year)).ok_or_else(wrong)?;
        match half {
            "1" => Ok(Self { year, second: false }),
            "2" => Ok(Self { year, second: true }),
            _ => Err(wrong()),
        }
    }

    /// From its first moment up to the next half's.
    fn bounds(self) -> Result<(Timestamp, Timestamp), jiff::Error> {
        let (first, next) = match self.second {
            false => (date(self.year, 1, 1), date(self.year, 7, 1)),
            true => (date(self.year, 7, 1), date(self.year + 1, 1, 1)),
        };
        let zone = TimeZone::fixed(WIB);
        Ok((first.to_zoned(zone.clone())?.timestamp(), next.to_zoned(zone)?.timestamp()))
    }
}

impl std::fmt::Display for Half {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}H{}", self.year, if self.second { 2 } else { 1 })
    }
}

/// Calls of one source and service.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Total {
    calls: u64,
    charged: u64,
    rupiah: u64,
}

impl Usage {
    async fn run(self) -> Ending {
        let config = self.common.config()?;
        let store = DataDir::existing(&config)?.store().await?;
        let (from, until) = self.half.bounds()?;
        let usage = store.usage(from, until).await?;
        let totals = totals(&usage);
        note(format_args!(
            "{:<16} {:<14} {:>12} {:>12} {:>16}",
            "source", "service", "calls", "charged", "rupiah"
        ));
        for ((source, service), Total { calls, charged, rupiah }) in &totals {
            note(format_args!("{source:<16} {service:<14} {calls:>12} {charged:>12} {rupiah:>16}"));
        }
        let totals: Vec<_> = totals
            .into_iter()
            .map(|((source, service), Total { calls, charged, rupiah })| {
                json!({ "source": source, "service": service, "calls": calls, "charged": charged, "rupiah": rupiah })
            })
            .collect();
        print(json!({
            "half": self.half.to_string(),
            "from": from.to_string(),
            "until": until.to_string(),
            "calls": usage.iter().map(|row| row.calls).sum::<u64>(),
            "rupiah": usage.iter().map(|row| row.rupiah).sum::<u64>(),
            "totals": totals,
            "months": usage,
        }));
        Ok(ExitCode::SUCCESS)
    }
}

fn totals(usage: &[RegistryUsage]) -> BTreeMap<(String, String), Total> {
    let mut totals = BTreeMap::<_, Total>::new();
    for row in usage {
        let total = totals.entry((row.source.clone(), row.service.clone())).or_default();
        total.calls += row.calls;
        total.charged += row.charged;
        total.rupiah += row.rupiah;
    }
    totals
}

impl Reverse {
    async fn run(self) -> Ending {
        let config = self.common.config()?;
        let store = DataDir::existing(&config)?.store().await?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.out);
        let file = file.map_err(|error| format!("{}: {error}", self.out.display()))?;
        let mut out = csv::Writer::from_writer(&file);
        out.write_record(["nik", "customer_key", "used_at"])?;
        let (mut after, mut positions) = (0, Vec::new());
        loop {
            let page = store.reverse_waiting(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.position;
            for entry in page {
                let nik = store.keyring().open(REVERSE_DATA, entry.history.as_bytes(), &entry.sealed)?;
                let nik = Nik::parse(std::str::from_utf8(&nik)?)?;
                out.write_record([nik.expose(), &entry.customer_key, &entry.time.to_string()])?;
                positions.push(entry.position);
            }
        }
        out.flush()?;
        drop(out);
        // What is forgotten here has to be on disk there.
        file.sync_all()?;
        let reported = positions.len();
        if !self.keep {
            for some in positions.chunks(PAGE as usize) {
                store.forget_reverse(some.to_vec()).await?;
            }
        }
        store.close().await;
        print(json!({ "numbers": reported, "forgotten": !self.keep }));
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_read_and_bounded_in_western_indonesian_time() {
        for (text, from, until) in [
            ("2026H1", "2025-12-31T17:00:00Z", "2026-06-30T17:00:00Z"),
            ("2026h2", "2026-06-30T17:00:00Z", "2026-12-31T17:00:00Z"),
        ] {
            let half = Half::parse(text).expect(text);
            let (first, next) = half.bounds().expect(text);
            assert_eq!((first.to_string(), next.to_string()), (from.to_owned(), until.to_owned()));
            assert_eq!(half.to_string(), text.to_uppercase());
        }
        for text in ["2026", "9999H2", "2026H3", "26H1", "+026H1", "H1", "2026H1x", "1999H1", ""] {
            Half::parse(text).expect_err(text);
        }
    }

    #[test]
    fn totals_are_by_source_and_service_and_only_paid_calls_are_charged() {
        let row = |service: &str, answer: &str, calls, charged, rupiah| RegistryUsage {
            month: "2026-01".to_owned(),
            tenant: "bank".to_owned(),
            source: "dukcapil".to_owned(),
            service: service.to_owned(),
            answer: answer.to_owned(),
            calls,
            charged,
            rupiah,
        };
        let usage = [
            row("face", "verdict", 2, 2, 6000),
            row("face", "timeout", 5, 1, 3000),
            row("demographics", "verdict", 3, 3, 3000),
        ];
        let expected = [
            (
                ("dukcapil".to_owned(), "demographics".to_owned()),
                Total { calls: 3, charged: 3, rupiah: 3000 },
            ),
            (("dukcapil".to_owned(), "face".to_owned()), Total { calls: 7, charged: 3, rupiah: 9000 }),
        ];
        assert_eq!(totals(&usage), expected.into());
    }
}
