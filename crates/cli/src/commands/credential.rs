//! `absah credential`: who may ask.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use absah_core::charge::ChargeItem;
use absah_core::dialect::{Dialect, Environment, Product};
use absah_core::face::Profile;
use absah_core::tenant::TenantId;
use absah_engine::{Clock as _, IdSource as _, RandomIds, SystemClock};
use absah_store::{Credentials as _, NewCredential, Terms};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::eval::comparison::profile;
use super::{Common, Ending, note, print};
use crate::data_dir::DataDir;
use crate::{logging, secrets};

/// Make, list and disable credentials. A running server sees them at its next request.
#[derive(Subcommand)]
pub enum Credential {
    /// Make a credential and print its secrets: they are shown once, and only their digests are kept.
    Create(Box<Create>),
    /// List credentials, without secrets.
    List(List),
    /// Disable a credential: from then on it is unknown.
    Disable(Disable),
}

/// Make a credential.
#[derive(Args)]
pub struct Create {
    #[command(flatten)]
    common: Common,
    /// The protocol it speaks: kredibel, accuauth or glair.
    #[arg(long, value_parser = dialect)]
    dialect: Dialect,
    /// Sandbox answers from the scenario table, production from real checks.
    #[arg(long, value_parser = environment)]
    environment: Environment,
    /// Whose it is.
    #[arg(long, default_value = "default", value_parser = tenant)]
    tenant: TenantId,
    /// A name for people.
    #[arg(long, default_value = "")]
    label: String,
    /// When it ends, RFC 3339 (2027-01-01T00:00:00Z).
    #[arg(long, value_name = "TIME")]
    expires: Option<Timestamp>,
    /// What it may ask for (certificate_issuance, id_selfie, basic_verification; none): its dialect's product.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    products: Option<Vec<String>>,
    /// Requests a second.
    #[arg(long, value_name = "N")]
    per_second: Option<u32>,
    /// How many charged answers it may receive in all.
    #[arg(long, value_name = "N")]
    quota: Option<u64>,
    /// Sandbox only: check the content of pictures as in production.
    #[arg(long)]
    strict_images: bool,
    /// Comparison score of faces that has to be reached, and floor for what a caller asks, 0 to 100.
    #[arg(long, value_name = "SCORE", value_parser = percent)]
    face_threshold: Option<f64>,
    /// The same for one kind of comparison (selfie_portrait, selfie_card, card_portrait): profile=score. May be repeated.
    #[arg(long = "face-threshold-for", value_name = "PROFILE=SCORE", value_parser = profile_threshold)]
    face_thresholds: Vec<(Profile, f64)>,
    /// Similarity of names that has to be reached, 0 to 100.
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(0..=100))]
    name_threshold: Option<u8>,
    /// A price of its own, in whole rupiah: item=rupiah. May be repeated.
    #[arg(long = "price", value_name = "ITEM=RUPIAH", value_parser = price)]
    prices: Vec<(ChargeItem, u64)>,
    /// Contacts are unique within this domain, instead of within the tenant.
    #[arg(long, value_name = "NAME")]
    contact_domain: Option<String>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// List credentials.
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    common: Common,
    /// Only this tenant's.
    #[arg(long, value_parser = tenant)]
    tenant: Option<TenantId>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Disable a credential.
#[derive(Args)]
pub struct Disable {
    #[command(flatten)]
    common: Common,
    /// Its id, as `absah credential list` shows it.
    id: Uuid,
}

