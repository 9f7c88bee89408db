//! Which pictures are compared with which.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::attributes::Attribute;
use crate::evaluation::EvaluationError;
use crate::evaluation::listing::{self, line_of};

/// The pairs of a file, by the index of their pictures.
#[derive(Debug)]
pub(super) struct PairList {
    pub(super) pictures: Vec<Listed>,
    pub(super) pairs: Vec<Pair>,
    /// What further columns say of the pairs.
    pub(super) attributes: Vec<Attribute>,
}

/// A picture and its name within the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) path: PathBuf,
    pub(super) name: String,
}

/// Two pictures, and whether they show the same person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) same: bool,
}

/// Pictures with their person, for all pairs.
#[derive(Debug)]
pub(super) struct People {
    pub(super) pictures: Vec<Listed>,
    pub(super) person_of: Vec<usize>,
}

/// Numbers of pairs as labelled, whether or not their pictures show a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Labelled {
    pub(super) genuine: u64,
    pub(super) impostor: u64,
}

impl PairList {
    pub(super) fn labelled(&self) -> Labelled {
        let genuine = self.pairs.iter().filter(|pair| pair.same).count() as u64;
        Labelled { genuine, impostor: self.pairs.len() as u64 - genuine }
    }
}

impl People {
    pub(super) fn labelled(&self) -> Labelled {
        let pairs_of = |count: u64| count * count.saturating_sub(1) / 2;
        let mut sizes: HashMap<usize, u64> = HashMap::new();
        for person in &self.person_of {
            *sizes.entry(*person).or_default() += 1;
        }
        let genuine = sizes.values().copied().map(pairs_of).sum();
        Labelled { genuine, impostor: pairs_of(self.pictures.len() as u64) - genuine }
    }
}

/// Reads a pairs file; the paths in it are relative to `images`.
pub(super) fn read(csv: &Path, images: &Path) -> Result<PairList, EvaluationError> {
    let content = listing::read(csv)?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(content.as_slice());
    let header = || EvaluationError::Header { path: csv.into() };
    let names = reader.headers().map_err(|_| header())?.clone();
    let column =
        |name: &str| names.iter().position(|found| found.eq_ignore_ascii_case(name)).ok_or_else(header);
    let columns = [column("left")?, column("right")?, column("same")?];

    let mut attributes = Attribute::of_header(&names, &columns);
    let mut list = PairList { pictures: Vec::new(), pairs: Vec::new(), attributes: Vec::new() };
    let mut known: HashMap<String, usize> = HashMap::new();
    for record in reader.records() {
        let row = |line: u64, what: String| EvaluationError::Row { path: csv.into(), line, what };
        let record = record.map_err(|error| {
            let what = "not as many columns as the header, or not UTF-8";
            row(line_of(&content, error.position()), what.into())
        })?;
        let line = line_of(&content, record.position());
        let [left, right, same] = columns.map(|column| record.get(column).unwrap_or_default());
        let same =
            truth(same).ok_or_else(|| row(line, "same has to be 1, 0, true, false, yes or no".into()))?;
        let mut index = |name: &str| match known.get(name) {
            Some(index) => Ok(*index),
            None => {
                let path = images.join(name);
                if name.is_empty() || !path.is_file() {
                    return Err(row(line, format!("there is no picture {}", path.display())));
                }
                list.pictures.push(Listed { path, name: name.to_owned() });
                known.insert(name.to_owned(), list.pictures.len() - 1);
                Ok(list.pictures.len() - 1)
            }
        };
        let (left, right) = (index(left)?, index(right)?);
        list.pairs.push(Pair { left, right, same });
        for (place, attribute) in &mut attributes {
            attribute.push(record.get(*place).unwrap_or_default());
        }
    }
    list.attributes = attributes.into_iter().map(|(_, attribute)| attribute).collect();
    Ok(list)
}

/// Every picture below a folder of people, one folder a person; in the order of their names.
pub(super) fn of_people(root: &Path) -> Result<People, EvaluationError> {
    let mut people = People { pictures: Vec::new(), person_of: Vec::new() };
    let folders = entries(root)?.into_iter().filter(|path| path.is_dir());
    for (person, folder) in folders.enumerate() {
        for picture in entries(&folder)?.into_iter().filter(|path| is_picture(path)) {
            let name = picture.strip_prefix(root).unwrap_or(&picture).to_string_lossy().into_owned();
            people.pictures.push(Listed { path: picture, name });
            people.person_of.push(person);
        }
    }
    Ok(people)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, EvaluationError> {
    let failed = |source| EvaluationError::Read { path: folder.into(), source };
    let entries = fs::read_dir(folder).map_err(failed)?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    paths.sort();
    Ok(paths)
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["jpg", "jpeg", "png"].iter().any(|known| extension.eq_ignore_ascii_case(known)) && path.is_file()
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" => Some(true),
        "0" | "false" | "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(csv: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["a.jpg", "b.jpg", "c.jpg"] {
            fs::write(folder.path().join(name), b"").expect("a picture");
        }
        let file = folder.path().join("pairs.csv");
        fs::write(&file, csv).expect("a pairs file");
        (folder, file)
    }

    #[test]
    fn labels_and_columns_are_read_as_people_write_them() {
        let text =
            "\u{feff}Same,note,LEFT,right\r\n1,x,a.jpg,b.jpg\r\nno,,a.jpg,c.jpg\nTRUE,, c.jpg ,c.jpg\n";
        let (folder, file) = folder_with(text);
        let list = read(&file, folder.path()).expect("readable");
        let names: Vec<&str> = list.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
        assert_eq!(names, ["note"], "a further column is an attribute");
        assert_eq!(list.pictures.len(), 3, "a picture named twice is listed once");
        let pair = |left, right, same| Pair { left, right, same };
        assert_eq!(list.pairs, [pair(0, 1, true), pair(0, 2, false), pair(2, 2, true)]);
        assert_eq!(list.labelled(), Labelled { genuine: 2, impostor: 1 });
    }

    #[test]
    fn a_bad_row_is_told_with_its_line() {
        let table = [
            ("left,right,same\na.jpg,b.jpg,1\na.jpg,b.jpg,maybe\n", "line 3: same has to be"),
            ("left,right,same\na.jpg,missing.jpg,1\n", "line 2: there is no picture"),
            ("left,right,same\n\na.jpg,,0\n", "line 3: there is no picture"),
            ("left,right,same\na.jpg,b.jpg\n", "line 2: not as many columns"),
            ("left,right\na.jpg,b.jpg\n", "columns left, right and same"),
            ("", "columns left, right and same"),
        ];
        for (text, expected) in table {
            let (folder, file) = folder_with(text);
            let error = read(&file, folder.path()).expect_err(expected).to_string();
            assert!(error.contains(expected), "{expected}: {error}");
        }
    }

    #[test]
    fn people_are_folders() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["ani/1.jpg", "ani/2.png", "ani/notes.txt", "budi/1.JPEG", "citra/none.txt"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a person")).expect("a folder");
            fs::write(path, b"").expect("a file");
        }
        let people = of_people(folder.path()).expect("readable");
        assert_eq!(people.person_of, [0, 0, 1]);
        assert_eq!(people.labelled(), Labelled { genuine: 1, impostor: 2 });
    }
}
