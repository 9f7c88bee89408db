//! What is said about a person: by a caller (claims) or by the registry (a record).

use jiff::civil::Date;

use crate::field::{Field, FieldMap};
use crate::nik::Nik;
use crate::private::PrivateText;

/// Demographic data: a date of birth and texts. Absent means "not sent" in a claim and "not held" in a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demographics {
    date_of_birth: Option<Date>,
    texts: FieldMap<PrivateText>,
}

impl Demographics {
    /// Sets the date of birth.
    pub fn set_date_of_birth(&mut self, date: Date) {
        self.date_of_birth = Some(date);
    }

    /// Sets a text; the date of birth has a setter of its own, so a text for it is not kept.
    pub fn set_text(&mut self, field: Field, text: impl Into<String>) {
        if field != Field::DateOfBirth {
            self.texts.insert(field, PrivateText::new(text));
        }
    }

    /// The date of birth.
    pub fn date_of_birth(&self) -> Option<Date> {
        self.date_of_birth
    }

    /// The text of a field other than the date of birth.
    pub fn text(&self, field: Field) -> Option<&str> {
        self.texts.get(field).map(PrivateText::expose)
    }

    /// Whether the field has a value.
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::DateOfBirth => self.date_of_birth.is_some(),
            text => self.texts.get(text).is_some(),
        }
    }

    /// The fields with a value, in the documented order.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(|field| self.has(*field))
    }
}

/// What a caller claims of the person with this NIK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The number the person is looked up by.
    pub nik: Nik,
    /// The fields that were sent.
    pub demographics: Demographics,
}

impl Claims {
    /// Claims of nothing but the number.
    pub fn of(nik: Nik) -> Self {
        Self { nik, demographics: Demographics::default() }
    }
}

/// The state of a registry record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RecordState {
    /// Usable.
    #[default]
    Active,
    /// The person has died.
    Deceased,
    /// The number stands twice.
    Duplicate,
    /// Blocked for another reason.
    Inactive,
}

impl RecordState {
    /// The state's name in files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deceased => "deceased",
            Self::Duplicate => "duplicate",
            Self::Inactive => "inactive",
        }
    }

    /// The state of that name.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Active, Self::Deceased, Self::Duplicate, Self::Inactive]
            .into_iter()
            .find(|state| state.key() == key)
    }
}

/// What the registry holds of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The person's number.
    pub nik: Nik,
    /// What is held.
    pub demographics: Demographics,
    /// Whether the record may be used.
    pub state: RecordState,
}
