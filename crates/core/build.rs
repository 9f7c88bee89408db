//! Turns the lists under `data/` into sorted tables, so that a malformed list fails the build and not a request.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/person_name/old_spelling.rs"]
mod old_spelling;

type Lists = BTreeMap<String, Vec<String>>;

fn main() -> Result<(), Box<dyn Error>> {
    let data = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("no manifest directory")?).join("data");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no output directory")?);
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=src/person_name/old_spelling.rs");

    fs::write(out.join("areas.rs"), areas(&data)?)?;
    fs::write(out.join("place_names.rs"), place_names(&data)?)?;
    fs::write(out.join("coded.rs"), coded(&data)?)?;
    fs::write(out.join("person_names.rs"), person_names(&data)?)?;
    Ok(())
}

fn lists(data: &Path, name: &str) -> Result<Lists, Box<dyn Error>> {
    Ok(serde_json::from_slice(&fs::read(data.join(name))?)?)
}

/// Letters and digits alone.
fn key(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Inserts, and refuses a key that already stands for something else.
fn put<V: PartialEq>(map: &mut BTreeMap<String, V>, key: String, value: V) -> Result<(), Box<dyn Error>> {
    match map.get(&key) {
        Some(held) if *held != value => Err(format!("{key} stands for two values").into()),
        _ => {
            map.insert(key, value);
            Ok(())
        }
    }
}

/// District codes as sorted numbers; provinces and regencies are their prefixes.
fn areas(data: &Path) -> Result<String, Box<dyn Error>> {
    let districts: BTreeMap<String, String> =
        serde_json::from_slice(&fs::read(data.join("districts.json"))?)?;
    let mut codes = BTreeSet::new();
    for (regency, list) in &districts {
        for district in list.split(' ') {
            codes.insert(format!("{regency}{district}").parse::<u32>()?);
        }
    }
    Ok(format!("pub(crate) static DISTRICTS: [u32; {}] = {codes:?};\n", codes.iter().len())
        .replace('{', "[")
        .replace('}', "]"))
}

/// Names of provinces and regencies: what each key is another name of, and as which types a regency's name exists.
fn place_names(data: &Path) -> Result<String, Box<dyn Error>> {
    let mut provinces = BTreeMap::new();
    for (canonical, synonyms) in lists(data, "place_synonyms.json")? {
        for synonym in synonyms {
            put(&mut provinces, key(&synonym), key(&canonical))?;
        }
    }

    let mut renamed = BTreeMap::new();
    let mut types: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    for names in lists(data, "regencies.json")?.into_values() {
        let mut keys = BTreeSet::new();
        for name in &names {
            let (city, bare) = regency_name(name).ok_or_else(|| format!("{name} has no type"))?;
            let held = types.entry(bare.clone()).or_default();
            *held = (held.0 || !city, held.1 || city);
            keys.insert(bare);
        }
        let mut keys = keys.into_iter();
        if let Some(canonical) = keys.next() {
            for other in keys {
                put(&mut renamed, other, canonical.clone())?;
            }
        }
    }

    let mut out = String::new();
    pairs(&mut out, "PROVINCE_SYNONYMS", &provinces)?;
    pairs(&mut out, "REGENCY_SYNONYMS", &renamed)?;
    writeln!(
        out,
        "pub(crate) static REGENCY_TYPES: &[(&str, (bool, bool))] = &{:?};",
        types.into_iter().collect::<Vec<_>>()
    )?;
    Ok(out)
}

/// Whether the name is a city's, and its key without the type.
fn regency_name(name: &str) -> Option<(bool, String)> {
    let words: Vec<String> = name.split_whitespace().map(key).collect();
    let (city, rest) = match words.split_first()? {
        (first, rest) if first == "KOTA" => (true, rest),
        (first, rest) if first == "KAB" || first == "KABUPATEN" => (false, rest),
        _ => return None,
    };
    let bare = rest.iter().filter(|word| *word != "ADM" && *word != "ADMINISTRASI");
    Some((city, bare.map(|word| if word == "KEP" { "KEPULAUAN" } else { word }).collect()))
}

/// Coded values: every key with the index of its canonical value.
fn coded(data: &Path) -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    for (file, name) in [
        ("genders.json", "GENDERS"),
        ("marital_statuses.json", "MARITAL_STATUSES"),
        ("job_types.json", "JOB_TYPES"),
    ] {
        let mut keys = BTreeMap::new();
        for (canonical, aliases) in lists(data, file)? {
            for alias in aliases.iter().chain([&canonical]) {
                put(&mut keys, key(alias), canonical.clone())?;
            }
        }
        pairs(&mut out, name, &keys)?;
    }
    Ok(out)
}

/// Titles and spelling families of personal names.
fn person_names(data: &Path) -> Result<String, Box<dyn Error>> {
    let titles = lists(data, "name_titles.json")?;
    let also_names: BTreeSet<String> =
        titles.get("also_names").ok_or("no also_names")?.iter().map(|title| key(title)).collect();
    let mut out = String::new();
    let mut most_words = 0;
    for (list, name) in [("prefix", "PREFIX_TITLES"), ("suffix", "SUFFIX_TITLES")] {
        let rows: BTreeSet<(String, usize, bool)> = titles
            .get(list)
            .ok_or("a list of titles is missing")?
            .iter()
            .map(|title| (key(title), title.split(' ').count(), also_names.contains(&key(title))))
            .collect();
        most_words = rows.iter().map(|(_, words, _)| *words).chain([most_words]).max().unwrap_or_default();
        writeln!(
            out,
            "pub(crate) static {name}: &[(&str, usize, bool)] = &{:?};",
            rows.into_iter().collect::<Vec<_>>()
        )?;
    }
    writeln!(out, "/// The words of the longest title.")?;
    writeln!(out, "pub(crate) const MOST_TITLE_WORDS: usize = {most_words};")?;

    let mut families = BTreeMap::new();
    let mut two_words: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (canonical, variants) in lists(data, "name_variants.json")? {
        let spelled: String = canonical.split(' ').map(old_spelling::modern).collect();
        for form in variants.iter().chain([&canonical]).filter(|form| !form.contains(' ')) {
            put(&mut families, form.clone(), spelled.clone())?;
            put(&mut families, old_spelling::modern(form).into_owned(), spelled.clone())?;
        }
        // Variants of two words (I MD) are looked for word by word.
        for (first, second) in variants.iter().filter_map(|form| form.split_once(' ')) {
            two_words.entry(first.to_owned()).or_default().push((second.to_owned(), spelled.clone()));
        }
    }
    let two_words: Vec<_> = two_words.iter().map(|(first, rest)| format!("({first:?}, &{rest:?})")).collect();
    writeln!(out, "pub(crate) static TWO_WORDS: &[(&str, &[(&str, &str)])] = &[{}];", two_words.join(", "))?;
    pairs(&mut out, "FAMILIES", &families)?;
    Ok(out)
}

fn pairs(out: &mut String, name: &str, map: &BTreeMap<String, String>) -> Result<(), std::fmt::Error> {
    writeln!(out, "pub(crate) static {name}: &[(&str, &str)] = &{:?};", map.iter().collect::<Vec<_>>())
}
