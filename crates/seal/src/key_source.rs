//! Master keys from elsewhere than the data directory: a file, a text, a command's output.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use thiserror::Error;
use zeroize::Zeroizing;

use crate::{MasterKey, MasterKeyError};

/// The most bytes of a command's output that are read.
const MOST_OUTPUT: u64 = 4096;

/// Why a command gave no master key. Never what it printed.
#[derive(Debug, Error)]
pub enum CommandError {
    /// It could not be run, or its output not be read.
    #[error("the command could not be run")]
    Run(#[source] io::Error),
    /// It ended with another status than success.
    #[error("the command failed ({0})")]
    Failed(std::process::ExitStatus),
    /// Its output is no key.
    #[error("the command's output is not 64 hexadecimal digits")]
    Malformed,
}

impl MasterKey {
    /// Reads a key from 64 hexadecimal digits, spaces around them aside; `None` where the text is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let (pairs, rest) = text.trim().as_bytes().as_chunks::<2>();
        let mut key = Zeroizing::new([0; Self::LENGTH]);
        if pairs.len() != key.len() || !rest.is_empty() {
            return None;
        }
        for (byte, [high, low]) in key.iter_mut().zip(pairs) {
            let digit = |digit: u8| char::from(digit).to_digit(16);
            *byte = u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?;
        }
        Some(Self::from_bytes(*key))
    }

    /// Reads a key file: 32 bytes, or 64 hexadecimal digits; nobody but its owner may have access to it.
    ///
    /// # Errors
    /// There is no such file, it is open to others, or no key.
    pub fn from_file(path: &Path) -> Result<Self, MasterKeyError> {
        Self::load(path)?.ok_or_else(|| MasterKeyError::Io {
            action: "read",
            path: path.to_owned(),
            source: io::ErrorKind::NotFound.into(),
        })
    }

    /// Runs a command by `sh -c` and reads 64 hexadecimal digits from its standard output: the client of a secret
    /// manager, say. Waits until it ends.
    ///
    /// # Errors
    /// It could not be run, failed, or printed something else.
    pub fn from_command(command: &str) -> Result<Self, CommandError> {
        let mut child = Command::new("sh")
            .args(["-c", command])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(CommandError::Run)?;
        let mut printed = Zeroizing::new(Vec::with_capacity(MOST_OUTPUT as usize));
        if let Some(output) = child.stdout.take() {
            output.take(MOST_OUTPUT).read_to_end(&mut printed).map_err(CommandError::Run)?;
        }
        let status = child.wait().map_err(CommandError::Run)?;
        if !status.success() {
            return Err(CommandError::Failed(status));
        }
        std::str::from_utf8(&printed).ok().and_then(Self::parse).ok_or(CommandError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const DIGITS: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";

    fn key() -> [u8; 32] {
        std::array::from_fn(|at| at as u8)
    }

    #[test]
    fn a_text_is_a_key_when_it_is_64_hexadecimal_digits() {
        for (text, is_key) in [
            (DIGITS.to_owned(), true),
            (format!(" {DIGITS}\n"), true),
            (DIGITS[1..].to_owned(), false),
            (format!("{DIGITS}00"), false),
            (DIGITS.replace('a', "g"), false),
            ("\u{e9}".repeat(32), false),
            (String::new(), false),
        ] {
            let read = MasterKey::parse(&text).map(|key| *key.expose());
            assert_eq!(read, is_key.then(key), "{text}");
        }
    }

    #[test]
    fn a_file_holds_the_key_as_bytes_or_as_digits_and_is_its_owners() {
        let home = tempfile::tempdir().expect("a directory");
        let rows: [(&[u8], u32, bool); 5] = [
            (&key(), 0o600, true),
            (DIGITS.as_bytes(), 0o400, true),
            (DIGITS.as_bytes(), 0o644, false),
            (b"a secret", 0o600, false),
            (b"", 0o600, false),
        ];
        for (place, (bytes, mode, is_key)) in rows.into_iter().enumerate() {
            let path = home.path().join(place.to_string());
            std::fs::write(&path, bytes).expect("written");
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).expect("set");
            assert_eq!(MasterKey::from_file(&path).is_ok(), is_key, "{place}");
        }
        MasterKey::from_file(&home.path().join("absent")).expect_err("there is none");
    }

    #[test]
    fn a_command_prints_the_key_or_is_told_without_what_it_printed() {
        assert_eq!(MasterKey::from_command(&format!("echo {DIGITS}")).expect("a key").expose(), &key());
        for (command, expected) in [
            ("echo secret", "not 64 hexadecimal digits"),
            ("yes 0", "failed"),
            ("echo secret; exit 3", "failed"),
            ("no-such-command-anywhere", "failed"),
        ] {
            let error = MasterKey::from_command(command).expect_err(command).to_string();
            assert!(error.contains(expected) && !error.contains("secret"), "{command}: {error}");
        }
    }
}
