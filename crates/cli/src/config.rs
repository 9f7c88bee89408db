//! Configuration: the defaults file, then a file, then the environment.

mod local;
mod sealing;
mod sources;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use absah_core::charge::{ChargeItem, PriceList};
use absah_core::face::Profile;
use absah_core::policy::{Policy, QualityPolicy};
use serde::Deserialize;
use toml::{Table, Value};

pub use local::{Local, LocalError};
pub use sealing::{Sealing, SealingError};
pub use sources::OutsideSource;

/// The defaults, and what each key means.
const DEFAULTS: &str = include_str!("../absah.default.toml");
/// The most MiB of a budget: a TiB.
const MAX_MIB: usize = 1 << 20;
/// What the environment variables of the configuration start with.
const PREFIX: &str = "ABSAH_";

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub log: Log,
    pub vision: Vision,
    pub sealing: Sealing,
    pub registry: Registry,
    pub limits: Limits,
    pub policy: Policy,
    pub prices: Prices,
}

/// Listening and bounds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: String,
    pub metrics_listen: String,
    pub data_dir: PathBuf,
    pub kredibel_prefix: String,
    pub header_timeout_seconds: u64,
    pub body_timeout_seconds: u64,
    pub max_connections: usize,
    pub body_budget_mib: usize,
    pub shutdown_seconds: u64,
    pub node: u16,
}

/// Logging.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub filter: String,
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Json,
    Text,
}

/// Pictures and models.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vision {
    pub threads: usize,
    pub queue: usize,
    pub pixel_budget_mib: usize,
    pub models: PathBuf,
    pub runtime: PathBuf,
    pub detector: String,
    pub recogniser: String,
    pub presentation_attack: String,
    pub calibration: BTreeMap<Profile, Fitted>,
}

/// A scale of scores as `absah calibrate` wrote it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fitted {
    pub model: String,
    pub anchors: Vec<(f32, f64)>,
}

/// The population registry.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    pub timeout_seconds: u64,
    pub order: String,
    pub face_order: String,
    pub reverse_data: bool,
    pub sources: BTreeMap<String, OutsideSource>,
    pub local: Local,
}

impl Registry {
    /// The names of the sources asked about demographics, in their order.
    pub fn demographics_order(&self) -> impl Iterator<Item = &str> {
        names(&self.order)
    }

    /// The same for faces. A source without a service of faces would answer that nobody has a portrait, and that is a
    /// verdict: it is left out, unless there is no other.
    pub fn sources_of_faces(&self) -> Vec<&str> {
        let own = if names(&self.face_order).next().is_some() { &self.face_order } else { &self.order };
        let faceless = |name: &&str| {
            self.sources.get(*name).is_some_and(|source| source.settings.url_face.trim().is_empty())
        };
        let all: Vec<_> = names(own).collect();
        if all.iter().all(faceless) { all } else { all.into_iter().filter(|name| !faceless(name)).collect() }
    }
}

/// Names that a text lists, separated by commas.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// Bounds where a credential's terms set none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub per_second: u32,
}

/// Whole rupiah an item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    liveness: u64,
    certificate: u64,
    id_selfie: u64,
    basic_verification: u64,
}

