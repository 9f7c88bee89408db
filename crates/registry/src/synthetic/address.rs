//! The parts of an address below the district: street line, village, RT and RW.

use super::areas::District;
use super::dice::Dice;

/// The street line, the only part that the registry's address has: streets in cities, hamlets and estates elsewhere.
pub(super) fn street_line(dice: &mut Dice, home: &District, village: &str) -> String {
    let number = 1 + dice.below(180).min(dice.below(180));
    let city = home.regency.is_city();
    match (dice.below(100), city) {
        (0..48, true) | (0..18, false) => format!("JL {} NO {number}", street(dice)),
        (48..62, true) | (18..24, false) => format!("GG {} NO {number}", dice.pick_common(FLOWERS)),
        (62..68, true) => format!("JL {} GG {} NO {number}", street(dice), roman(dice)),
        (68..88, true) | (24..38, false) => {
            let block = ["A", "B", "C", "D", "E", "F", "G", "H"];
            format!("PERUM {} BLOK {}{} NO {number}", estate(dice), dice.pick(&block), 1 + dice.below(15))
        }
        (88..100, true) | (38..52, false) => format!("JL {} {}", street(dice), roman(dice)),
        (52..80, false) => format!("{} {}", hamlet_kind(home), dice.pick_common(HAMLETS)),
        _ => format!("{} {village}", hamlet_kind(home)),
    }
}

/// A village (kelurahan, desa). The published lists hold districts only, so names are made in the manner of the
/// region: a quarter of the district, or a name of the kind found all over the country.
pub(super) fn village(dice: &mut Dice, home: &District) -> String {
    let halves_already = QUARTERS.iter().any(|quarter| home.name.ends_with(quarter));
    if !halves_already && dice.percent(35) {
        // The Javanese words for the quarters are used on Java alone.
        let count = if matches!(home.regency.province.code, "33" | "34" | "35") { 9 } else { 5 };
        return format!("{} {}", home.name, dice.pick(QUARTERS.get(..count).unwrap_or(QUARTERS)));
    }
    let (heads, tails) = match home.regency.province.code {
        "31" | "32" | "36" => (SUNDANESE_HEADS, SUNDANESE_TAILS),
        "33" | "34" | "35" => (JAVANESE_HEADS, JAVANESE_TAILS),
        "13" | "14" | "15" => (MINANG_HEADS, MINANG_TAILS),
        "12" => (BATAK_HEADS, BATAK_TAILS),
        "51" | "52" => (BALINESE_HEADS, BALINESE_TAILS),
        _ => (OUTER_HEADS, OUTER_TAILS),
    };
    format!("{}{}", dice.pick_common(heads), dice.pick(tails))
}

/// A neighbourhood number (RT or RW): three digits, low ones commonest; 000 where there is none.
pub(super) fn neighbourhood(dice: &mut Dice, most: u32) -> String {
    if dice.percent(2) {
        return "000".to_owned();
    }
    format!("{:03}", 1 + dice.below(most).min(dice.below(most)))
}

fn street(dice: &mut Dice) -> &'static str {
    let list = if dice.percent(55) { FLOWERS } else { FIGURES };
    dice.pick_common(list)
}

fn estate(dice: &mut Dice) -> String {
    let heads = ["GRIYA", "BUMI", "TAMAN", "PURI", "PESONA", "PONDOK", "VILLA", "GRAHA"];
    let tails = ["ASRI", "INDAH", "PERMAI", "LESTARI", "MAS", "SEJAHTERA", "HIJAU", "PERSADA"];
    format!("{} {}", dice.pick(&heads), dice.pick(&tails))
}

fn hamlet_kind(home: &District) -> &'static str {
    match home.regency.province.code {
        "31" | "32" | "36" => "KP",
        "33" | "34" | "35" => "DUSUN",
        "13" => "JORONG",
        "51" => "BR DINAS",
        _ => "DUSUN",
    }
}

fn roman(dice: &mut Dice) -> &'static str {
    dice.pick_common(&["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"])
}

const QUARTERS: &[&str] = &["BARAT", "TIMUR", "UTARA", "SELATAN", "TENGAH", "KIDUL", "LOR", "KULON", "WETAN"];

const FLOWERS: &[&str] = &[
    "MELATI",
    "MAWAR",
    "ANGGREK",
    "KENANGA",
    "CEMPAKA",
    "DAHLIA",
    "FLAMBOYAN",
    "TERATAI",
    "BOUGENVILLE",
    "KAMBOJA",
    "MANGGIS",
    "RAMBUTAN",
    "MANGGA",
    "DURIAN",
    "SALAK",
    "CENDANA",
    "MAHONI",
    "AKASIA",
    "BERINGIN",
    "CEMARA",
    "KUTILANG",
    "MERPATI",
    "ELANG",
    "GARUDA",
    "RAJAWALI",
    "NURI",
    "CENDRAWASIH",
    "MERAPI",
    "SEMERU",
    "BROMO",
    "KRAKATAU",
    "KERINCI",
];

