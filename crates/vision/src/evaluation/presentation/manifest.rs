//! Which pictures are bona fide presentations, and which are attacks of which species.

use std::path::{Component, Path, PathBuf};

use csv::{ReaderBuilder, StringRecord, Trim};
use serde::Serialize;

use crate::evaluation::EvaluationError;
use crate::evaluation::listing::{self, line_of};

/// More rows are refused.
pub const MAX_ROWS: usize = 1_000_000;
/// Bytes of the fields of one row.
const MAX_ROW_BYTES: usize = 16 << 10;
/// Characters of a species' name: it becomes a key of the report and a word in its plots.
const MAX_SPECIES: usize = 64;
/// The species of attacks that name none.
pub const UNSPECIFIED: &str = "unspecified";

/// What a presentation is in truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// A living person before the camera, as the system wants it.
    BonaFide,
    /// Anything meant to pass for one.
    Attack,
}

impl Label {
    /// As manifests and reports write it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::BonaFide => "bona_fide",
            Self::Attack => "attack",
        }
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presentation {
    /// The picture, relative to the folder of pictures, and never leading out of it.
    pub path: PathBuf,
    /// What it shows.
    pub label: Label,
    /// The species of presentation attack instrument; empty for bona fide presentations.
    pub species: String,
}

/// Reads a manifest. Its first line names the columns `path`, `label` and `species`, in any order; others are not read.
///
/// # Errors
/// [`EvaluationError::Row`] with the line for a label that is neither `bona_fide` nor `attack`, a path that is absolute
/// or leads out of the folder, and rows beyond the bounds; [`EvaluationError::Listing`] where a column is missing or
/// there is no row.
pub fn read(file: &Path) -> Result<Vec<Presentation>, EvaluationError> {
    parse(&listing::read(file)?, file)
}

fn parse(content: &[u8], file: &Path) -> Result<Vec<Presentation>, EvaluationError> {
    let unusable = |what: String| EvaluationError::Listing { path: file.into(), what };
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(content);
    let names = reader.headers().map_err(|_| unusable("the first line is not UTF-8".into()))?.clone();
    let column = |name: &str| {
        let found = names.iter().position(|found| found.eq_ignore_ascii_case(name));
        let what =
            format!("the first line has to name the columns path, label and species; {name} is missing");
        found.ok_or_else(|| unusable(what))
    };
    let columns = [column("path")?, column("label")?, column("species")?];

    let mut presentations = Vec::new();
    for record in reader.records() {
        let row = |line: u64, what: String| EvaluationError::Row { path: file.into(), line, what };
        let record = record.map_err(|error| {
            let what = "not as many columns as the header, or not UTF-8";
            row(line_of(content, error.position()), what.into())
        })?;
        let line = line_of(content, record.position());
        if presentations.len() == MAX_ROWS {
            return Err(row(line, format!("more than {MAX_ROWS} rows")));
        }
        presentations.push(presentation(&record, columns).map_err(|what| row(line, what))?);
    }
    if presentations.is_empty() {
        return Err(unusable("there is no row below the header".into()));
    }
    Ok(presentations)
}

/// One row, or what is wrong with it.
fn presentation(record: &StringRecord, columns: [usize; 3]) -> Result<Presentation, String> {
    if record.as_slice().len() > MAX_ROW_BYTES {
        return Err(format!("longer than {MAX_ROW_BYTES} bytes"));
    }
    let [path, label, species] = columns.map(|column| record.get(column).unwrap_or_default());
    let path = inside(path)?;
    let label = label_of(label)?;
    if species.chars().count() > MAX_SPECIES || species.chars().any(char::is_control) {
        return Err(format!("a species is a line of at most {MAX_SPECIES} characters"));
    }
    let species = match label {
        Label::BonaFide => "",
        Label::Attack if species.is_empty() => UNSPECIFIED,
        Label::Attack => species,
    };
    Ok(Presentation { path, label, species: species.to_owned() })
}

fn label_of(text: &str) -> Result<Label, String> {
    let known =
        [Label::BonaFide, Label::Attack].into_iter().find(|label| text.eq_ignore_ascii_case(label.key()));
    known.ok_or_else(|| format!("the label has to be bona_fide or attack, not {:?}", shortened(text)))
}

/// A path that stays below where it starts.
fn inside(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let mut parts = path.components();
    if parts.clone().all(|part| part == Component::CurDir) {
        return Err("the path is empty".into());
    }
    if !parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err("the path has to be relative to --images and must not contain ..".into());
    }
    Ok(path)
}