impl Prices {
    /// The price list of the engine.
    pub fn list(&self) -> PriceList {
        let Self { liveness, certificate, id_selfie, basic_verification } = *self;
        let mut list = PriceList::default();
        list.set(ChargeItem::Liveness, liveness);
        list.set(ChargeItem::Certificate, certificate);
        list.set(ChargeItem::IdSelfie, id_selfie);
        list.set(ChargeItem::BasicVerification, basic_verification);
        list
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration {0} cannot be read")]
    Unreadable(PathBuf, #[source] std::io::Error),
    #[error("{0} is not a sound configuration")]
    Malformed(String, #[source] toml::de::Error),
    #[error("{0} names no key of the configuration; absah.default.toml lists them all")]
    UnknownVariable(String),
    #[error("{variable} has to be {expected}")]
    WrongType { variable: String, expected: &'static str },
    #[error("{key} has to be {expected}")]
    OutOfRange { key: &'static str, expected: &'static str },
}

impl Config {
    /// The defaults, with what the files, the later ones over the earlier, and then the environment say in their
    /// places.
    pub fn load<'f>(
        files: impl IntoIterator<Item = &'f Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let defaults = parse(DEFAULTS, "absah.default.toml")?;
        let mut table = defaults.clone();
        let mut origin = "the environment".to_owned();
        for path in files {
            let text =
                std::fs::read_to_string(path).map_err(|e| ConfigError::Unreadable(path.to_owned(), e))?;
            origin = path.display().to_string();
            merge(&mut table, parse(&text, &origin)?);
        }
        for (variable, text) in environment {
            if let Some(key) = variable.strip_prefix(PREFIX).filter(|key| key.contains("__")) {
                set(&mut table, &defaults, &key.to_lowercase(), &variable, &text)?;
            }
        }
        let config: Self = table.try_into().map_err(|e| ConfigError::Malformed(origin, e))?;
        config.in_range()
    }

    fn in_range(self) -> Result<Self, ConfigError> {
        let Policy { liveness, quality, card, face, name, fields, .. } = &self.policy;
        let percent = |score: f64| (0.0..=100.0).contains(&score);
        let rules = [
            ("policy.liveness.threshold", percent(liveness.threshold), "0 to 100"),
            ("policy.liveness.attack_below", percent(liveness.attack_below), "0 to 100"),
            ("policy.face.threshold", percent(face.threshold), "0 to 100"),
            ("policy.face.selfie_portrait.threshold", percent(face.selfie_portrait.threshold), "0 to 100"),
            ("policy.face.selfie_card.threshold", percent(face.selfie_card.threshold), "0 to 100"),
            ("policy.face.card_portrait.threshold", percent(face.card_portrait.threshold), "0 to 100"),
            ("policy.name.threshold", name.threshold <= 100, "0 to 100"),
            (
                "policy.fields",
                fields.mother_maiden_name.max(fields.place_of_birth).max(fields.address) <= 100,
                "0 to 100",
            ),
            ("policy.quality.selfie_eye_distance", quality.selfie_eye_distance >= 0.0, "0 or more"),
            ("policy.quality.card_face_side", quality.card_face_side >= 0.0, "0 or more"),
            ("policy.quality.selfie_sharpness", quality.selfie_sharpness >= 0.0, "0 or more"),
            ("policy.quality: shares and degrees", quality_degrees(quality), "0 to 1"),
            ("policy.quality: dynamic ranges", quality_ranges(quality), "0 to 8"),
            ("policy.quality.card_sharpness", quality.card_sharpness >= 0.0, "0 or more"),
            ("policy.card.confidence", (0.0..=1.0).contains(&card.confidence), "0 to 1"),
            ("policy.quality: yaw and pitch", quality_angles(quality), "0 to 180"),
            ("policy.repetition.window_seconds", self.policy.repetition.window_seconds > 0, "at least 1"),
            ("server.node", self.server.node < 1024, "0 to 1023"),
            ("server.max_connections", self.server.max_connections > 0, "at least 1"),
            (
                "server.kredibel_prefix",
                is_prefix(&self.server.kredibel_prefix),
                "a path of letters, digits and -._~/ that starts with /",
            ),
            ("server.header_timeout_seconds", self.server.header_timeout_seconds > 0, "at least 1"),
            ("server.body_timeout_seconds", self.server.body_timeout_seconds > 0, "at least 1"),
            (
                "server.body_budget_mib",
                (32..=MAX_MIB).contains(&self.server.body_budget_mib),
                "32 to 1048576",
            ),
            (
                "vision.pixel_budget_mib",
                (1..=MAX_MIB).contains(&self.vision.pixel_budget_mib),
                "1 to 1048576",
            ),
            ("vision.queue", self.vision.queue > 0, "at least 1"),
            ("registry.timeout_seconds", self.registry.timeout_seconds > 0, "at least 1"),
            (
                "registry.local.max_connections",
                (1..=1000).contains(&self.registry.local.max_connections),
                "1 to 1000",
            ),
        ];
        match rules.into_iter().find(|(_, holds, _)| !holds) {
            Some((key, _, expected)) => Err(ConfigError::OutOfRange { key, expected }),
            None => Ok(self),
        }
    }
}

fn quality_degrees(quality: &QualityPolicy) -> bool {
    [
        quality.second_face_share,
        quality.selfie_cut_off,
        quality.selfie_dark_share,
        quality.selfie_bright_share,
        quality.selfie_mouth_covered,
        quality.selfie_eyes_covered,
        quality.selfie_eyes_open,
        quality.card_bright_share,
    ]
    .iter()
    .all(|degree| (0.0..=1.0).contains(degree))
}

fn quality_ranges(quality: &QualityPolicy) -> bool {
    [quality.selfie_dynamic_range, quality.card_dynamic_range].iter().all(|bits| (0.0..=8.0).contains(bits))
}

fn quality_angles(quality: &QualityPolicy) -> bool {
    [quality.selfie_yaw, quality.selfie_pitch].iter().all(|angle| (0.0..=180.0).contains(angle))
}

fn is_prefix(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.starts_with('/') && path.bytes().all(plain)
}

fn parse(text: &str, name: &str) -> Result<Table, ConfigError> {
    text.parse().map_err(|e| ConfigError::Malformed(name.to_owned(), e))
}

fn merge(base: &mut Table, over: Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(over)) => merge(inner, over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// Sets `a__b__c`, reading the text as the type that the defaults have there.
fn set(
    table: &mut Table,
    defaults: &Table,
    path: &str,
    variable: &str,
    text: &str,
) -> Result<(), ConfigError> {
    let unknown = || ConfigError::UnknownVariable(variable.to_owned());
    let (groups, key) = path.rsplit_once("__").ok_or_else(unknown)?;
    let mut known = defaults;
    let mut place = table;
    for group in groups.split("__") {
        known = known.get(group).and_then(Value::as_table).ok_or_else(unknown)?;
        place = place.get_mut(group).and_then(Value::as_table_mut).ok_or_else(unknown)?;
    }
    let wrong = |expected| ConfigError::WrongType { variable: variable.to_owned(), expected };
    let value = match known.get(key).ok_or_else(unknown)? {
        Value::String(_) => Value::String(text.to_owned()),
        Value::Integer(_) => Value::Integer(text.parse().map_err(|_| wrong("a whole number"))?),
        Value::Float(_) => Value::Float(text.parse().map_err(|_| wrong("a number"))?),
        Value::Boolean(_) => Value::Boolean(text.parse().map_err(|_| wrong("true or false"))?),
        Value::Datetime(_) | Value::Array(_) | Value::Table(_) => return Err(unknown()),
    };
    place.insert(key.to_owned(), value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use absah_core::policy::{Action, Level};

    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::load([], variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn the_defaults_file_is_the_default_policy() {
        assert_eq!(with(&[]).expect("defaults").policy, Policy::default());
    }

    #[test]
    fn the_environment_sets_any_key() {
        let config = with(&[
            ("ABSAH_POLICY__LIVENESS__ACTION", "off"),
            ("ABSAH_POLICY__QUALITY__ACTION", "flag"),
            ("ABSAH_POLICY__QUALITY__SELFIE_ACTIONS__EYES_CLOSED", "reject"),
            ("ABSAH_POLICY__REPETITION__LIMIT", "0"),
            ("ABSAH_POLICY__FACE__THRESHOLD", "80"),
            ("ABSAH_PRICES__CERTIFICATE", "9000"),
            ("ABSAH_SERVER__LISTEN", "127.0.0.1:0"),
            ("ABSAH_UNRELATED", "is left alone"),
        ])
        .expect("sound");
        assert_eq!(config.policy.liveness.action, Action::Off);
        assert_eq!(config.policy.quality.action, Action::Flag);
        assert_eq!(config.policy.quality.selfie_actions.eyes_closed, Action::Reject);
        assert_eq!(config.policy.repetition.limit, 0);
        assert!((config.policy.face.threshold - 80.0).abs() < f64::EPSILON);
        assert_eq!(config.prices.list().price(ChargeItem::Certificate), 9000);
        assert_eq!(config.server.listen, "127.0.0.1:0");
    }

    #[test]
    fn a_wrong_setting_is_told_by_name() {
        let rows = [
            ("ABSAH_POLICY__LIVENES__ACTION", "off", "names no key"),
            ("ABSAH_POLICY__REPETITION__LIMIT", "many", "a whole number"),
            ("ABSAH_POLICY__FACE__THRESHOLD", "nan", "policy.face.threshold has to be 0 to 100"),
            ("ABSAH_POLICY__FACE__SELFIE_CARD__THRESHOLD", "101", "selfie_card.threshold has to be 0 to 100"),
            ("ABSAH_POLICY__FACE__LEVEL", "lax", "is not a sound configuration"),
            ("ABSAH_POLICY__FACE__THRESHOLD", "101", "policy.face.threshold has to be 0 to 100"),
            ("ABSAH_POLICY__LIVENESS__ACTION", "never", "is not a sound configuration"),
            ("ABSAH_SERVER__NODE", "1024", "0 to 1023"),
            ("ABSAH_REGISTRY__LOCAL__MAX_CONNECTIONS", "0", "1 to 1000"),
            ("ABSAH_SERVER__KREDIBEL_PREFIX", "/{", "a path of letters"),
            ("ABSAH_POLICY__QUALITY__SELFIE_SHARPNESS", "nan", "0 or more"),
            ("ABSAH_POLICY__QUALITY__SELFIE_EYES_COVERED", "1.5", "0 to 1"),
            ("ABSAH_POLICY__CARD__CONFIDENCE", "1.1", "0 to 1"),
            ("ABSAH_POLICY__QUALITY__SELFIE_YAW", "-1", "0 to 180"),
            ("ABSAH_POLICY__QUALITY__CARD_DYNAMIC_RANGE", "9", "0 to 8"),
            ("ABSAH_POLICY__QUALITY__SELFIE_ACTIONS__EYES_CLOSED", "sleep", "is not a sound configuration"),
        ];
        for (variable, value, expected) in rows {
            let message = with(&[(variable, value)]).expect_err(variable).to_string();
            assert!(message.contains(expected), "{variable}={value}: {message}");
        }
    }

    #[test]
    fn a_file_holds_only_what_differs() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "[policy.name]\nthreshold = 95\n").expect("written");
        let config = Config::load([file.path()], []).expect("sound");
        assert_eq!((config.policy.name.threshold, config.policy.name.per_token), (95, false));
        std::fs::write(file.path(), "[policy.face]\nthreshold = 80\n").expect("written");
        let half = ("ABSAH_POLICY__FACE__THRESHOLD".to_owned(), "80.5".to_owned());
        let config = Config::load([file.path()], [half]).expect("the type is that of the defaults");
        assert!((config.policy.face.threshold - 80.5).abs() < f64::EPSILON);
        let later = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(later.path(), "[policy.face]\nlevel = \"strict\"\n").expect("written");
        let config = Config::load([file.path(), later.path()], []).expect("sound");
        assert_eq!((config.policy.face.threshold, config.policy.face.level), (80.0, Level::Strict));
        std::fs::write(file.path(), "[policy.name]\ntreshold = 95\n").expect("written");
        assert!(Config::load([file.path()], []).is_err());
    }
}