const FIGURES: &[&str] = &[
    "AHMAD YANI",
    "DIPONEGORO",
    "JENDERAL SUDIRMAN",
    "GATOT SUBROTO",
    "KARTINI",
    "IMAM BONJOL",
    "PATTIMURA",
    "HASANUDDIN",
    "TEUKU UMAR",
    "CUT NYAK DIEN",
    "PANGERAN ANTASARI",
    "SISINGAMANGARAJA",
    "DEWI SARTIKA",
    "VETERAN",
    "PAHLAWAN",
    "PEMUDA",
    "MERDEKA",
    "KEMERDEKAAN",
    "PROKLAMASI",
    "PANCASILA",
    "SILIWANGI",
    "HAYAM WURUK",
    "GAJAH MADA",
    "MAJAPAHIT",
    "SRIWIJAYA",
    "RAYA PASAR",
    "MASJID",
    "STASIUN",
    "PELABUHAN",
    "SEKOLAH",
    "BALAI DESA",
];

pub(super) const HAMLETS: &[&str] = &[
    "KRAJAN",
    "SUKAMAJU",
    "KARANGANYAR",
    "SUMBERSARI",
    "MEKARSARI",
    "SIDOMULYO",
    "PASIR",
    "CURUG",
    "BABAKAN",
    "TENGAH",
    "GUNUNGSARI",
    "TANJUNG",
    "MUARA",
    "SUKARAME",
    "RAWASARI",
    "PONDOK",
    "KEBON KELAPA",
    "CIKADU",
    "TEGALREJO",
    "NGADIREJO",
];

const SUNDANESE_HEADS: &[&str] =
    &["SUKA", "MEKAR", "CI", "PASIR", "KARANG", "TANJUNG", "MARGA", "RANCA", "CIBEUREUM ", "NEGLA"];
const SUNDANESE_TAILS: &[&str] =
    &["SARI", "MUKTI", "MAJU", "JAYA", "RAHAYU", "WANGI", "LAKSANA", "MULYA", "HURIP"];
const JAVANESE_HEADS: &[&str] =
    &["SIDO", "SUMBER", "KARANG", "WONO", "BANJAR", "KALI", "TEGAL", "NGADI", "PURWO", "KEDUNG", "GONDANG"];
const JAVANESE_TAILS: &[&str] =
    &["REJO", "MULYO", "SARI", "HARJO", "AGUNG", "KERTO", "TIRTO", "JATI", "DADI"];
const MINANG_HEADS: &[&str] = &["KOTO ", "PADANG ", "SUNGAI ", "LUBUK ", "TANJUNG ", "BATU ", "PASAR "];
const MINANG_TAILS: &[&str] = &["BARU", "GADANG", "ALAM", "LAWEH", "BASUNG", "PANJANG", "BULUH", "TINGGI"];
const BATAK_HEADS: &[&str] =
    &["HUTA ", "SIMPANG ", "LUMBAN ", "PARIK ", "DOLOK ", "BANDAR ", "TANJUNG ", "SEI "];
const BATAK_TAILS: &[&str] = &["BARU", "TINGGI", "RAJA", "MASIHI", "PURBA", "TOBA", "NAULI", "SILAU"];
const BALINESE_HEADS: &[&str] =
    &["BATU", "PENGA", "SUKA", "TEGAL", "UBUNG ", "KEROBOKAN ", "PADANG", "TAMAN"];
const BALINESE_TAILS: &[&str] = &["BULAN", "SARI", "WATI", "KAJA", "KELOD", "ALIT", "LUWIH", "AGUNG"];
const OUTER_HEADS: &[&str] =
    &["SUNGAI ", "TANJUNG ", "PULAU ", "BUKIT ", "MUARA ", "TELUK ", "KAMPUNG ", "WAI ", "LONG ", "KUALA "];
const OUTER_TAILS: &[&str] =
    &["BARU", "RAYA", "HARAPAN", "JAYA", "PINANG", "INDAH", "MAKMUR", "PASIR", "LAMA", "BESAR"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::areas::areas;

    #[test]
    fn every_region_has_addresses_of_capitals() {
        let mut dice = Dice::new(4);
        for position in (0..areas().count()).step_by(7) {
            let home = areas().district(position).expect("a district");
            let village = village(&mut dice, home);
            for text in [street_line(&mut dice, home, &village), village] {
                assert!(!text.is_empty() && text.len() <= 80, "{text}");
                assert!(!text.contains("  ") && text.trim() == text, "{text:?}");
                assert!(!text.bytes().any(|byte| byte.is_ascii_lowercase()), "{text}");
            }
        }
    }

    #[test]
    fn neighbourhoods_have_three_digits() {
        let mut dice = Dice::new(5);
        for _ in 0..1_000 {
            let number = neighbourhood(&mut dice, 20);
            assert!(number.len() == 3 && number.parse::<u32>().is_ok_and(|number| number <= 20), "{number}");
        }
    }
}
