//! `absah card`: what stands on one card.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;

use absah_core::assessment::PictureFault;
use absah_vision::admission::{AdmissionError, MAX_PIXELS, MAX_SIDE, PictureBounds, admit};
use absah_vision::card::{CardFault, CardQuality, CardReading, FieldReading, Quad, Repair};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Common, Ending, print};
use crate::logging;
use crate::vision::Vision;

/// Read identity cards.
#[derive(Subcommand)]
pub enum Card {
    /// Find the card in a picture and read its fields.
    Read(Read),
}

impl Card {
    pub async fn run(self) -> Ending {
        match self {
            Self::Read(command) => command.run().await,
        }
    }
}

/// Find the card in a picture and read its fields.
///
/// What is printed on the card is printed here: keep it as you keep the picture.
#[derive(Args)]
pub struct Read {
    #[command(flatten)]
    common: Common,
    /// JPEG, PNG or SVG of a card.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

impl Read {
    async fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let bytes = self.bytes().map_err(|error| format!("{}: {error}", self.file.display()))?;
        let vision = Vision::start(&config.vision)?;
        let budget = vision.budget();
        let any = PictureBounds { min_bytes: 0, max_bytes: MOST_BYTES, min_sides: None };
        let workers = vision.workers();
        let read = workers.run(move |bench| {
            let picture = match admit(&bytes, &any, &budget) {
                Ok(picture) => picture,
                Err(AdmissionError::Fault(fault)) => return Ok(Err(fault)),
                Err(error @ AdmissionError::Busy) => return Err(error.to_string()),
            };
            let reading = bench.read_card(&picture).map_err(|error| error.to_string())?;
            // Where no card was found, the whole picture may still tell why: it is dark, or out of focus.
            let place = reading.quad.unwrap_or_else(|| Quad::of_canvas(picture.width(), picture.height()));
            Ok::<_, String>(Ok((CardQuality::of(&picture, &place), reading)))
        });
        let (quality, reading) = match read.await?? {
            Ok(read) => read,
            Err(fault) => {
                let (key, told) = refusal(fault);
                if self.json {
                    print(json!({ "found": false, "quality": { "faults": [key] }, "fields": {} }));
                }
                return Err(format!("{}: {told}", self.file.display()).into());
            }
        };
        if self.json {
            print(in_json(&reading, quality.as_ref()))
        } else {
            print(in_lines(&reading, quality.as_ref()))
        }
        Ok(ExitCode::SUCCESS)
    }

    fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(&self.file)?.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Why a picture is not looked at: in JSON, and in a sentence.
fn refusal(fault: PictureFault) -> (&'static str, String) {
    match fault {
        PictureFault::TooLarge { .. } => {
            ("too_large", format!("the file has more than {} MiB", MOST_BYTES >> 20))
        }
        PictureFault::TooSmall => ("too_small", "the file has too few bytes".to_owned()),
        PictureFault::Dimensions => (
            "dimensions",
            format!(
                "the picture has more than {MAX_SIDE} pixels on a side or more than {} megapixels: make it smaller",
                MAX_PIXELS / 1_000_000
            ),
        ),
        PictureFault::Unreadable => {
            ("unreadable", "this is no whole JPEG, PNG or SVG; is the file cut short?".to_owned())
        }
    }
}

/// Larger files are refused: no camera's picture is.
const MOST_BYTES: usize = 32 << 20;

fn in_json(reading: &CardReading, quality: Option<&CardQuality>) -> Value {
    let CardReading { quad, likeness: _, fields } = reading;
    let fields: BTreeMap<&str, Value> =
        fields.iter().map(|(field, reading)| (field.key(), field_in_json(reading))).collect();
    json!({
        "found": quad.is_some(),
        "quad": quad.as_ref().map(corners),
        "quality": quality_in_json(reading, quality),
        "fields": fields,
    })
}

/// What is wrong with the capture, the worst first.
fn faults(reading: &CardReading, quality: Option<&CardQuality>) -> Vec<&'static str> {
    let found = CardFault::ALL.into_iter().filter(|fault| {
        quality.is_some_and(|quality| fault.is_in(quality) && !is_of_the_card_alone(*fault, reading))
    });
    reading.quad.is_none().then_some(NOT_A_CARD).into_iter().chain(found.map(CardFault::key)).collect()
}

/// How a card lies and what is cut off it, its colours and rasters say nothing of a picture without a card.
fn is_of_the_card_alone(fault: CardFault, reading: &CardReading) -> bool {
    reading.quad.is_none() && !matches!(fault, CardFault::Blurred | CardFault::Dark | CardFault::Glare)
}

const NOT_A_CARD: &str = "not_a_card";

/// Of every fault its score, the threshold from which on it is one, and whether it is; and the names of those that are.
fn quality_in_json(reading: &CardReading, quality: Option<&CardQuality>) -> Value {
    let entry = |score: f32, threshold: f32, is_fault: bool| json!({ "score": rounded(score), "threshold": rounded(threshold), "fault": is_fault });
    let faults = faults(reading, quality);
    let mut all: serde_json::Map<String, Value> = CardFault::ALL
        .into_iter()
        .filter_map(|fault| {
            let score = fault.score(quality?);
            Some((fault.key().to_owned(), entry(score, fault.limit(), faults.contains(&fault.key()))))
        })
        .collect();
    let not_a_card = entry(reading.likeness, CardReading::LEAST_LIKENESS, reading.quad.is_none());
    all.insert(NOT_A_CARD.to_owned(), not_a_card);
    all.insert("width".to_owned(), json!(quality.map(|quality| tenths(quality.width))));
    all.insert("faults".to_owned(), json!(faults));
    Value::Object(all)
}

fn field_in_json(FieldReading { text, value, confidence, quad, repaired }: &FieldReading) -> Value {
    let repair = |Repair { place, reason }: &Repair| json!({ "place": place, "reason": reason.key() });
    json!({
        "text": text,
        "value": value,
        "confidence": rounded(*confidence),
        "quad": corners(quad),
        "repaired": repaired.iter().map(repair).collect::<Vec<_>>(),
    })
}

fn corners(quad: &Quad) -> Vec<[f64; 2]> {
    quad.corners.iter().map(|corner| [tenths(corner.x), tenths(corner.y)]).collect()
}

fn rounded(share: f32) -> f64 {
    (f64::from(share) * 1e4).round() / 1e4
}

fn tenths(place: f32) -> f64 {
    (f64::from(place) * 10.0).round() / 10.0
}

fn in_lines(reading: &CardReading, quality: Option<&CardQuality>) -> String {
    let faults = faults(reading, quality);
    if reading.quad.is_none() {
        let why = faults.join(", ");
        return format!(
            "no card was found ({why}): take the picture from nearer, with all four corners in it"
        );
    }
    let line = |field: &str, reading: &FieldReading| {
        let repaired = if reading.repaired.is_empty() { "" } else { "  (repaired)" };
        format!("{field:15} {:5.3}  {}{repaired}", reading.confidence, reading.value)
    };
    let mut lines: Vec<String> = reading.fields.iter().map(|(field, read)| line(field.key(), read)).collect();
    if !faults.is_empty() {
        lines.push(format!("faults of the picture: {}", faults.join(", ")));
    }
    lines.join("\n")
}
