//! `absah specimen`: identity cards to develop and measure readers with.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use absah_core::field::Field;
use absah_registry::synthetic::{CardHolder, card_holders};
use absah_vision::admission::{PictureBounds, PixelBudget, admit};
use absah_vision::specimen::{CardPrint, CardText};
use absah_vision::tabletop::{Collection, Portrait, collect};
use clap::Args;

use super::progress::{Bar, jobs};
use super::{Ending, note, print};
use crate::demo::cast;

/// Make identity cards of synthetic people, photographed by simulation: specimens to develop and measure readers with.
///
/// Writes pictures and manifest.csv, which says what is printed on every card: its column `path` and twenty fields as
/// printed (dates dd-mm-yyyy; empty where nothing is), then `condition` (what makes it harder to read), `ground`, `turn`
/// (of the card, degrees clockwise), `corners` (in pixels, clockwise from the card's own upper left) and `portrait`. No
/// real card or person is behind them, and all are stamped SPECIMEN. The same seed gives the same files; a larger count
/// adds to them.
#[derive(Args)]
pub struct Specimen {
    /// How many cards.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: u32,
    /// People, cards and photographs follow from it.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Where the pictures and manifest.csv go.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Leave the cards as drawn, 1,280 pixels wide as PNG, instead of photographing them.
    #[arg(long)]
    flat: bool,
    /// Threads [default: one a processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

impl Specimen {
    pub fn run(self) -> Ending {
        let (portraits, genders) = portraits()?;
        let cards = card_holders(self.seed)
            .take(self.count as usize)
            .enumerate()
            .map(|(index, holder)| Ok((text(&holder)?, portrait_for(&holder, &genders, index))))
            .collect::<Result<_, Box<dyn Error>>>()?;
        let collection = Collection { cards, portraits, seed: self.seed, flat: self.flat };
        let (jobs, bar) = (jobs(self.jobs), Bar::new()?);
        collect(&collection, &self.out, jobs, &|done, all| bar.tell(done, all))?;
        bar.clear();
        note(format_args!("{} cards and their manifest.csv are in {}", self.count, self.out.display()));
        print(serde_json::json!({ "cards": self.count, "seed": self.seed, "flat": self.flat }));
        Ok(ExitCode::SUCCESS)
    }
}

/// What is printed on a holder's card.
fn text(holder: &CardHolder) -> Result<CardText, Box<dyn Error>> {
    let CardHolder { record, religion, blood_type, nationality, issued_on, valid_until } = holder;
    let mut text = CardText::of_record(record, &CardPrint { religion, blood_type, issued_on: *issued_on })?;
    text.citizenship.clone_from(nationality);
    if let Some(until) = valid_until {
        text.valid_until = until.strftime("%d-%m-%Y").to_string();
    }
    Ok(text)
}

/// The demo's portraits, and the genders of their people.
fn portraits() -> Result<(Vec<Portrait>, Vec<String>), Box<dyn Error>> {
    let any = PictureBounds { min_bytes: 0, max_bytes: usize::MAX, min_sides: None };
    let (mut portraits, mut genders) = (Vec::new(), Vec::new());
    for member in cast::members()? {
        let picture = admit(member.photographs.portrait, &any, &PixelBudget::default())?;
        portraits.push(Portrait { name: member.name.clone(), picture });
        genders.push(member.record.demographics.text(Field::Gender).unwrap_or_default().to_owned());
    }
    Ok((portraits, genders))
}

/// The place of a portrait of the holder's gender, each in turn.
fn portrait_for(holder: &CardHolder, genders: &[String], index: usize) -> usize {
    let gender = holder.record.demographics.text(Field::Gender).unwrap_or_default();
    let fitting: Vec<usize> = (0..genders.len()).filter(|place| genders[*place] == gender).collect();
    fitting.get(index % fitting.len().max(1)).copied().unwrap_or(0)
}
