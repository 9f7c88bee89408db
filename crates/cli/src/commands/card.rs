//! `absah card`: what stands on one card.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use absah_vision::admission::{PictureBounds, admit};
use absah_vision::card::{CardFault, CardLimits, CardQuality, CardReading, FieldReading, Quad, Repair};
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
        let bytes = fs::read(&self.file).map_err(|error| format!("{}: {error}", self.file.display()))?;
        let vision = Vision::start(&config.vision)?;
        let budget = Arc::clone(&vision.budget());
        let any = PictureBounds { min_bytes: 0, max_bytes: usize::MAX, min_sides: None };
        let workers = vision.workers();
        let read = workers.run(move |bench| {
            let picture = admit(&bytes, &any, &budget).map_err(|error| error.to_string())?;
            bench.read_card(&picture).map_err(|error| error.to_string())
        });
        let reading = read.await??;
        if self.json {
            print(in_json(&reading))
        } else {
            print(in_lines(&reading))
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn in_json(CardReading { quad, quality, labels: _, fields }: &CardReading) -> Value {
    let fields: BTreeMap<&str, Value> =
        fields.iter().map(|(field, reading)| (field.key(), field_in_json(reading))).collect();
    json!({ "found": quad.is_some(), "quad": quad.as_ref().map(corners), "quality": quality_in_json(quality.as_ref()), "fields": fields })
}

/// The measures, and what is wrong by their default limits; where no card was found, that.
fn quality_in_json(quality: Option<&CardQuality>) -> Value {
    let Some(quality) = quality else { return json!({ "faults": [CardFault::NotACard.key()] }) };
    let CardQuality { likeness, width, degrees, cut_off, blur, brightness, glare, colour, periodicity } =
        *quality;
    let faults: Vec<&str> = CardLimits::default().faults(quality).into_iter().map(CardFault::key).collect();
    json!({
        "likeness": rounded(likeness),
        "width": tenths(width),
        "degrees": tenths(degrees),
        "cut_off": rounded(cut_off),
        "blur": rounded(blur),
        "brightness": tenths(brightness),
        "glare": rounded(glare),
        "colour": rounded(colour),
        "periodicity": rounded(periodicity),
        "faults": faults,
    })
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

fn in_lines(reading: &CardReading) -> String {
    if reading.quad.is_none() {
        return "no card was found: take the picture from nearer, with all four corners in it".to_owned();
    }
    let line = |field: &str, reading: &FieldReading| {
        let repaired = if reading.repaired.is_empty() { "" } else { "  (repaired)" };
        format!("{field:15} {:5.3}  {}{repaired}", reading.confidence, reading.value)
    };
    let lines: Vec<String> = reading.fields.iter().map(|(field, read)| line(field.key(), read)).collect();
    lines.join("\n")
}
