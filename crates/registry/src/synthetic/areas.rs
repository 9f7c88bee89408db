//! Provinces, regencies and districts with their populations, from the lists under `data/`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::dice::Dice;
use super::number::Sex;

/// A province as the registry writes it.
#[derive(Debug)]
pub(super) struct Province {
    /// Two digits of the present edition.
    pub(super) code: &'static str,
    /// Its name, capitals.
    pub(super) name: &'static str,
}

/// A regency or city.
#[derive(Debug)]
pub(super) struct Regency {
    /// Four digits of the present edition.
    pub(super) code: &'static str,
    /// With its type: `KAB. BANDUNG`, `KOTA BANDUNG`.
    pub(super) name: &'static str,
    /// The province it lies in.
    pub(super) province: &'static Province,
    men: u32,
    women: u32,
}

impl Regency {
    /// Whether it is a city (kota).
    pub(super) fn is_city(&self) -> bool {
        self.name.starts_with("KOTA ")
    }

    /// The name as a place of birth: without the type.
    pub(super) fn bare_name(&self) -> &'static str {
        ["KAB. ADM. KEP. ", "KOTA ADM. ", "KAB. ", "KOTA "]
            .into_iter()
            .find_map(|kind| self.name.strip_prefix(kind))
            .unwrap_or(self.name)
    }

    /// Residents of that sex, 2025.
    fn residents(&self, sex: Sex) -> u32 {
        match sex {
            Sex::Male => self.men,
            Sex::Female => self.women,
        }
    }
}

/// A district (kecamatan) with a code that some NIK starts with.
#[derive(Debug)]
pub(super) struct District {
    /// The six digits; those of a retired district are still on the cards of the people registered there.
    pub(super) code: &'static str,
    /// Its name, capitals.
    pub(super) name: &'static str,
    /// The present regency that it belongs or belonged to.
    pub(super) regency: &'static Regency,
    /// Whether the code is of the present edition.
    pub(super) current: bool,
}

/// All districts, and what is needed to choose among them by population.
#[derive(Debug)]
pub(super) struct Areas {
    districts: Vec<District>,
    /// Positions of the present districts by regency, both sorted by code.
    by_regency: HashMap<&'static str, Vec<usize>>,
    /// Residents up to and including each regency, in `regencies` order.
    residents: Vec<(u64, &'static str)>,
    /// Chance of a number's being issued in a district, by sex, in 1/65,536 of the most populous one's.
    shares: Vec<[u32; 2]>,
}

/// Full scale of [`Areas::share`].
pub(super) const FULL_SHARE: u32 = 65_536;

/// The lists, read once.
pub(super) fn areas() -> &'static Areas {
    static AREAS: LazyLock<Areas> = LazyLock::new(Areas::read);
    &AREAS
}

impl Areas {
    /// How many district codes there are, retired ones included.
    pub(super) fn count(&self) -> usize {
        self.districts.len()
    }

    /// The district at a position below [`Areas::count`].
    pub(super) fn district(&self, position: usize) -> Option<&District> {
        self.districts.get(position)
    }

    /// How populous a district is: 0 to [`FULL_SHARE`], the most populous one's being the full scale.
    pub(super) fn share(&self, position: usize, sex: Sex) -> u32 {
        self.shares.get(position).map_or(0, |shares| shares[sex as usize])
    }

