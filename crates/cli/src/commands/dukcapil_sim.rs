//! `absah dukcapil-sim`: the population registry's two services, simulated.

use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use absah_core::face::{Profile, Scales};
use absah_core::nik::Nik;
use absah_dukcapil_sim::{
    FaceMatcher, FaultRule, Identity, Institution, InstitutionState, MatchOutcome, NoFaces, Population,
    RsaKeys, Simulator, SimulatorSettings,
};
use absah_engine::{EnrolmentError, PortraitEnrolment};
use absah_registry::dukcapil::fresh_seed;
use async_trait::async_trait;
use bytes::Bytes;
use clap::Args;
use serde_json::json;

use super::registry::people::PeopleFile;
use super::{Common, Ending, note, print};
use crate::vision::Vision;
use crate::{logging, signals};

/// Simulate the population registry's two services, for people of a file.
///
/// Answers CALL_VERIFY_BY_ELEMEN and, where --portraits is given, CALL_FR, over TLS with a certificate of its own. Prints
/// one JSON object with where it listens and what a client has to trust, and runs until it is told to stop. What goes
/// wrong can be said at the start (--fault) and while it runs (PUT /sim/faults at the admin address): see
/// docs/dukcapil.md. For development and tests: it keeps people in memory and in the clear, so give it no real ones.
#[derive(Args)]
pub struct DukcapilSim {
    #[command(flatten)]
    common: Common,
    /// The file of people, with the columns of `absah registry import`.
    #[arg(long, value_name = "FILE")]
    people: PathBuf,
    /// The folder the portraits' paths start from; faces are compared by the models that `absah serve` uses.
    #[arg(long, value_name = "DIR")]
    portraits: Option<PathBuf>,
    /// Where the services listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Where a tester sets faults and reads counts, on this machine alone.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    admin: SocketAddr,
    /// Where certificate and keys are kept; they are made at the first start and used again: certificate.pem, key.pem,
    /// rsa.pem, rsa.public.pem.
    #[arg(long, value_name = "DIR", default_value = "dukcapil-sim")]
    tls_dir: PathBuf,
    /// Speak plain HTTP.
    #[arg(long)]
    no_tls: bool,
    /// The institution's user.
    #[arg(long, default_value = "user")]
    user: String,
    /// The user's password.
    #[arg(long, default_value = "password")]
    password: String,
    /// The institution's name in the addresses.
    #[arg(long, default_value = "customer")]
    customer: String,
    /// The address the institution registered [default: any].
    #[arg(long, value_name = "IP")]
    ip: Option<String>,
    /// The institution's state.
    #[arg(long, value_enum, default_value_t = State::Active)]
    state: State,
    /// Calls left for each service [default: without bound].
    #[arg(long, value_name = "N")]
    quota: Option<u64>,
    /// Write numbers and truths as texts.
    #[arg(long)]
    numbers_as_text: bool,
    /// What goes wrong, as JSON like {"kind":"hang"} or
    /// {"kind":"slow","milliseconds":500,"service":"face","rate":{"every":3}}; may be repeated, the first that applies
    /// happens.
    #[arg(long = "fault", value_name = "JSON", value_parser = fault)]
    faults: Vec<FaultRule>,
}

/// The state of the institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum State {
    Active,
    OutsideHours,
    Inactive,
    UserInactive,
}

fn fault(text: &str) -> Result<FaultRule, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

