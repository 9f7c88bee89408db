//! Which models serve, where a manifest names several for a role.

use serde::Deserialize;

use super::{ModelEntry, ModelsError, Role};

/// Models by role, named as `name-version`. A role left out takes the one model it has, or, where several serve
/// together, all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Selection {
    /// The one detector.
    pub face_detector: Option<String>,
    /// The one recogniser.
    pub face_recogniser: Option<String>,
    /// The presentation-attack models, one or more, in the order they are asked.
    pub presentation_attack: Option<Vec<String>>,
}

impl Selection {
    /// This selection, with `other`'s models for the roles it leaves out.
    pub fn or(self, other: Self) -> Self {
        Self {
            face_detector: self.face_detector.or(other.face_detector),
            face_recogniser: self.face_recogniser.or(other.face_recogniser),
            presentation_attack: self.presentation_attack.or(other.presentation_attack),
        }
    }

    /// The one model of a role; `named` says which, else the role may have only one.
    pub(super) fn only<'m, M: AsRef<ModelEntry>>(
        known: &'m [M],
        role: Role,
        named: Option<&str>,
    ) -> Result<&'m M, ModelsError> {
        if let Some(id) = named {
            return find(known, role, id);
        }
        let candidates: Vec<&M> = known.iter().filter(|model| model.as_ref().role == role).collect();
        match candidates.as_slice() {
            [model] => Ok(model),
            _ => Err(ModelsError::Role { role, names: names(known, role) }),
        }
    }

    /// One or more models of a role: the named ones, else all of them.
    pub(super) fn several<'m, M: AsRef<ModelEntry>>(
        known: &'m [M],
        role: Role,
        named: Option<&[String]>,
    ) -> Result<Vec<&'m M>, ModelsError> {
        let chosen = match named {
            Some(ids) => ids.iter().map(|id| find(known, role, id)).collect::<Result<Vec<_>, _>>()?,
            None => known.iter().filter(|model| model.as_ref().role == role).collect(),
        };
        let twice = |(place, model): (usize, &&M)| {
            chosen.iter().take(place).any(|earlier| earlier.as_ref().id() == model.as_ref().id())
        };
        if chosen.is_empty() || chosen.iter().enumerate().any(twice) {
            return Err(ModelsError::Role { role, names: names(known, role) });
        }
        Ok(chosen)
    }
}

fn find<'m, M: AsRef<ModelEntry>>(known: &'m [M], role: Role, id: &str) -> Result<&'m M, ModelsError> {
    let is_it = |model: &&M| model.as_ref().role == role && *model.as_ref().id() == *id;
    known.iter().find(is_it).ok_or_else(|| ModelsError::Unknown {
        role,
        id: id.to_owned(),
        names: names(known, role),
    })
}

/// The models of a role, for people to read.
fn names<M: AsRef<ModelEntry>>(known: &[M], role: Role) -> String {
    let ids: Vec<String> = known
        .iter()
        .map(AsRef::as_ref)
        .filter(|entry| entry.role == role)
        .map(|entry| entry.id().to_string())
        .collect();
    if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
}
