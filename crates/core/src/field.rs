//! The demographic fields of a resident, in the order the registry's callers know them.

/// A demographic field that can be claimed beside the NIK.
///
/// The order of the variants is the documented order of the fields on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Full name.
    Name,
    /// Date of birth.
    DateOfBirth,
    /// Number of the family card (KK).
    NoKk,
    /// Mother's maiden name.
    MotherMaidenName,
    /// Place of birth.
    PlaceOfBirth,
    /// Street line of the address.
    Address,
    /// Sex.
    Gender,
    /// Marital status.
    MaritalStatus,
    /// Occupation.
    JobType,
    /// Province.
    Province,
    /// Regency or city (kabupaten, kota).
    City,
    /// District (kecamatan).
    District,
    /// Village (kelurahan, desa).
    Subdistrict,
    /// Neighbourhood number (RT).
    Rt,
    /// Hamlet number (RW).
    Rw,
}

impl Field {
    /// How many fields there are.
    pub const COUNT: usize = 15;

    /// Every field in the documented order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Name,
        Self::DateOfBirth,
        Self::NoKk,
        Self::MotherMaidenName,
        Self::PlaceOfBirth,
        Self::Address,
        Self::Gender,
        Self::MaritalStatus,
        Self::JobType,
        Self::Province,
        Self::City,
        Self::District,
        Self::Subdistrict,
        Self::Rt,
        Self::Rw,
    ];

    /// The field's name in files, configuration and evidence: that of the GLAIR dialect.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::DateOfBirth => "date_of_birth",
            Self::NoKk => "no_kk",
            Self::MotherMaidenName => "mother_maiden_name",
            Self::PlaceOfBirth => "place_of_birth",
            Self::Address => "address",
            Self::Gender => "gender",
            Self::MaritalStatus => "marital_status",
            Self::JobType => "job_type",
            Self::Province => "province",
            Self::City => "city",
            Self::District => "district",
            Self::Subdistrict => "subdistrict",
            Self::Rt => "rt",
            Self::Rw => "rw",
        }
    }

    /// The field of that key, if there is one.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }

    /// Whether an identity card prints it.
    pub const fn is_on_card(self) -> bool {
        !matches!(self, Self::NoKk | Self::MotherMaidenName)
    }

    const fn index(self) -> usize {
        self as usize
    }
}

/// One optional value a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMap<T>([Option<T>; Field::COUNT]);

impl<T> Default for FieldMap<T> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| None))
    }
}

impl<T> FieldMap<T> {
    /// The value of a field.
    pub fn get(&self, field: Field) -> Option<&T> {
        self.0[field.index()].as_ref()
    }

    /// Sets the value of a field and returns what stood there.
    pub fn insert(&mut self, field: Field, value: T) -> Option<T> {
        self.0[field.index()].replace(value)
    }

    /// The fields that have a value, in the documented order.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &T)> {
        Field::ALL.into_iter().filter_map(|field| self.get(field).map(|value| (field, value)))
    }

    /// Whether no field has a value.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

impl<T> FromIterator<(Field, T)> for FieldMap<T> {
    fn from_iter<I: IntoIterator<Item = (Field, T)>>(pairs: I) -> Self {
        let mut map = Self::default();
        for (field, value) in pairs {
            map.insert(field, value);
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lead_back_to_their_field() {
        for field in Field::ALL {
            assert_eq!(Field::from_key(field.key()), Some(field));
        }
        assert_eq!(Field::from_key("religion"), None);
    }

    #[test]
    fn a_map_iterates_in_documented_order() {
        let map: FieldMap<u8> = [(Field::Rw, 2), (Field::Name, 1)].into_iter().collect();
        assert_eq!(map.iter().map(|(field, _)| field).collect::<Vec<_>>(), [Field::Name, Field::Rw]);
    }
}