impl DukcapilSim {
    pub async fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let (people, rejected) = people(&self.people, self.portraits.as_deref())?;
        if rejected > 0 {
            note(format_args!("{rejected} rows are not in order and were left out"));
        }
        let matcher: Arc<dyn FaceMatcher> = match &self.portraits {
            None => Arc::new(NoFaces),
            Some(_) => Arc::new(Models::of(&Vision::start(&config.vision)?)?),
        };
        let seed = fresh_seed()?;
        let (keys, public_key) = RsaKeys::kept(&self.tls_dir, || seed)?;
        let (identity, certificate) = match self.no_tls {
            true => (None, None),
            false => {
                let host = self.listen.ip().to_string();
                let (identity, path) = Identity::kept(&self.tls_dir, &[&host, "localhost"])?;
                (Some(identity), Some(path))
            }
        };
        let pin = identity.as_ref().map(Identity::pin).transpose()?;
        let count = people.len();
        let scheme = if self.no_tls { "http" } else { "https" };
        let mut simulator = Simulator::start(self.settings(people, matcher, keys, identity)).await?;
        let address = simulator.address();
        print(json!({
            "url": format!("{scheme}://{address}"),
            "admin": format!("http://{}", simulator.admin_address()),
            "people": count,
            "certificate": certificate,
            "pin_sha256": pin,
            "rsa_public_key": public_key,
        }));
        tokio::select! {
            ended = simulator.ended() => ended?,
            () = signals::stop() => simulator.kill().await,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn settings(
        self,
        people: Population,
        matcher: Arc<dyn FaceMatcher>,
        keys: RsaKeys,
        identity: Option<Identity>,
    ) -> SimulatorSettings {
        SimulatorSettings {
            people: Arc::new(people),
            institution: Institution {
                customer_id: self.customer,
                user_id: self.user,
                password: self.password,
                ip: self.ip,
                state: match self.state {
                    State::Active => InstitutionState::Active,
                    State::OutsideHours => InstitutionState::OutsideHours,
                    State::Inactive => InstitutionState::Inactive,
                    State::UserInactive => InstitutionState::UserInactive,
                },
            },
            keys,
            matcher,
            identity,
            listen: self.listen,
            admin: self.admin,
            quota: self.quota,
            numbers_as_text: self.numbers_as_text,
            faults: self.faults,
        }
    }
}

fn people(file: &Path, portraits: Option<&Path>) -> Result<(Population, u64), Box<dyn Error>> {
    let (people, _) = PeopleFile::named(file.to_owned()).open(None)?;
    Ok(Population::read(people, portraits)?)
}

/// Compares faces by the models of this project.
struct Models {
    enrolment: PortraitEnrolment,
    scales: Scales,
}

impl Models {
    fn of(vision: &Vision) -> Result<Self, Box<dyn Error>> {
        let scales = vision.scales().ok_or("no model is loaded")?;
        Ok(Self { enrolment: PortraitEnrolment::new(vision.workers(), vision.budget()), scales })
    }

    async fn compare(&self, reference: &[u8], probe: &[u8]) -> Result<Option<f64>, EnrolmentError> {
        let reference = self.enrolment.template(Bytes::copy_from_slice(reference)).await?;
        let probe = self.enrolment.template(Bytes::copy_from_slice(probe)).await?;
        Ok(self.scales.compare(Profile::SelfiePortrait, &probe, &reference))
    }
}

#[async_trait]
impl FaceMatcher for Models {
    async fn score(&self, _nik: &Nik, reference: &[u8], probe: &[u8]) -> MatchOutcome {
        match self.compare(reference, probe).await {
            Ok(Some(score)) => MatchOutcome::Score(open_ended(score)),
            Ok(None)
            | Err(EnrolmentError::Unreadable(_) | EnrolmentError::NoFace | EnrolmentError::SeveralFaces) => {
                MatchOutcome::Unusable
            }
            Err(error @ (EnrolmentError::Busy | EnrolmentError::Model(_) | EnrolmentError::Worker(_))) => {
                tracing::warn!(%error, "a face could not be compared");
                MatchOutcome::Busy
            }
        }
    }
}

/// A score of 0 to 100 on a scale like the service's: the threshold of 75 lies at 5, the one most often agreed, and 100
/// at 10. It is the inverse of the map that a client has by default.
fn open_ended(score: f64) -> f64 {
    if score <= 75.0 { score / 15.0 } else { 5.0 + (score - 75.0) / 5.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_of_75_lies_at_5() {
        for (score, expected) in [(0.0, 0.0), (37.5, 2.5), (75.0, 5.0), (80.0, 6.0), (100.0, 10.0)] {
            assert!((open_ended(score) - expected).abs() < 1e-9, "{score}");
        }
    }

    #[test]
    fn a_fault_is_json_or_a_sentence_why_not() {
        assert!(fault(r#"{"kind":"hang","rate":{"first":2}}"#).is_ok());
        assert!(fault("hang").is_err());
        assert!(fault(r#"{"kind":"flood"}"#).expect_err("unknown").contains("flood"));
    }
}
