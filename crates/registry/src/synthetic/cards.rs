//! What an identity card prints of a synthetic resident, beside the fifteen registry fields.

use absah_core::claims::{Record, RecordState};
use absah_core::field::Field;
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::dice::Dice;
use super::{CENSUS_DAY, People, address, foreign, people};

/// A resident with a card.
#[derive(Debug, Clone)]
pub struct CardHolder {
    /// The registry's record; name and address now and then in the long forms that cards have.
    pub record: Record,
    /// Religion as printed.
    pub religion: &'static str,
    /// Blood type as printed, `-` where unknown, empty where nothing is printed.
    pub blood_type: &'static str,
    /// `WNI`, or `WNA` and the country.
    pub nationality: String,
    /// Day of issue.
    pub issued_on: Date,
    /// Last day of validity; `None` is for life.
    pub valid_until: Option<Date>,
}

/// An endless, deterministic stream of residents with cards: those of [`people`] whose record is in use.
pub fn card_holders(seed: u64) -> impl Iterator<Item = CardHolder> {
    let people: People = people(seed);
    let mut dice = Dice::new(seed ^ 0x6361_7264_735f_6f66);
    people.filter(|record| record.state == RecordState::Active).map(move |record| holder(record, &mut dice))
}

/// First day on which cards of this kind were issued.
const FIRST_ISSUE: Date = date(2011, 6, 1);
/// From this day cards are valid for life, and older ones became so (Law 24 of 2013); what is printed on those stays.
const FOR_LIFE: Date = date(2014, 1, 1);

fn holder(mut record: Record, dice: &mut Dice) -> CardHolder {
    let about = &mut record.demographics;
    let text = |field| about.text(field).unwrap_or_default().to_owned();
    let (name, line, married) = (text(Field::Name), text(Field::Address), text(Field::MaritalStatus));
    let (village, province, sex) = (text(Field::Subdistrict), text(Field::Province), text(Field::Gender));
    let born = about.date_of_birth().unwrap_or(CENSUS_DAY);

    let visitor = dice.percent(3).then(|| foreign::citizen(dice, sex == "LAKI-LAKI"));
    if let Some(visitor) = &visitor {
        about.set_text(Field::Name, visitor.name.clone());
        about.set_text(Field::PlaceOfBirth, visitor.birth_place);
    } else if dice.percent(9) {
        about.set_text(Field::Name, lengthened(dice, &name));
    }
    about.set_text(Field::Address, written(dice, &line, &village));
    if dice.percent(8) {
        about.set_text(Field::Rt, "000");
        about.set_text(Field::Rw, "000");
    }
    if married == "KAWIN" && dice.percent(6) {
        about.set_text(Field::MaritalStatus, dice.pick(&["KAWIN TERCATAT", "KAWIN BELUM TERCATAT"]));
    }

    let issued_on = issued_on(dice, born);
    // Until the fifth birthday after the issue; those of foreigners run for five years still.
    let valid_until = (issued_on < FOR_LIFE || visitor.is_some())
        .then(|| date_in_year(born, i32::from(issued_on.year()) + 5));
    CardHolder {
        religion: religion(dice, &province),
        blood_type: dice
            .weighted(&[(24, "O"), (17, "A"), (18, "B"), (9, "AB"), (28, "-"), (2, ""), (1, "O+"), (1, "B+")])
            .unwrap_or("-"),
        nationality: visitor.map_or_else(|| "WNI".to_owned(), |visitor| format!("WNA {}", visitor.country)),
        issued_on,
        valid_until,
        record,
    }
}

/// A day between the seventeenth birthday (or the first issue of all) and the census.
fn issued_on(dice: &mut Dice, born: Date) -> Date {
    let first = born.saturating_add(17.years()).max(FIRST_ISSUE);
    let days = CENSUS_DAY.since(first).map_or(0, |span| span.get_days()).max(1);
    first.saturating_add(i64::from(dice.below(days.unsigned_abs())).days())
}

/// The birthday in a year; that of a leap day is the 28th elsewhere.
fn date_in_year(born: Date, year: i32) -> Date {
    let year = i16::try_from(year).unwrap_or(Date::MAX.year());
    Date::new(year, born.month(), born.day())
        .unwrap_or_else(|_| Date::new(year, born.month(), 28).unwrap_or(born))
}

