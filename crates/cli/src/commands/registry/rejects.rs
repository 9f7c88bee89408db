//! The reject file: line, field, reason. Never what stood in the row.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

use absah_registry::import::{RejectSink, Rejection};

use super::note;

/// Rejected rows that are shown; all of them are in the file.
const SHOWN: u64 = 10;
const HEADER: &[u8] = b"line,field,reason\n";

/// The file, made with the first row that is told.
pub struct RejectFile {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    told: u64,
}

impl RejectFile {
    /// At `path`, where nothing else may stand: an earlier run's file goes.
    pub fn new(path: PathBuf) -> io::Result<Self> {
        let mut begin = Vec::new();
        let header = HEADER.len() as u64;
        match File::open(&path).and_then(|file| file.take(header).read_to_end(&mut begin)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Ok(_) if begin == HEADER => {}
            Ok(_) => {
                let why = "is no reject file; name another one with --rejects";
                return Err(io::Error::other(format!("{} {why}", path.display())));
            }
            Err(error) => return Err(io::Error::other(format!("{}: {error}", path.display()))),
        }
        Ok(Self { path, file: None, told: 0 })
    }

    /// Says where the rows are that were told.
    pub fn conclude(&self) {
        if self.file.is_some() {
            note(format_args!("rows that were not taken are told of in {}", self.path.display()));
        }
    }
}

impl RejectSink for RejectFile {
    fn tell(&mut self, rejection: &Rejection) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let mut file = BufWriter::new(File::create(&self.path)?);
                file.write_all(HEADER)?;
                self.file.insert(file)
            }
        };
        let Rejection { line, field, reason } = rejection;
        let field = field.unwrap_or_default();
        self.told += 1;
        if self.told <= SHOWN {
            note(format_args!("line {line}: {field}: {reason}"));
        }
        // Reasons are sentences of this program: none holds a quotation mark.
        writeln!(file, "{line},{field},\"{reason}\"")
    }

    fn sync(&mut self) -> io::Result<u64> {
        let Some(file) = &mut self.file else { return Ok(0) };
        file.flush()?;
        file.get_ref().sync_data()?;
        file.stream_position()
    }

    /// At the beginning an earlier run's file goes: it would be taken for this one's.
    fn rewind(&mut self, length: u64) -> io::Result<()> {
        if length == 0 {
            return match std::fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        let gone = |error| io::Error::other(format!("{}: {error}", self.path.display()));
        let mut file = OpenOptions::new().write(true).open(&self.path).map_err(gone)?;
        if file.metadata()?.len() < length {
            return Err(io::Error::other(format!("{} is shorter than it was", self.path.display())));
        }
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        self.file = Some(BufWriter::new(file));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use absah_registry::import::Reason;

    use super::*;

    #[test]
    fn a_resumed_file_holds_every_row_once() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("rejects.csv");
        let row = |line| Rejection { line, field: Some("nik"), reason: Reason::NotUtf8 };
        let mut first = RejectFile::new(path.clone()).expect("free");
        first.rewind(0).expect("at the beginning");
        assert_eq!(first.sync().expect("nothing yet"), 0);
        first.tell(&row(2)).expect("told");
        let length = first.sync().expect("written");
        first.tell(&row(3)).expect("told");
        drop(first);

        let mut second = RejectFile::new(path.clone()).expect("free");
        second.rewind(length).expect("as long as that");
        for line in [3, 4] {
            second.tell(&row(line)).expect("told");
        }
        second.sync().expect("written");
        let text = std::fs::read_to_string(&path).expect("read");
        let lines: Vec<_> = text.lines().map(|line| line.split(',').next().unwrap_or_default()).collect();
        assert_eq!(lines, ["line", "2", "3", "4"]);

        RejectFile::new(path.clone()).expect("free").rewind(length + 1000).expect_err("it is shorter");
        RejectFile::new(path.clone()).expect("free").rewind(0).expect("at the beginning");
        assert!(!path.exists());
        std::fs::write(&path, "nik,name\n").expect("written");
        assert!(RejectFile::new(path.clone()).is_err(), "another file is left alone");
        assert!(path.exists());
    }
}
