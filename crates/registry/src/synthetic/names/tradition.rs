//! Whose manner a name follows, and what that manner is.

use super::super::dice::Dice;
use super::pools;

/// A manner of naming. Rough on purpose: it serves variety, not ethnography.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::synthetic) enum Tradition {
    /// Java: many single-word names.
    Javanese,
    /// West Java and Banten.
    Sundanese,
    /// Muslim names without a family name: Betawi, Malay, Banjar and most towns.
    Malay,
    /// Aceh, with its ranks.
    Acehnese,
    /// North Sumatra: given name and marga.
    Batak,
    /// West Sumatra.
    Minang,
    /// Bali: names of birth order.
    Balinese,
    /// Lombok.
    Sasak,
    /// Chinese Indonesian: a western or Indonesian given name with an Indonesian form of the family name.
    Chinese,
    /// South Sulawesi.
    Bugis,
    /// North Sulawesi and the Moluccas: Christian names and fam.
    Eastern,
    /// Flores and Timor.
    Florenese,
    /// Kalimantan's interior.
    Dayak,
    /// Papua: Christian names and fam.
    Papuan,
}

/// What stands at the end of a name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Family {
    /// Nothing.
    None,
    /// A family name with that chance in a hundred.
    Sometimes(u32, &'static [&'static str]),
    /// Always a family name.
    Always(&'static [&'static str]),
}

/// The lists and chances of a tradition.
#[derive(Debug)]
pub(super) struct Style {
    /// First and second names of men.
    pub(super) men: (&'static [&'static str], &'static [&'static str]),
    /// First and second names of women.
    pub(super) women: (&'static [&'static str], &'static [&'static str]),
    /// Words of birth or rank before a man's name, with their chance in a hundred.
    pub(super) men_rank: (u32, &'static [&'static str]),
    /// The same of women.
    pub(super) women_rank: (u32, &'static [&'static str]),
    /// Chance of a single-word name, in a hundred.
    pub(super) single_percent: u32,
    /// Chance of a second name otherwise, in a hundred.
    pub(super) second_percent: u32,
    /// The end of the name.
    pub(super) family: Family,
    /// Whether MUHAMMAD, SITI, H and BIN occur.
    pub(super) muslim: bool,
}

impl Tradition {
    /// All of them.
    #[cfg(test)]
    pub(super) const ALL: [Self; 14] = [
        Self::Javanese,
        Self::Sundanese,
        Self::Malay,
        Self::Acehnese,
        Self::Batak,
        Self::Minang,
        Self::Balinese,
        Self::Sasak,
        Self::Chinese,
        Self::Bugis,
        Self::Eastern,
        Self::Florenese,
        Self::Dayak,
        Self::Papuan,
    ];

    /// The tradition of somebody registered in a province, by rough shares of its peoples.
    pub(in crate::synthetic) fn of_province(code: &str, dice: &mut Dice) -> Self {
        use Tradition::{
            Acehnese, Balinese, Batak, Bugis, Chinese, Dayak, Eastern, Florenese, Javanese, Malay, Minang,
            Papuan, Sasak, Sundanese,
        };
        let shares: &[(u32, Self)] = match code {
            "11" => &[(80, Acehnese), (12, Malay), (8, Javanese)],
            "12" => &[(42, Batak), (32, Javanese), (20, Malay), (3, Minang), (3, Chinese)],
            "13" => &[(88, Minang), (6, Javanese), (6, Batak)],
            "14" | "15" | "16" | "17" | "19" => {
                &[(55, Malay), (26, Javanese), (8, Minang), (6, Batak), (5, Chinese)]
            }
            "18" => &[(64, Javanese), (24, Malay), (10, Sundanese), (2, Balinese)],
            "21" => &[(40, Malay), (25, Javanese), (15, Batak), (10, Minang), (10, Chinese)],
            "31" => &[(34, Javanese), (30, Malay), (14, Sundanese), (8, Chinese), (7, Batak), (7, Minang)],
            "32" => &[(72, Sundanese), (14, Javanese), (7, Malay), (4, Batak), (3, Chinese)],
            "36" => &[(48, Sundanese), (30, Malay), (16, Javanese), (6, Chinese)],
            "33" | "34" => &[(95, Javanese), (3, Malay), (2, Chinese)],
            "35" => &[(80, Javanese), (17, Malay), (3, Chinese)],
            "51" => &[(86, Balinese), (10, Javanese), (4, Malay)],
            "52" => &[(76, Sasak), (18, Malay), (6, Balinese)],
            "53" => &[(88, Florenese), (8, Eastern), (4, Malay)],
            "61" => &[(40, Malay), (36, Dayak), (12, Javanese), (12, Chinese)],
            "62" => &[(44, Dayak), (34, Malay), (22, Javanese)],
            "63" => &[(84, Malay), (14, Javanese), (2, Dayak)],
            "64" | "65" => &[(30, Javanese), (30, Bugis), (26, Malay), (14, Dayak)],
            "71" => &[(74, Eastern), (22, Malay), (4, Chinese)],
            "72" | "75" => &[(60, Malay), (22, Bugis), (10, Eastern), (8, Javanese)],
            "73" | "74" | "76" => &[(82, Bugis), (10, Malay), (4, Eastern), (4, Javanese)],
            "81" => &[(52, Eastern), (44, Malay), (4, Javanese)],
            "82" => &[(70, Malay), (26, Eastern), (4, Javanese)],
            "91" | "92" | "93" | "94" | "95" | "96" => {
                &[(66, Papuan), (14, Javanese), (10, Bugis), (8, Eastern), (2, Batak)]
            }
            _ => &[(1, Malay)],
        };
        dice.weighted(shares).unwrap_or(Malay)
    }

