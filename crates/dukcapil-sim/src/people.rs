//! The people the simulator answers for.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use absah_core::claims::Record;
use absah_registry::import::People;
use bytes::Bytes;

/// The most bytes of a portrait's file.
const MAX_PORTRAIT_BYTES: u64 = 32 << 20;

/// A person with the portrait on file.
#[derive(Debug, Clone)]
pub struct Resident {
    /// What is held of the person.
    pub record: Record,
    /// The reference portrait, where there is one.
    pub portrait: Option<Portrait>,
}

/// A reference portrait.
#[derive(Clone)]
pub enum Portrait {
    /// Its bytes.
    Bytes(Bytes),
    /// A file that is read whenever it is needed.
    File(PathBuf),
}

impl std::fmt::Debug for Portrait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<portrait>")
    }
}

impl Portrait {
    /// The bytes; nothing where the file cannot be read.
    pub(crate) async fn read(&self) -> Option<Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes.clone()),
            Self::File(path) => {
                let path = path.clone();
                let read = tokio::task::spawn_blocking(move || {
                    let mut bytes = Vec::new();
                    std::fs::File::open(path)?.take(MAX_PORTRAIT_BYTES).read_to_end(&mut bytes)?;
                    io::Result::Ok(bytes)
                });
                read.await.ok()?.ok().map(Bytes::from)
            }
        }
    }
}

/// Everybody, by number.
#[derive(Debug, Clone, Default)]
pub struct Population(HashMap<String, Resident>);

/// The people could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PopulationError {
    /// The file broke off.
    #[error("the file of people cannot be read")]
    Read(#[source] io::Error),
    /// There is a portrait, but no folder was named.
    #[error("the file names portraits: say in which folder they are")]
    NoPortraitFolder,
    /// The portraits' folder cannot be used.
    #[error("the portraits' folder cannot be used")]
    PortraitFolder(#[source] io::Error),
}

impl Population {
    /// These people; of two with one number the later one stays.
    pub fn new(residents: impl IntoIterator<Item = Resident>) -> Self {
        let numbered = residents.into_iter().map(|r| (r.record.nik.expose().to_owned(), r));
        Self(numbered.collect())
    }

    /// Reads a file of people, portraits by their path below `portraits`. Returns how many rows were not in order, too;
    /// a portrait outside the folder counts as none.
    ///
    /// # Errors
    /// The file cannot be read, or it names portraits and no folder was given.
    pub fn read(people: People, portraits: Option<&Path>) -> Result<(Self, u64), PopulationError> {
        let folder =
            portraits.map(Path::canonicalize).transpose().map_err(PopulationError::PortraitFolder)?;
        let (mut residents, mut rejected) = (Vec::new(), 0);
        for person in people {
            let Ok(person) = person.map_err(PopulationError::Read)? else {
                rejected += 1;
                continue;
            };
            let portrait = match (&person.portrait, &folder) {
                (None, _) => None,
                (Some(_), None) => return Err(PopulationError::NoPortraitFolder),
                (Some(path), Some(folder)) => within(folder, path).map(Portrait::File),
            };
            residents.push(Resident { record: person.record, portrait });
        }
        Ok((Self::new(residents), rejected))
    }

    /// How many people there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, nik: &str) -> Option<&Resident> {
        self.0.get(nik)
    }
}

/// The file a path leads to, if that is within the folder; links are followed first.
fn within(folder: &Path, path: &str) -> Option<PathBuf> {
    let found = folder.join(path).canonicalize().ok()?;
    found.starts_with(folder).then_some(found)
}

#[cfg(test)]
mod tests {
    use absah_registry::import::Format;

    use super::*;

    fn file(csv: &'static str) -> People {
        People::text(Format::Csv, io::Cursor::new(csv), None).expect("a header")
    }

    #[test]
    fn people_are_read_with_portraits_from_their_folder_alone() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("portraits");
        std::fs::create_dir(&folder).expect("made");
        std::fs::write(folder.join("siti.jpg"), "jpeg").expect("written");
        std::fs::write(home.path().join("outside.jpg"), "jpeg").expect("written");
        let csv =
            "nik,name,portrait\n3217061012870001,SITI,siti.jpg\n3217061012870002,BUDI,../outside.jpg\n1,X,\n";
        let (people, rejected) = Population::read(file(csv), Some(&folder)).expect("read");
        assert_eq!((people.len(), rejected), (2, 1));
        let has_portrait = |nik| people.get(nik).expect("known").portrait.is_some();
        assert!(has_portrait("3217061012870001") && !has_portrait("3217061012870002"));
        let without = Population::read(file(csv), None);
        assert!(matches!(without, Err(PopulationError::NoPortraitFolder)));
    }
}