impl Credential {
    pub async fn run(self) -> Ending {
        match self {
            Self::Create(command) => command.run().await,
            Self::List(command) => command.run().await,
            Self::Disable(command) => command.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let store = DataDir::open(&config)?.store().await?;
        let secrets = secrets::fresh(self.dialect, self.environment, &RandomIds);
        let new = NewCredential {
            id: RandomIds.uuid(),
            products: self.permitted()?,
            tenant: self.tenant,
            environment: self.environment,
            label: self.label,
            terms: Terms {
                per_second: self.per_second,
                quota: self.quota,
                strict_images: self.strict_images,
                face_threshold: self.face_threshold,
                face_thresholds: self.face_thresholds.into_iter().collect(),
                name_threshold: self.name_threshold,
                prices: self
                    .prices
                    .iter()
                    .map(|(item, rupiah)| (item.key().to_owned(), *rupiah))
                    .collect::<BTreeMap<_, _>>(),
                contact_domain: self.contact_domain,
            },
            created_at: SystemClock.now(),
            expires_at: self.expires,
            secrets,
        };
        store.put(&new).await?;
        let mut told: Map<String, Value> = Map::new();
        told.insert("id".to_owned(), json!(new.id.to_string()));
        told.insert("dialect".to_owned(), json!(self.dialect.key()));
        told.insert("environment".to_owned(), json!(self.environment.key()));
        told.extend(secrets::to_json(&new.secrets));
        if self.json {
            print(Value::Object(told));
        } else {
            for (key, value) in &told {
                print(format_args!("{key:<12} {}", value.as_str().unwrap_or_default()));
            }
            note("The secrets are shown this once.");
        }
        Ok(ExitCode::SUCCESS)
    }

    fn permitted(&self) -> Result<BTreeSet<Product>, String> {
        let Some(names) = &self.products else { return Ok([self.dialect.product()].into()) };
        names.iter().filter(|name| *name != "none").map(|name| product(name)).collect()
    }
}

impl List {
    async fn run(self) -> Ending {
        let config = self.common.config()?;
        let store = DataDir::existing(&config)?.store().await?;
        for credential in store.list(self.tenant.as_ref()).await? {
            let state = if credential.disabled { "disabled" } else { "active" };
            let products: Vec<_> = credential.products.iter().map(|product| product.key()).collect();
            if self.json {
                print(json!({
                    "id": credential.id.to_string(),
                    "tenant": credential.tenant.as_str(),
                    "dialect": credential.dialect.key(),
                    "environment": credential.environment.key(),
                    "label": credential.label,
                    "state": state,
                    "products": products,
                    "terms": credential.terms,
                    "created_at": credential.created_at.to_string(),
                    "expires_at": credential.expires_at.map(|end| end.to_string()),
                }));
            } else {
                print(format_args!(
                    "{}  {:<9} {:<10} {:<8} {:<16} {}",
                    credential.id,
                    credential.dialect.key(),
                    credential.environment.key(),
                    state,
                    credential.tenant,
                    credential.label
                ));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Disable {
    async fn run(self) -> Ending {
        let config = self.common.config()?;
        let store = DataDir::existing(&config)?.store().await?;
        if store.set_disabled(self.id, true).await? {
            note(format_args!("{} is disabled", self.id));
            return Ok(ExitCode::SUCCESS);
        }
        Err(format!("there is no credential {}; `absah credential list` shows them", self.id).into())
    }
}

fn dialect(text: &str) -> Result<Dialect, String> {
    Dialect::from_key(text).ok_or_else(|| one_of(Dialect::ALL.map(Dialect::key).as_slice()))
}

fn environment(text: &str) -> Result<Environment, String> {
    Environment::from_key(text).ok_or_else(|| one_of(&["sandbox", "production"]))
}

fn product(text: &str) -> Result<Product, String> {
    Product::from_key(text).ok_or_else(|| one_of(Product::ALL.map(Product::key).as_slice()))
}

fn tenant(text: &str) -> Result<TenantId, absah_core::tenant::InvalidTenant> {
    TenantId::parse(text)
}

fn percent(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|score| (0.0..=100.0).contains(score))
        .ok_or_else(|| "has to be 0 to 100".to_owned())
}

fn profile_threshold(text: &str) -> Result<(Profile, f64), String> {
    let (name, score) = text.split_once('=').ok_or("has to be PROFILE=SCORE")?;
    Ok((profile(name)?, percent(score)?))
}

fn price(text: &str) -> Result<(ChargeItem, u64), String> {
    let sound = text
        .split_once('=')
        .and_then(|(item, rupiah)| Some((ChargeItem::from_key(item)?, rupiah.parse().ok()?)));
    sound.ok_or_else(|| {
        format!("has to be ITEM=RUPIAH, ITEM {}", one_of(ChargeItem::ALL.map(ChargeItem::key).as_slice()))
    })
}

fn one_of(names: &[&str]) -> String {
    format!("has to be one of {}", names.join(", "))
}