    /// A present district of the same regency.
    pub(super) fn neighbour(&'static self, of: &District, dice: &mut Dice) -> Option<&'static District> {
        self.within(of.regency.code, dice)
    }

    /// A present district of the country, by the population of the regencies.
    pub(super) fn anywhere(&'static self, dice: &mut Dice) -> Option<&'static District> {
        let total = self.residents.last()?.0;
        let nth = dice.bits() % total.max(1);
        let regency = self.residents.partition_point(|(up_to, _)| *up_to <= nth);
        self.within(self.residents.get(regency)?.1, dice)
    }

    fn within(&'static self, regency: &str, dice: &mut Dice) -> Option<&'static District> {
        let positions = self.by_regency.get(regency)?;
        let nth = dice.below(u32::try_from(positions.len()).ok()?);
        self.districts.get(*positions.get(usize::try_from(nth).ok()?)?)
    }

    fn read() -> Self {
        let provinces: HashMap<_, _> = rows(include_str!("../../data/provinces.csv"))
            .map(|[code, name]| (code, &*Box::leak(Box::new(Province { code, name }))))
            .collect();
        let regencies: Vec<&'static Regency> = rows(include_str!("../../data/regencies.csv"))
            .filter_map(|[code, name, men, women]| {
                let province = provinces.get(code.get(..2)?)?;
                let (men, women) = (men.parse().ok()?, women.parse().ok()?);
                Some(&*Box::leak(Box::new(Regency { code, name, province, men, women })))
            })
            .collect();
        let by_code: HashMap<_, _> = regencies.iter().map(|regency| (regency.code, *regency)).collect();
        let districts: Vec<District> = rows(include_str!("../../data/districts.csv"))
            .filter_map(|[code, regency, name, current]| {
                Some(District { code, name, regency: by_code.get(regency)?, current: current == "1" })
            })
            .collect();

        let mut by_regency: HashMap<_, Vec<_>> = HashMap::new();
        for (position, district) in districts.iter().enumerate().filter(|(_, district)| district.current) {
            by_regency.entry(district.regency.code).or_default().push(position);
        }
        let residents = regencies
            .iter()
            .scan(0, |sum, regency| {
                *sum += u64::from(regency.men) + u64::from(regency.women);
                Some((*sum, regency.code))
            })
            .collect();
        let shares = shares(&districts, &by_regency);
        Self { districts, by_regency, residents, shares }
    }
}

/// A regency's residents spread evenly over its districts. Retired codes take part like present ones: the people
/// registered under them are among the residents of the successor.
fn shares(districts: &[District], by_regency: &HashMap<&'static str, Vec<usize>>) -> Vec<[u32; 2]> {
    let even = |district: &District, sex| {
        let count = by_regency.get(district.regency.code).map_or(1, Vec::len).max(1);
        u64::from(district.regency.residents(sex)) / count as u64
    };
    let most = districts
        .iter()
        .flat_map(|district| [even(district, Sex::Male), even(district, Sex::Female)])
        .max()
        .unwrap_or(1)
        .max(1);
    let scaled = |residents: u64| {
        u32::try_from((residents * u64::from(FULL_SHARE)).div_ceil(most)).unwrap_or(FULL_SHARE)
    };
    districts
        .iter()
        .map(|district| [scaled(even(district, Sex::Male)), scaled(even(district, Sex::Female))])
        .collect()
}

/// The rows of a list of `N` columns without its heading; a row of another shape is left out, which the tests rule out.
fn rows<const N: usize>(list: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    list.lines().skip(1).filter_map(|line| line.split(',').collect::<Vec<_>>().try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_lists_is_read() {
        let lines = include_str!("../../data/districts.csv").lines().count();
        assert_eq!(areas().count(), lines - 1);
        assert_eq!(areas().residents.len(), 514);
        assert_eq!(areas().residents.last().map(|(sum, _)| *sum), Some(284_973_643));
        assert_eq!(areas().by_regency.len(), 514, "every regency has a present district");
        assert_eq!(areas().districts.iter().filter(|district| !district.current).count(), 594);
    }

    #[test]
    fn codes_are_those_a_nik_starts_with() {
        for district in &areas().districts {
            assert!(district.code.len() == 6 && district.code.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(!district.code.starts_with('0') && !district.name.is_empty(), "{}", district.code);
            assert!(
                !district.current || district.code.starts_with(district.regency.code),
                "{}",
                district.code
            );
        }
    }

    #[test]
    fn bare_names_have_no_type() {
        let bare = |name| {
            let province = Box::leak(Box::new(Province { code: "32", name: "JAWA BARAT" }));
            Regency { code: "3273", name, province, men: 1, women: 1 }.bare_name()
        };
        let rows = [
            ("KOTA BANDUNG", "BANDUNG"),
            ("KAB. BANDUNG BARAT", "BANDUNG BARAT"),
            ("KOTA ADM. JAKARTA SELATAN", "JAKARTA SELATAN"),
            ("KAB. ADM. KEP. SERIBU", "SERIBU"),
        ];
        for (name, expected) in rows {
            assert_eq!(bare(name), expected);
        }
    }
}
