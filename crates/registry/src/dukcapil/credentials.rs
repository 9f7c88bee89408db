//! Who the institution is to the services.

use std::os::unix::fs::PermissionsExt as _;

use super::fault::SettingsFault;
use super::file;
use super::secret::Secret;
use super::settings::DukcapilSettings;

/// User, password and registered address.
pub(super) struct Credentials {
    pub(super) user_id: Secret,
    pub(super) password: Secret,
    pub(super) ip: String,
}

impl Credentials {
    /// Those of the settings; the password's file is read.
    pub(super) fn of(settings: &DukcapilSettings) -> Result<Self, SettingsFault> {
        let password =
            if settings.password.is_empty() { from_file(settings)? } else { settings.password.clone() };
        Ok(Self { user_id: settings.user_id.clone(), password, ip: settings.ip.trim().to_owned() })
    }
}

fn from_file(settings: &DukcapilSettings) -> Result<Secret, SettingsFault> {
    let path = &settings.password_file;
    let unsound =
        || SettingsFault::Content { setting: "password_file", path: path.clone(), expected: "a password" };
    if std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
        let expected = "for its owner alone (chmod 600)";
        return Err(SettingsFault::Content { setting: "password_file", path: path.clone(), expected });
    }
    let text = String::from_utf8(file::read("password_file", path)?).map_err(|_| unsound())?;
    let password = Secret::new(text.trim_end_matches(['\r', '\n']));
    if password.is_empty() { Err(unsound()) } else { Ok(password) }
}
