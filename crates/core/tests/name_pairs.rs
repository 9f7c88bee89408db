//! Labelled pairs of names: whether they pass the usual threshold of 90, and by which rule.

use absah_core::person_name::similarity;
use absah_core::rule::Rule::{
    self, CanonicalSpelling, ConfusableSpelling, EditDistance, Equal, EqualWithoutSpaces, Initials,
    NothingToCompare, ShortName, WorstToken,
};

/// The usual threshold.
const THRESHOLD: u8 = 90;

struct Pair(&'static str, &'static str, bool, Rule, &'static str);

const SAME: bool = true;
const OTHER: bool = false;

#[rustfmt::skip]
const PAIRS: &[Pair] = &[
    // how it is written
    Pair("BUDI SANTOSO", "BUDI SANTOSO", SAME, Equal, "the same"),
    Pair("budi santoso", "BUDI SANTOSO", SAME, Equal, "case"),
    Pair("  Budi   Santoso ", "BUDI SANTOSO", SAME, Equal, "spaces"),
    Pair("JOSÉ RAMÓN", "JOSE RAMON", SAME, Equal, "marks"),
    Pair("NUR'AINI", "NURAINI", SAME, Equal, "apostrophes join"),
    Pair("NUR\u{2019}AINI", "NUR'AINI", SAME, Equal, "typographic apostrophe"),
    Pair("MA\u{2018}RUF AMIN", "MA`RUF AMIN", SAME, Equal, "opening quote and grave accent"),
    Pair("SITI NUR-HALIZA", "SITI NUR HALIZA", SAME, Equal, "hyphens split"),
    Pair("M.RIZKI", "M RIZKI", SAME, Equal, "dots split"),
    Pair("ＢＵＤＩ ＳＡＮＴＯＳＯ", "BUDI SANTOSO", SAME, Equal, "full-width letters"),
    Pair("NURHALIZA", "NUR HALIZA", SAME, EqualWithoutSpaces, "written in one or two words"),
    Pair("SRI MULYANI", "SRIMULYANI", SAME, EqualWithoutSpaces, "written in one or two words"),
    // spelling families
    Pair("MUHAMMAD RIZKI", "MOCH RIZKI", SAME, CanonicalSpelling, "family of MUHAMMAD"),
    Pair("MUHAMMAD RIZKI", "MOH. RIZKI", SAME, CanonicalSpelling, "family of MUHAMMAD, dotted"),
    Pair("MHD RIZKI", "MOCHAMAD RIZKI", SAME, CanonicalSpelling, "two short forms"),
    Pair("RIZKI MUHAMMAD", "RIZKI MUHAMAD", SAME, CanonicalSpelling, "family at the end"),
    Pair("ABD RAHMAN", "ABDUL RAHMAN", SAME, CanonicalSpelling, "ABD"),
    Pair("ACHMAD FAUZI", "AHMAD FAUZI", SAME, CanonicalSpelling, "ACHMAD"),
    Pair("ST AMINAH", "SITI AMINAH", SAME, CanonicalSpelling, "ST before a name is SITI"),
    Pair("ST. AMINAH", "SITI AMINAH", SAME, CanonicalSpelling, "ST. before a name is SITI"),
    Pair("NOER AINI", "NUR AINI", SAME, CanonicalSpelling, "NOER"),
    Pair("IB MANTRA", "IDA BAGUS MANTRA", SAME, CanonicalSpelling, "IB"),
    Pair("I GST PUTU", "I GUSTI PUTU", SAME, CanonicalSpelling, "I GST"),
    // old spelling
    Pair("SOEKARNO", "SUKARNO", SAME, CanonicalSpelling, "OE is U"),
    Pair("DJOKO SUSILO", "JOKO SUSILO", SAME, CanonicalSpelling, "DJ is J"),
    Pair("TJOKRO AMINOTO", "COKRO AMINOTO", SAME, CanonicalSpelling, "TJ is C"),
    Pair("NJOMAN SUTA", "NYOMAN SUTA", SAME, CanonicalSpelling, "NJ is NY"),
    Pair("SJAHRIR", "SYAHRIR", SAME, CanonicalSpelling, "SJ is SY"),
    Pair("CHAIRUL ANWAR", "KHAIRUL ANWAR", SAME, CanonicalSpelling, "CH is KH"),
    Pair("SOERJADI", "SURYADI", SAME, CanonicalSpelling, "the J of an old name is Y"),
    // confusable letters
    Pair("SUPRIYADI", "SUPRIADI", SAME, ConfusableSpelling, "the glide of IYA"),
    Pair("EVI FITRIANI", "EFI PITRIANI", SAME, ConfusableSpelling, "V, F, P"),
    Pair("TAUFIQ HIDAYAT", "TAUFIK HIDAYAT", SAME, ConfusableSpelling, "Q, K"),
    Pair("FAIZAL", "FAISAL", SAME, ConfusableSpelling, "Z, S"),
    Pair("WIDHI", "WIDI", SAME, ConfusableSpelling, "DH, D"),
    Pair("SYARIFUDIN", "SARIFUDIN", SAME, ConfusableSpelling, "SY, S"),
    Pair("ALEX", "ALEKS", SAME, ConfusableSpelling, "KS, X"),
    Pair("THERESIA", "TERESIA", SAME, ConfusableSpelling, "TH, T"),
    Pair("NURUDDIN", "NURUDIN", SAME, ConfusableSpelling, "a letter written once or twice"),
    Pair("ANNISA", "ANISSA", SAME, ConfusableSpelling, "a letter written once or twice, two times"),
    Pair("KHAIRUNNISAA", "KHAIRUNISA", SAME, ConfusableSpelling, "vowels as well"),
    Pair("SHOLEH", "SOLEH", SAME, ConfusableSpelling, "SH, S"),
    Pair("DZULFIKAR", "ZULFIKAR", SAME, ConfusableSpelling, "DZ, Z"),
    Pair("AGUS SALIM", "AGU SALIM", SAME, EditDistance, "no folding across words, though the distance is small"),
    Pair("AGUS YANI", "AGUS ANI", OTHER, EditDistance, "no folding across words"),
    // initials
    Pair("M RIZKI", "MUHAMMAD RIZKI", SAME, Initials, "one initial"),
    Pair("A. RAHMAN", "ABDUL RAHMAN", SAME, Initials, "one dotted initial"),
    Pair("BUDI S", "BUDI SANTOSO", SAME, Initials, "initial at the end"),
    Pair("A B SANTOSO", "AGUS BUDI SANTOSO", OTHER, Initials, "two initials cost too much"),
    Pair("M RIZKI", "AHMAD RIZKI", OTHER, EditDistance, "another initial"),
    Pair("A RIZKI", "M RIZKI", OTHER, EditDistance, "two initials that differ"),
    Pair("B S", "BUDI SANTOSO", OTHER, ShortName, "no full word"),
    Pair("ANI S", "ANI SARI", OTHER, ShortName, "four letters in all: too few to guess a word from one"),
    Pair("A. ALI", "ABDUL ALI", OTHER, ShortName, "A is one of too many names"),
    Pair("M ALI", "MEGA ALI", OTHER, ShortName, "M is no other name than MUHAMMAD"),
    Pair("M ALI", "MUHAMMAD ALI", SAME, Initials, "M is how MUHAMMAD is written"),
    Pair("M. ALI", "MOCH. ALI", SAME, Initials, "M beside another short form"),
    Pair("ANI SARI", "A SARI", SAME, Initials, "five letters in all"),
    Pair("M. ABD. RAHMAN", "MUHAMMAD ABDUL RAHMAN", SAME, Initials, "a spelling family beside an initial costs nothing"),
    Pair("A. B. SOEKARNO WIBOWO", "AGUS BUDI SUKARNO WIBOWO", OTHER, Initials, "nor does it help"),
    Pair("M", "MUHAMMAD", OTHER, ShortName, "an initial is no name, nor MUHAMMAD"),
    Pair("V RIZKI", "F RIZKI", OTHER, EditDistance, "no folding of a single letter"),
    // titles
    Pair("BUDI SANTOSO, S.H., M.M.", "BUDI SANTOSO", SAME, Equal, "behind a comma"),
    Pair("DR. IR. BUDI SANTOSO", "BUDI SANTOSO", SAME, Equal, "before the name"),
    Pair("PROF BUDI SANTOSO S.PD.I", "BUDI SANTOSO", SAME, Equal, "dotted, without a comma"),
    Pair("BUDI SANTOSO S. KOM", "BUDI SANTOSO", SAME, Equal, "a degree in two parts"),
    Pair("DRS BUDI SANTOSO", "DRA BUDI SANTOSO", SAME, Equal, "titles of both"),
    Pair("H BUDI SANTOSO", "BUDI SANTOSO", SAME, Equal, "H may be a title"),
    Pair("H. BUDI SANTOSO SE", "BUDI SANTOSO", SAME, Equal, "doubtful titles at both ends"),
    Pair("H BUDI", "BUDI SE", SAME, Equal, "a doubtful title of each"),
    Pair("HJ. SITI AMINAH", "SITI AMINAH", SAME, Equal, "HJ"),
    Pair("ANDI MALLARANGENG", "MALLARANGENG", SAME, Equal, "a noble element may be missing on one side"),
    Pair("ANDI SAPUTRA", "TEUKU SAPUTRA", OTHER, EditDistance, "but not be another one"),
    Pair("H. ANDI BUDI SANTOSO", "ANDI BUDI SANTOSO", SAME, Equal, "the outermost title alone is left out"),
    Pair("H. ANDI RIZAL", "ANDI RIZAL", SAME, Equal, "the outermost title alone is left out"),
    Pair("H. TEUKU ISKANDAR", "TEUKU ISKANDAR", SAME, Equal, "the outermost title alone is left out"),
    Pair("H. R. SUTRISNO", "R SUTRISNO", SAME, Equal, "the outermost title alone is left out"),
    Pair("H. R. SUTRISNO", "SUTRISNO", SAME, Equal, "or all of them"),
    Pair("H ANDI BUDI SE ST", "ANDI BUDI SE", SAME, Equal, "at both ends"),
    Pair("H. RADEN MAS SUTRISNO", "RADEN MAS SUTRISNO", SAME, Equal, "a title of two words stays whole"),
    Pair("RADEN BUDI SANTOSO", "H. BUDI SANTOSO", SAME, Equal, "a dot says which is a title"),
    Pair("R. BUDI SANTOSO", "H. BUDI SANTOSO", SAME, Equal, "two dots say it of both"),
    Pair("RADEN BUDI SANTOSO", "H BUDI SANTOSO", OTHER, EditDistance, "without a dot neither is known to be one"),
    Pair("ANDI BUDI SANTOSO", "TEUKU BUDI SANTOSO", OTHER, EditDistance, "two names, both undotted"),
    Pair("ANDI", "ANDI", SAME, Equal, "a name that could be a title"),
    Pair("ANDI", "TEUKU", OTHER, ShortName, "never dropped to nothing"),
    Pair("RADEN MAS SUTRISNO", "SUTRISNO", SAME, Equal, "a title of two words"),
    Pair("HARTONO", "H ARTONO", SAME, EqualWithoutSpaces, "as it would without the title"),
    // patronymics
    Pair("AHMAD BIN ISMAIL", "AHMAD ISMAIL", SAME, Equal, "the particle is ignored"),
    Pair("AHMAD BIN ISMAIL", "AHMAD", SAME, Equal, "a missing patronymic is neutral"),
    Pair("SITI BINTI SLAMET", "SITI BT SLAMET", SAME, Equal, "BINTI and BT"),
    Pair("AHMAD B ISMAIL", "AHMAD BIN ISMAIL", SAME, Equal, "B beside BIN"),
    Pair("AHMAD BIN ISMAIL", "AHMAD BIN SULAIMAN", OTHER, EditDistance, "another father"),
    Pair("MUHAMMAD RIZKI MAULANA BIN ALI", "MUHAMMAD RIZKI MAULANA BIN ADI", OTHER, ShortName, "another father of a long name"),
    Pair("BIN SLAMET", "SLAMET", OTHER, EditDistance, "BIN without a name before it is a name"),
    Pair("AHMAD BIN H. ISMAIL", "AHMAD BIN ISMAIL", SAME, Equal, "a title of the father"),
    Pair("AHMAD BIN HAJI ISMAIL", "AHMAD ISMAIL", SAME, Equal, "a title of the father"),
    Pair("AHMAD BIN KH. ISMAIL", "AHMAD BIN DRS. ISMAIL", SAME, Equal, "two titles of the father"),
    Pair("AHMAD BIN HAJI", "AHMAD BIN HASAN", OTHER, ShortName, "a father whose name equals a title"),
    Pair("JUMADI ALIAS BEJO", "JUMADI", SAME, Equal, "a missing other name is neutral"),
    Pair("JUMADI ALIAS BEJO", "JUMADI AL BEJO", SAME, Equal, "AL beside ALIAS"),
    Pair("JUMADI ALIAS BEJO", "JUMADI ALIAS TOLE", OTHER, ShortName, "another other name"),
    Pair("MUHAMMAD AL FATIH", "MUHAMMAD", OTHER, EditDistance, "AL alone is part of the name"),
    // short names
    Pair("ANI", "ANA", OTHER, ShortName, "one letter is too much of three"),
    Pair("BUDI", "BUDO", OTHER, ShortName, "one letter is too much of four"),
    Pair("EVI", "EFI", SAME, ConfusableSpelling, "but a key may be equal"),
    Pair("ALI", "ALI", SAME, Equal, "equal"),
    // distance
    Pair("BUDI SANTOSO", "BUDI SANTOSA", SAME, EditDistance, "passes, as with the registry's own scoring"),
    Pair("SANTOSO BUDI UTOMO", "BUDI UTOMO SANTOSO", SAME, EditDistance, "words in another order"),
    Pair("BUDI SANTOSO", "BUDI HARTONO", OTHER, EditDistance, "another family name"),
    Pair("BUDI SANTOSO", "ANDI SANTOSO", OTHER, EditDistance, "another given name"),
    Pair("DEWI SARTIKA", "BUDI SANTOSO", OTHER, EditDistance, "somebody else"),
    Pair("SANTOSO", "SANTOSA", OTHER, EditDistance, "a single word weighs more"),
    Pair("BUDI", "BUDI SANTOSO", OTHER, ShortName, "a part of the name"),
    // nothing
    Pair("", "BUDI", OTHER, NothingToCompare, "empty"),
    Pair("-", "BUDI", OTHER, NothingToCompare, "a dash"),
    Pair("...", "...", OTHER, NothingToCompare, "nothing on either side"),
];

#[test]
fn pairs_pass_or_not_for_the_reason_given() {
    assert!(PAIRS.len() >= 60);
    let mut wrong = Vec::new();
    for Pair(a, b, same, rule, why) in PAIRS {
        let (score, decided) = similarity(a, b, false);
        if (score >= THRESHOLD, decided) != (*same, *rule) {
            wrong.push(format!("{a} / {b} ({why}): {score} by {}", decided.key()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn documented_scores() {
    let rows = [
        ("MUHAMMAD RIZKI", "MOCH RIZKI", false, (97, CanonicalSpelling)),
        ("NURHALIZA", "NUR HALIZA", false, (100, EqualWithoutSpaces)),
        ("SUPRIYADI", "SUPRIADI", false, (93, ConfusableSpelling)),
        ("M RIZKI", "MUHAMMAD RIZKI", false, (92, Initials)),
        ("A B SANTOSO", "AGUS BUDI SANTOSO", false, (84, Initials)),
        ("BUDI SANTOSO", "BUDI SANTOSA", false, (92, EditDistance)),
        ("BUDI SANTOSO", "BUDI SANTOSA", true, (86, WorstToken)),
        ("SANTOSO BUDI UTOMO", "BUDI UTOMO SANTOSO", false, (97, EditDistance)),
        ("SANTOSO BUDI UTOMO", "BUDI UTOMO SANTOSO", true, (97, EditDistance)),
        ("MUHAMMAD RIZKI", "MOCH RIZKI", true, (97, CanonicalSpelling)),
    ];
    for (a, b, per_token, expected) in rows {
        assert_eq!(similarity(a, b, per_token), expected, "{a} / {b} per_token {per_token}");
    }
}

#[test]
fn overlong_names_are_compared_for_equality_alone() {
    let long = "BUDI ".repeat(20_000);
    assert_eq!(similarity(&long, &long, false), (100, Equal));
    assert_eq!(similarity(&long, &format!("{long}X"), false), (0, EditDistance));
}