/// As much of a text as an error should repeat.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_text(text: &str) -> Result<Vec<Presentation>, String> {
        parse(text.as_bytes(), Path::new("manifest.csv")).map_err(|error| error.to_string())
    }

    fn row(path: &str, label: Label, species: &str) -> Presentation {
        Presentation { path: path.into(), label, species: species.into() }
    }

    #[test]
    fn manifests_are_read_as_people_write_them() {
        use Label::{Attack, BonaFide};
        let table = [
            ("plain", "path,label,species\na.jpg,bona_fide,\n", vec![row("a.jpg", BonaFide, "")]),
            (
                "any order, further columns, CRLF",
                "session,Species,path,LABEL\r\n3,tablet,x/a.jpg,attack\r\n4,,b.jpg,bona_fide\r\n",
                vec![row("x/a.jpg", Attack, "tablet"), row("b.jpg", BonaFide, "")],
            ),
            (
                "quoted, spaces, no newline at the end",
                "path,label,species\n\"a, b.jpg\", attack ,\" print, cut\"",
                vec![row("a, b.jpg", Attack, "print, cut")],
            ),
            (
                "unspecified",
                "path,label,species\n./a.jpg,Attack,\n",
                vec![row("./a.jpg", Attack, UNSPECIFIED)],
            ),
            (
                "a species of a bona fide row says nothing",
                "path,label,species\na.jpg,bona_fide,none\n",
                vec![row("a.jpg", BonaFide, "")],
            ),
        ];
        for (case, text, expected) in table {
            assert_eq!(read_text(text), Ok(expected), "{case}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_line() {
        let long = format!("path,label,species\n{}.jpg,attack,x\n", "a".repeat(MAX_ROW_BYTES));
        let wordy = format!("path,label,species\na.jpg,attack,{}\n", "x".repeat(MAX_SPECIES + 1));
        let table = [
            (
                "path,label,species\na.jpg,bona_fide,\nb.jpg,live,\n",
                "line 3: the label has to be bona_fide or attack, not \"live\"",
            ),
            ("path,label,species\n\n\n/etc/a.jpg,attack,x\n", "line 4: the path has to be relative"),
            ("path,label,species\na/../../b.jpg,attack,x\n", "line 2: the path has to be relative"),
            ("path,label,species\n,attack,x\n", "line 2: the path is empty"),
            ("path,label,species\n.,attack,x\n", "line 2: the path is empty"),
            ("path,label,species\na.jpg,attack\n", "line 2: not as many columns"),
            ("path,label,species\na.jpg,attack,\"two\nlines\"\n", "line 2: a species is a line"),
            (wordy.as_str(), "line 2: a species is a line"),
            (long.as_str(), "line 2: longer than"),
            ("path,label\na.jpg,attack\n", "species is missing"),
            ("file,label,species\na.jpg,attack,x\n", "path is missing"),
            ("path,label,species\n", "there is no row"),
            ("", "path is missing"),
        ];
        for (text, expected) in table {
            let error = read_text(text).expect_err(expected);
            assert!(error.contains(expected), "{expected}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_content_breaks_it_and_no_path_leads_out(content in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut text = b"path,label,species\n".to_vec();
            text.extend(content);
            for presentation in parse(&text, Path::new("manifest.csv")).unwrap_or_default() {
                prop_assert!(presentation.path.is_relative());
                prop_assert!(!presentation.path.components().any(|part| part == Component::ParentDir));
            }
        }

        #[test]
        fn what_a_csv_writer_writes_is_read_again(
            rows in proptest::collection::vec(("[a-z][a-z0-9 ,\"'é/-]{0,20}[a-z]", any::<bool>(), "[a-z ,\"'=é]{0,20}"), 1..20),
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["species", "path", "label"]).expect("memory");
            let expected: Vec<Presentation> = rows.into_iter().map(|(path, attack, species)| {
                let species = species.trim().to_owned();
                let label = if attack { Label::Attack } else { Label::BonaFide };
                writer.write_record([species.as_str(), path.as_str(), label.key()]).expect("memory");
                let species = match (attack, species.is_empty()) {
                    (false, _) => String::new(),
                    (true, true) => UNSPECIFIED.into(),
                    (true, false) => species,
                };
                Presentation { path: path.into(), label, species }
            }).collect();
            let text = writer.into_inner().expect("memory");
            prop_assert_eq!(parse(&text, Path::new("manifest.csv")).map_err(|error| error.to_string()), Ok(expected));
        }
    }
}
