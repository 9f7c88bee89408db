//! What goes with an age: marriage, work, a family card.

use jiff::civil::Date;

use super::areas::District;
use super::dice::Dice;
use super::number::Sex;

/// Full years lived on a day; 0 before birth.
pub(super) fn age(born: Date, on: Date) -> u32 {
    let before_birthday = (on.month(), on.day()) < (born.month(), born.day());
    let years = i32::from(on.year()) - i32::from(born.year()) - i32::from(before_birthday);
    u32::try_from(years).unwrap_or(0)
}

/// Another birth date than the one first written down: day and month exchanged where that is a date, else some days or
/// years away.
pub(super) fn corrected(dice: &mut Dice, born: Date) -> Option<Date> {
    let exchanged = Date::new(born.year(), born.day(), born.month()).ok().filter(|date| *date != born);
    match (dice.below(3), exchanged) {
        (0, Some(exchanged)) => Some(exchanged),
        (1, _) => born.checked_sub(jiff::Span::new().years(1 + i64::from(dice.below(3)))).ok(),
        _ => born.checked_add(jiff::Span::new().days(1 + i64::from(dice.below(27)))).ok(),
    }
}

/// How many people of an age there are, in a hundredth of the most numerous ages: the outline of the adult half of
/// Indonesia's population pyramid (census of 2020), by decades.
pub(super) fn share_of_age(age: u32) -> u32 {
    match age {
        ..40 => 100,
        40..50 => 90,
        50..60 => 72,
        60..70 => 45,
        70..80 => 19,
        _ => 6,
    }
}

/// The marital status as the card has it.
pub(super) fn marital_status(dice: &mut Dice, sex: Sex, age: u32) -> &'static str {
    // Percentages unmarried, married, divorced; the rest is widowed. Women marry earlier and outlive their husbands.
    let (single, married, divorced) = match (age, sex) {
        (..20, Sex::Male) => (98, 2, 0),
        (..20, Sex::Female) => (90, 10, 0),
        (20..25, Sex::Male) => (80, 19, 1),
        (20..25, Sex::Female) => (55, 43, 2),
        (25..35, Sex::Male) => (32, 65, 3),
        (25..35, Sex::Female) => (15, 80, 4),
        (35..55, Sex::Male) => (6, 90, 3),
        (35..55, Sex::Female) => (4, 86, 5),
        (55..70, Sex::Male) => (2, 91, 2),
        (55..70, Sex::Female) => (3, 68, 4),
        (_, Sex::Male) => (1, 78, 2),
        (_, Sex::Female) => (2, 36, 2),
    };
    match dice.below(100) {
        roll if roll < single => "BELUM KAWIN",
        roll if roll < single + married => "KAWIN",
        roll if roll < single + married + divorced => "CERAI HIDUP",
        _ => "CERAI MATI",
    }
}

/// An occupation of the registry's list.
pub(super) fn job(dice: &mut Dice, sex: Sex, age: u32, marital: &str, city: bool) -> &'static str {
    let fallback = "LAINNYA";
    match age {
        ..19 if dice.percent(85) => return "PELAJAR/MAHASISWA",
        19..24 if dice.percent(40) => return "PELAJAR/MAHASISWA",
        65.. if dice.percent(25) => return if city { "PENSIUNAN" } else { "BELUM/TIDAK BEKERJA" },
        _ => {}
    }
    if sex == Sex::Female && marital != "BELUM KAWIN" && dice.percent(58) {
        return "MENGURUS RUMAH TANGGA";
    }
    let list = match (dice.below(100), city) {
        (0..16, _) => return dice.pick(if sex == Sex::Female { CARE } else { CRAFTS }),
        (16..24, _) => return dice.pick(PROFESSIONS),
        (_, true) => TOWN_JOBS,
        (_, false) => COUNTRY_JOBS,
    };
    dice.weighted(list).unwrap_or(fallback)
}

const TOWN_JOBS: &[(u32, &str)] = &[
    (34, "KARYAWAN SWASTA"),
    (22, "WIRASWASTA"),
    (11, "BURUH HARIAN LEPAS"),
    (7, "BELUM/TIDAK BEKERJA"),
    (7, "PEGAWAI NEGERI SIPIL"),
    (6, "PEDAGANG"),
    (3, "PERDAGANGAN"),
    (3, "KARYAWAN BUMN"),
    (3, "KARYAWAN HONORER"),
    (2, "SOPIR"),
    (1, "TENTARA NASIONAL INDONESIA"),
    (1, "KEPOLISIAN RI"),
];

const COUNTRY_JOBS: &[(u32, &str)] = &[
    (34, "PETANI/PEKEBUN"),
    (18, "WIRASWASTA"),
    (12, "BURUH TANI/PERKEBUNAN"),
    (11, "BURUH HARIAN LEPAS"),
    (9, "KARYAWAN SWASTA"),
    (6, "BELUM/TIDAK BEKERJA"),
    (4, "NELAYAN/PERIKANAN"),
    (3, "PEDAGANG"),
    (2, "PERANGKAT DESA"),
    (1, "PETERNAK"),
];

const CRAFTS: &[&str] = &[
    "TUKANG BATU",
    "TUKANG KAYU",
    "TUKANG LISTRIK",
    "TUKANG LAS/PANDAI BESI",
    "TUKANG CUKUR",
    "MEKANIK",
    "SOPIR",
    "KONSTRUKSI",
    "TRANSPORTASI",
    "PELAUT",
    "INDUSTRI",
    "TEKNISI",
];

const CARE: &[&str] = &[
    "TUKANG JAHIT",
    "PEDAGANG",
    "PEMBANTU RUMAH TANGGA",
    "PENATA RIAS",
    "PENATA RAMBUT",
    "JURU MASAK",
    "PERAWAT",
    "BIDAN",
    "GURU",
    "KARYAWAN HONORER",
];

const PROFESSIONS: &[&str] = &[
    "GURU",
    "GURU",
    "GURU",
    "DOSEN",
    "DOKTER",
    "PERAWAT",
    "APOTEKER",
    "PENGACARA",
    "NOTARIS",
    "ARSITEK",
    "AKUNTAN",
    "KONSULTAN",
    "WARTAWAN",
    "SENIMAN",
    "PENELITI",
];

/// The number of a family card (KK): the district and day of its first issue, and a serial.
///
/// Issued when the household was founded, between the holder's 17th and 40th year and not before 2005.
pub(super) fn family_card(dice: &mut Dice, home: &District, born: Date) -> String {
    let founded = (i32::from(born.year()) + 17 + dice.below(23) as i32).clamp(2005, 2025);
    let (day, month) = (1 + dice.below(28), 1 + dice.below(12));
    let serial = 1 + dice.below(60).min(dice.below(60));
    format!("{}{day:02}{month:02}{:02}{serial:04}", home.code, founded % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn years_are_full_on_the_birthday() {
        let rows = [
            (date(2000, 6, 15), date(2026, 6, 14), 25),
            (date(2000, 6, 15), date(2026, 6, 15), 26),
            (date(2004, 2, 29), date(2026, 2, 28), 21),
            (date(2004, 2, 29), date(2026, 3, 1), 22),
            (date(2026, 1, 1), date(2025, 1, 1), 0),
        ];
        for (born, on, expected) in rows {
            assert_eq!(age(born, on), expected, "{born} {on}");
        }
    }
}