/// The religion, by rough shares of the region; a spelling that is met.
fn religion(dice: &mut Dice, province: &str) -> &'static str {
    let shares = match province {
        "BALI" => [10, 3, 2, 82, 2, 1, 0],
        "NUSA TENGGARA TIMUR" => [10, 34, 53, 1, 1, 0, 1],
        "SULAWESI UTARA" => [31, 60, 6, 1, 1, 0, 1],
        province if province.starts_with("PAPUA") => [22, 60, 16, 1, 1, 0, 0],
        "SUMATERA UTARA" | "KALIMANTAN BARAT" | "MALUKU" => [60, 22, 12, 1, 4, 1, 0],
        _ => [80, 7, 5, 2, 3, 1, 2],
    };
    const SPELLINGS: [&[&str]; 7] = [
        &["ISLAM"],
        &["KRISTEN"],
        &["KATHOLIK", "KATOLIK"],
        &["HINDU"],
        &["BUDHA", "BUDDHA"],
        &["KHONGHUCU", "KONGHUCU"],
        &["KEPERCAYAAN TERHADAP TUHAN YME", "KEPERCAYAAN"],
    ];
    let weighted: Vec<_> = shares.into_iter().zip(SPELLINGS).collect();
    let spellings = dice.weighted(&weighted).unwrap_or(&["ISLAM"]);
    dice.pick(spellings)
}

/// A name with as many more as fill two lines of a card.
fn lengthened(dice: &mut Dice, name: &str) -> String {
    const MORE: &[&str] = &[
        "KUSUMANINGRAT",
        "PRAWIRANEGARA",
        "NATAKUSUMAH",
        "WIRADIREDJA",
        "SASTROWARDOYO",
        "ADININGRAT",
        "TIRTOATMODJO",
        "SURYADININGRAT",
        "MANGUNKUSUMO",
        "HADIKUSUMO",
    ];
    let mut name = name.to_owned();
    while name.len() < 30 {
        name.push(' ');
        name.push_str(dice.pick(MORE));
    }
    name
}

/// The street line as registrars write it: with or without points, now and then with the hamlet behind.
fn written(dice: &mut Dice, line: &str, village: &str) -> String {
    let mut line = match dice.below(10) {
        0..2 => line.replace("JL ", "JL. ").replace(" NO ", " NO."),
        2..4 => line.replace("JL ", "JL. ").replace(" NO ", " NO. "),
        4 => line.replace("JL ", "JALAN "),
        _ => line.to_owned(),
    };
    if dice.percent(14) && line.len() < 44 {
        line.push(' ');
        line.push_str(dice.pick(&["KP", "LINGK", "DUSUN", "KOMP", "PERUM"]));
        line.push(' ');
        line.push_str(dice.pick_common(address::HAMLETS));
    } else if dice.percent(4) && line.len() < 40 {
        line = format!("{line} KEL {village}");
    }
    line
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::synthetic::life;

    #[test]
    fn the_same_seed_gives_the_same_cards_and_the_number_tells_the_holder() {
        let key = |holder: &CardHolder| {
            let text = |field| holder.record.demographics.text(field).unwrap_or_default().to_owned();
            (text(Field::Name), text(Field::Address), holder.religion, holder.issued_on)
        };
        let first: Vec<_> = card_holders(1).take(50).map(|holder| key(&holder)).collect();
        assert!(card_holders(1).take(20).map(|holder| key(&holder)).eq(first.iter().take(20).cloned()));
        assert!(card_holders(2).take(50).map(|holder| key(&holder)).ne(first));
        for holder in card_holders(3).take(500) {
            let nik = &holder.record.nik;
            let born = holder.record.demographics.date_of_birth();
            assert_eq!(nik.applicant_birth_date(CENSUS_DAY), born, "{}", nik.expose());
        }
    }

    #[test]
    fn every_kind_of_card_is_met_and_dates_agree() {
        let mut met = BTreeSet::new();
        for holder in card_holders(5).take(2_000) {
            let about = &holder.record.demographics;
            let born = about.date_of_birth().expect("held");
            let text = |field| about.text(field).unwrap_or_default();
            assert!(life::age(born, holder.issued_on) >= 17 && holder.issued_on < CENSUS_DAY, "{born}");
            if let Some(until) = holder.valid_until {
                assert_eq!(until.year(), holder.issued_on.year() + 5, "{born}");
                assert_eq!(until.month(), born.month(), "{born}");
            }
            assert!(
                text(Field::Name).len() <= 60 && text(Field::Address).len() <= 80,
                "{}",
                text(Field::Name)
            );
            met.insert(holder.religion);
            met.insert(holder.blood_type);
            met.insert(if holder.nationality.starts_with("WNA ") { "WNA" } else { "WNI" });
            met.insert(if holder.valid_until.is_some() { "until a day" } else { "for life" });
            met.insert(if text(Field::Name).len() > 30 { "long name" } else { "name" });
            met.insert(if text(Field::Address).len() > 30 { "long address" } else { "address" });
            met.insert(if text(Field::Rt) == "000" { "no RT" } else { "RT" });
            met.insert(if text(Field::City).starts_with("KOTA") { "city" } else { "regency" });
        }
        // Ten spellings of seven religions, eight blood types, and both kinds of six properties.
        assert_eq!(met.len(), 11 + 8 + 12, "{met:?}");
    }
}
