//! Who holds which number: a walk through the numbering space that meets every NIK at most once.
//!
//! A *cell* is a district code, a sex and a birth date; a NIK is a cell and a serial. One round of the walk visits all
//! cells in a pseudo-random order, a permutation by a small Feistel network, so nothing has to be remembered. A cell is
//! kept with a chance proportional to how many people of that district, sex and age there are. The next round gives
//! every cell another serial.

use std::fmt::Write as _;

use absah_core::nik::Nik;
use jiff::ToSpan;
use jiff::civil::Date;

use super::areas::{Areas, FULL_SHARE};
use super::dice::Dice;
use super::{CENSUS_DAY, life};

/// The sex that a number tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    /// Day of birth as it is.
    Male = 0,
    /// 40 added to the day of birth.
    Female = 1,
}

impl Sex {
    /// As the registry writes it.
    pub(super) const fn registry_name(self) -> &'static str {
        match self {
            Self::Male => "LAKI-LAKI",
            Self::Female => "PEREMPUAN",
        }
    }

    const fn day_offset(self) -> i8 {
        match self {
            Self::Male => 0,
            Self::Female => 40,
        }
    }
}

/// A number and what it says of its holder.
#[derive(Debug)]
pub(super) struct Holder {
    /// The number.
    pub(super) nik: Nik,
    /// Position of the district of first registration.
    pub(super) district: usize,
    /// Sex.
    pub(super) sex: Sex,
    /// Date of birth.
    pub(super) born: Date,
}

/// Serials run from 0001 to 9999, and so do the rounds.
const SERIALS: u64 = 9_999;

/// Ages on the census day, in years.
const YOUNGEST: i32 = 17;
const OLDEST: i32 = 90;

/// The walk.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    areas: &'static Areas,
    first_birth_date: Date,
    days: u64,
    cells: u64,
    keys: [u64; 4],
    serial_key: u64,
    next: u64,
    round: u64,
}

impl Walk {
    /// The walk of a seed through the numbers of these districts.
    pub(super) fn new(seed: u64, areas: &'static Areas) -> Self {
        let (first, last) = birth_dates();
        let days = u64::try_from(last.since(first).map_or(0, |span| span.get_days())).unwrap_or(0) + 1;
        let mut dice = Dice::new(seed ^ 0x6e75_6d62_6572_7321);
        Self {
            areas,
            first_birth_date: first,
            days,
            cells: areas.count() as u64 * 2 * days,
            keys: std::array::from_fn(|_| dice.bits()),
            serial_key: dice.bits(),
            next: 0,
            round: 0,
        }
    }

    /// The next holder; `None` when every serial of every cell was visited.
    pub(super) fn next_holder(&mut self, dice: &mut Dice) -> Option<Holder> {
        while self.round < SERIALS {
            let cell = self.permuted(self.next);
            let serial = self.serial(cell);
            self.advance();
            if let Some(holder) = self.holder(cell, serial, dice) {
                return Some(holder);
            }
        }
        None
    }

    fn advance(&mut self) {
        self.next += 1;
        if self.next == self.cells {
            self.next = 0;
            self.round += 1;
        }
    }

    /// The holder of a cell, unless the draw leaves the cell empty this round.
    fn holder(&self, cell: u64, serial: u64, dice: &mut Dice) -> Option<Holder> {
        let sex = if cell.is_multiple_of(2) { Sex::Male } else { Sex::Female };
        let district = usize::try_from(cell / 2 / self.days).ok()?;
        if dice.below(FULL_SHARE) >= self.areas.share(district, sex) {
            return None;
        }
        let day = i32::try_from(cell / 2 % self.days).ok()?;
        let born = self.first_birth_date.checked_add(day.days()).ok()?;
        if !dice.percent(life::share_of_age(life::age(born, CENSUS_DAY))) {
            return None;
        }
        let nik = digits(self.areas.district(district)?.code, sex, born, serial)?;
        Some(Holder { nik, district, sex, born })
    }

    /// The serial of a cell in this round: low ones are the commonest, as few people of one sex are born in one
    /// district on one day; another round gives another serial.
    fn serial(&self, cell: u64) -> u64 {
        let start = u64::from(mix(cell, self.serial_key).trailing_zeros()).min(12);
        1 + (start + self.round) % SERIALS
    }

    /// The cell at a place of the walk: a bijection of 0 .. `cells`, by walking the cycle of a permutation of the next
    /// power of four until it falls inside.
    fn permuted(&self, place: u64) -> u64 {
        let half = self.cells.next_power_of_two().trailing_zeros().div_ceil(2);
        let mask = (1 << half) - 1;
        let mut value = place;
        loop {
            let (mut left, mut right) = (value >> half, value & mask);
            for key in self.keys {
                (left, right) = (right, left ^ (mix(right, key) & mask));
            }
            value = left << half | right;
            if value < self.cells {
                return value;
            }
        }
    }
}

/// The first and the last birth date of people of the ages on the census day.
fn birth_dates() -> (Date, Date) {
    let ago = |years: i32| CENSUS_DAY.saturating_sub(years.years());
    (ago(OLDEST + 1).saturating_add(1.day()), ago(YOUNGEST))
}

fn digits(district: &str, sex: Sex, born: Date, serial: u64) -> Option<Nik> {
    let mut text = String::with_capacity(Nik::LENGTH);
    let (day, year) = (born.day() + sex.day_offset(), born.year().rem_euclid(100));
    write!(text, "{district}{day:02}{:02}{year:02}{serial:04}", born.month()).ok()?;
    Nik::parse(&text).ok()
}

/// A well-mixed function of two words (the finaliser of SplitMix64); no secrecy is meant.
fn mix(value: u64, key: u64) -> u64 {
    let mut x = value.wrapping_add(key).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::areas;

    #[test]
    fn the_walk_is_a_permutation() {
        for cells in [1, 2, 3, 97, 4_096, 5_000] {
            let walk = Walk { cells, ..Walk::new(1, areas::areas()) };
            let mut seen = vec![false; cells as usize];
            for place in 0..cells {
                assert!(
                    !std::mem::replace(&mut seen[walk.permuted(place) as usize], true),
                    "{place} of {cells}"
                );
            }
        }
    }

    #[test]
    fn a_cell_gets_another_serial_every_round() {
        let mut walk = Walk::new(1, areas::areas());
        let mut serials: Vec<_> = (0..SERIALS)
            .map(|round| {
                walk.round = round;
                walk.serial(12_345)
            })
            .collect();
        serials.sort_unstable();
        assert!(serials.iter().copied().eq(1..=SERIALS));
    }

    #[test]
    fn two_digits_of_the_year_tell_it_within_the_ages() {
        let (first, last) = birth_dates();
        assert!(last.year() - first.year() < 100);
        for (date, age) in [(first, OLDEST), (last, YOUNGEST)] {
            assert_eq!(life::age(date, CENSUS_DAY), age.unsigned_abs());
        }
    }

    #[test]
    fn digits_are_area_date_sex_and_serial() {
        let rows = [
            (Sex::Male, jiff::civil::date(1987, 12, 10), 1, "3217061012870001"),
            (Sex::Female, jiff::civil::date(2004, 2, 29), 9_999, "3217066902049999"),
        ];
        for (sex, born, serial, expected) in rows {
            assert_eq!(digits("321706", sex, born, serial).expect("a NIK").expose(), expected);
        }
    }
}