    /// The lists and chances.
    pub(super) const fn style(self) -> &'static Style {
        match self {
            Self::Javanese => &JAVANESE,
            Self::Sundanese => &SUNDANESE,
            Self::Malay => &MALAY,
            Self::Acehnese => &ACEHNESE,
            Self::Batak => &BATAK,
            Self::Minang => &MINANG,
            Self::Balinese => &BALINESE,
            Self::Sasak => &SASAK,
            Self::Chinese => &CHINESE,
            Self::Bugis => &BUGIS,
            Self::Eastern => &EASTERN,
            Self::Florenese => &FLORENESE,
            Self::Dayak => &DAYAK,
            Self::Papuan => &PAPUAN,
        }
    }
}

const MALAY: Style = Style {
    men: (pools::MUSLIM_MEN, pools::MUSLIM_MEN_SECOND),
    women: (pools::MUSLIM_WOMEN, pools::MUSLIM_WOMEN_SECOND),
    men_rank: (0, &[]),
    women_rank: (0, &[]),
    single_percent: 14,
    second_percent: 96,
    family: Family::None,
    muslim: true,
};

const JAVANESE: Style = Style {
    men: (pools::JAVANESE_MEN, pools::JAVANESE_MEN_SECOND),
    women: (pools::JAVANESE_WOMEN, pools::JAVANESE_WOMEN_SECOND),
    single_percent: 32,
    ..MALAY
};

const SUNDANESE: Style = Style {
    men: (pools::SUNDANESE_MEN, pools::SUNDANESE_MEN_SECOND),
    women: (pools::SUNDANESE_WOMEN, pools::SUNDANESE_WOMEN_SECOND),
    single_percent: 22,
    ..MALAY
};

const ACEHNESE: Style =
    Style { men_rank: (7, &["TEUKU", "TENGKU"]), women_rank: (8, &["CUT"]), single_percent: 18, ..MALAY };

const BATAK: Style = Style {
    men: (pools::CHRISTIAN_MEN, pools::BATAK_SECOND),
    women: (pools::CHRISTIAN_WOMEN, pools::BATAK_SECOND),
    single_percent: 0,
    second_percent: 30,
    family: Family::Always(pools::BATAK_MARGA),
    muslim: false,
    ..MALAY
};

const MINANG: Style = Style { family: Family::Sometimes(9, pools::MINANG_SUKU), single_percent: 16, ..MALAY };

const BALINESE: Style = Style {
    men: (pools::BALINESE_BIRTH_ORDER, pools::BALINESE_MEN),
    women: (pools::BALINESE_BIRTH_ORDER, pools::BALINESE_WOMEN),
    men_rank: (82, &["I", "I", "I", "I", "I GUSTI", "IDA BAGUS", "I DEWA", "ANAK AGUNG"]),
    women_rank: (82, &["NI", "NI", "NI", "NI", "NI LUH", "IDA AYU", "NI GUSTI", "DESAK"]),
    single_percent: 0,
    second_percent: 100,
    family: Family::None,
    muslim: false,
};

const SASAK: Style =
    Style { men_rank: (14, &["LALU"]), women_rank: (14, &["BAIQ"]), single_percent: 26, ..MALAY };

const CHINESE: Style = Style {
    men: (pools::CHRISTIAN_MEN, pools::CHINESE_MEN_SECOND),
    women: (pools::CHRISTIAN_WOMEN, pools::CHINESE_WOMEN_SECOND),
    single_percent: 0,
    second_percent: 35,
    family: Family::Always(pools::CHINESE_FAMILY),
    ..BATAK
};

const BUGIS: Style =
    Style { men_rank: (10, &["ANDI", "DAENG"]), women_rank: (10, &["ANDI"]), single_percent: 30, ..MALAY };

const EASTERN: Style = Style { family: Family::Always(pools::EASTERN_FAM), second_percent: 45, ..BATAK };

const FLORENESE: Style = Style {
    men: (pools::FLORENESE_MEN, pools::CHRISTIAN_MEN),
    women: (pools::FLORENESE_WOMEN, pools::CHRISTIAN_WOMEN),
    family: Family::Always(pools::FLORENESE_FAM),
    ..EASTERN
};

const DAYAK: Style =
    Style { family: Family::Sometimes(45, pools::DAYAK_NAMES), single_percent: 18, ..EASTERN };

const PAPUAN: Style = Style { family: Family::Always(pools::PAPUAN_FAM), second_percent: 30, ..EASTERN };
