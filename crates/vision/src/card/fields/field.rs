//! The twenty fields of a card.

use std::fmt;

/// A field that a card prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CardField {
    /// Sixteen digits.
    Nik,
    /// Full name.
    Name,
    /// Place of birth.
    PlaceOfBirth,
    /// Date of birth.
    DateOfBirth,
    /// Sex.
    Gender,
    /// Street line.
    Address,
    /// Neighbourhood number (RT).
    Rt,
    /// Hamlet number (RW).
    Rw,
    /// Village (kelurahan, desa).
    Subdistrict,
    /// District (kecamatan).
    District,
    /// Regency or city, from the heading.
    City,
    /// Province, from the heading.
    Province,
    /// Marital status.
    MaritalStatus,
    /// Occupation.
    JobType,
    /// Blood type.
    BloodType,
    /// Religion.
    Religion,
    /// Citizenship.
    Nationality,
    /// End of validity: a date, or for life.
    ValidUntil,
    /// Place of issue.
    IssuePlace,
    /// Date of issue.
    IssueDate,
}

impl CardField {
    /// Every field, in the order of a manifest's columns.
    pub const ALL: [Self; 20] = [
        Self::Nik,
        Self::Name,
        Self::PlaceOfBirth,
        Self::DateOfBirth,
        Self::Gender,
        Self::Address,
        Self::Rt,
        Self::Rw,
        Self::Subdistrict,
        Self::District,
        Self::City,
        Self::Province,
        Self::MaritalStatus,
        Self::JobType,
        Self::BloodType,
        Self::Religion,
        Self::Nationality,
        Self::ValidUntil,
        Self::IssuePlace,
        Self::IssueDate,
    ];

    /// The field's name in files and evidence: that of the GLAIR dialect, where it has one.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Nik => "nik",
            Self::Name => "name",
            Self::PlaceOfBirth => "place_of_birth",
            Self::DateOfBirth => "date_of_birth",
            Self::Gender => "gender",
            Self::Address => "address",
            Self::Rt => "rt",
            Self::Rw => "rw",
            Self::Subdistrict => "subdistrict",
            Self::District => "district",
            Self::City => "city",
            Self::Province => "province",
            Self::MaritalStatus => "marital_status",
            Self::JobType => "job_type",
            Self::BloodType => "blood_type",
            Self::Religion => "religion",
            Self::Nationality => "nationality",
            Self::ValidUntil => "valid_until",
            Self::IssuePlace => "issue_place",
            Self::IssueDate => "issue_date",
        }
    }
}

impl fmt::Display for CardField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}
