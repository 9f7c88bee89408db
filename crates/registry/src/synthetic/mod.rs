//! Synthetic residents: a population that looks like Indonesia's and is nobody's.
//!
//! [`people`] streams records without remembering the ones it gave: NIKs are unique because a pseudo-random walk
//! visits every point of the numbering space once (see [`number`]). Where people live, how old they are and what they
//! are called follows published totals by regency and rough shares by region. The same seed gives the same people on
//! every machine and with every later release of the random-number crates, since only raw ChaCha output is used.

mod address;
mod areas;
mod cards;
mod dice;
mod foreign;
mod life;
mod names;
mod number;
#[cfg(test)]
mod tests;

pub use self::cards::{CardHolder, card_holders};

use absah_core::claims::{Demographics, Record, RecordState};
use absah_core::field::Field;
use jiff::civil::Date;

use self::areas::{Areas, District};
use self::dice::Dice;
use self::number::{Sex, Walk};

/// The day on which every synthetic resident is 17 to 90 years old.
///
/// A constant, not today's date: the same seed has to give the same people next year.
pub const CENSUS_DAY: Date = jiff::civil::date(2026, 1, 1);

/// An endless, deterministic stream of synthetic residents with unique NIKs and all fifteen fields.
///
/// It ends only when the numbering space does, after more people than any country has.
pub fn people(seed: u64) -> People {
    People { areas: areas::areas(), walk: Walk::new(seed, areas::areas()), dice: Dice::new(seed) }
}

/// The stream made by [`people`].
#[derive(Debug, Clone)]
pub struct People {
    areas: &'static Areas,
    walk: Walk,
    dice: Dice,
}

/// The same people as a registry may hold them: of `percent` in a hundred the birth date was corrected since the number
/// was issued, and of a tenth as many the sex, so that number and record disagree, as they do in life.
pub fn registered(seed: u64, percent: u32) -> impl Iterator<Item = Record> {
    let mut dice = Dice::new(seed ^ 0x636f_7272_6563_7473);
    people(seed).map(move |mut record| {
        let about = &mut record.demographics;
        if dice.below(100_000) < percent * 1_000 {
            let corrected = about.date_of_birth().and_then(|date| life::corrected(&mut dice, date));
            about.set_date_of_birth(corrected.unwrap_or(CENSUS_DAY));
        }
        if dice.below(100_000) < percent * 100 {
            let male = about.text(Field::Gender) == Some(Sex::Male.registry_name());
            let other = if male { Sex::Female } else { Sex::Male };
            about.set_text(Field::Gender, other.registry_name());
        }
        record
    })
}

impl Iterator for People {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let holder = self.walk.next_holder(&mut self.dice)?;
        let born_in = self.areas.district(holder.district)?;
        let home = self.home(born_in);
        let demographics = self.describe(born_in, home, holder.sex, holder.born);
        Some(Record { nik: holder.nik, demographics, state: self.state() })
    }
}

impl People {
    /// Where a person lives now: mostly where the number was issued, sometimes in the same regency, seldom far away.
    fn home(&mut self, born_in: &'static District) -> &'static District {
        let moved = match self.dice.below(100) {
            0..84 if born_in.current => None,
            0..94 => self.areas.neighbour(born_in, &mut self.dice),
            _ => self.areas.anywhere(&mut self.dice),
        };
        moved.unwrap_or(born_in)
    }

    fn describe(
        &mut self,
        born_in: &District,
        home: &'static District,
        sex: Sex,
        born: Date,
    ) -> Demographics {
        let dice = &mut self.dice;
        let age = life::age(born, CENSUS_DAY);
        let marital = life::marital_status(dice, sex, age);
        let tradition = names::Tradition::of_province(born_in.regency.province.code, dice);
        let village = address::village(dice, home);

        let mut about = Demographics::default();
        about.set_date_of_birth(born);
        about.set_text(Field::Name, names::full_name(dice, tradition, sex, age));
        about.set_text(Field::NoKk, life::family_card(dice, home, born));
        about.set_text(Field::MotherMaidenName, names::plain_name(dice, tradition, Sex::Female));
        about.set_text(Field::PlaceOfBirth, born_in.regency.bare_name());
        about.set_text(Field::Address, address::street_line(dice, home, &village));
        about.set_text(Field::Gender, sex.registry_name());
        about.set_text(Field::MaritalStatus, marital);
        about.set_text(Field::JobType, life::job(dice, sex, age, marital, home.regency.is_city()));
        about.set_text(Field::Province, home.regency.province.name);
        about.set_text(Field::City, home.regency.name);
        about.set_text(Field::District, home.name);
        about.set_text(Field::Subdistrict, village);
        about.set_text(Field::Rt, address::neighbourhood(dice, 12));
        about.set_text(Field::Rw, address::neighbourhood(dice, 20));
        about
    }

    /// Nearly every record is usable; a few are not, so that callers meet those too.
    fn state(&mut self) -> RecordState {
        match self.dice.below(1_000) {
            0..4 => RecordState::Deceased,
            4 => RecordState::Duplicate,
            5 => RecordState::Inactive,
            _ => RecordState::Active,
        }
    }
}
