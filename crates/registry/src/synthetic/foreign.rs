//! Citizens of other countries who hold a residence card.

use super::dice::Dice;

/// What the card of a foreigner says of them.
#[derive(Debug, Clone)]
pub(super) struct Foreigner {
    pub(super) name: String,
    pub(super) birth_place: &'static str,
    pub(super) country: &'static str,
}

/// A country with towns, given names of men and of women, and family names.
struct Country {
    name: &'static str,
    towns: &'static [&'static str],
    men: &'static [&'static str],
    women: &'static [&'static str],
    families: &'static [&'static str],
}

const COUNTRIES: [Country; 8] = [
    Country {
        name: "AUSTRALIA",
        towns: &["PERTH", "SYDNEY", "BRISBANE"],
        men: &["PETER JOHN", "MARK", "STEPHEN"],
        women: &["KAREN ANNE", "JULIE", "MEGAN"],
        families: &["HARRIS", "WALKER", "MITCHELL"],
    },
    Country {
        name: "JEPANG",
        towns: &["OSAKA", "NAGOYA", "TOKYO"],
        men: &["HIROSHI", "KENJI", "TAKASHI"],
        women: &["YUKO", "KEIKO", "NAOMI"],
        families: &["TANAKA", "YAMAMOTO", "KOBAYASHI"],
    },
    Country {
        name: "BELANDA",
        towns: &["UTRECHT", "LEIDEN", "GRONINGEN"],
        men: &["PIETER", "JOHANNES", "WILLEM"],
        women: &["MARIEKE", "ANNA MARIA", "ELS"],
        families: &["VAN DER MEER", "DE VRIES", "JANSSEN"],
    },
    Country {
        name: "KOREA SELATAN",
        towns: &["SEOUL", "BUSAN", "INCHEON"],
        men: &["MIN HO", "SUNG JIN", "DONG WOOK"],
        women: &["JI EUN", "SOO YEON", "HYE JIN"],
        families: &["KIM", "PARK", "CHOI"],
    },
    Country {
        name: "INDIA",
        towns: &["CHENNAI", "MUMBAI", "PUNE"],
        men: &["RAJESH", "SURESH KUMAR", "ARUN"],
        women: &["LAKSHMI", "PRIYA", "ANJALI"],
        families: &["SHARMA", "PATEL", "NAIR"],
    },
    Country {
        name: "MALAYSIA",
        towns: &["IPOH", "KUCHING", "MELAKA"],
        men: &["AHMAD FAIZAL", "MOHD AZLAN", "TAN WEI"],
        women: &["NURUL AIN", "SITI AMINAH", "LIM MEI"],
        families: &["RAHMAN", "ABDULLAH", "OTHMAN"],
    },
    Country {
        name: "JERMAN",
        towns: &["KOELN", "HAMBURG", "LEIPZIG"],
        men: &["KLAUS", "THOMAS", "JUERGEN"],
        women: &["SABINE", "MONIKA", "BIRGIT"],
        families: &["SCHNEIDER", "HOFFMANN", "BECKER"],
    },
    Country {
        name: "PERANCIS",
        towns: &["LYON", "NANTES", "TOULOUSE"],
        men: &["JEAN LUC", "PHILIPPE", "ANTOINE"],
        women: &["CLAIRE", "ISABELLE", "MARIE"],
        families: &["MOREAU", "LEFEBVRE", "GIRARD"],
    },
];

/// A foreigner of that sex.
pub(super) fn citizen(dice: &mut Dice, male: bool) -> Foreigner {
    let place = usize::try_from(dice.below(COUNTRIES.len() as u32)).unwrap_or(0);
    let [first, ..] = &COUNTRIES;
    let country = COUNTRIES.get(place).unwrap_or(first);
    let given = dice.pick(if male { country.men } else { country.women });
    Foreigner {
        name: format!("{given} {}", dice.pick(country.families)),
        birth_place: dice.pick(country.towns),
        country: country.name,
    }
}
