use super::{canonical, tables};

/// Marital status by the four groups of the identity card; the family card's finer values belong to one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MaritalStatus {
    /// Belum kawin.
    Single,
    /// Kawin, registered or not.
    Married,
    /// Cerai hidup, registered or not.
    Divorced,
    /// Cerai mati.
    Widowed,
}

impl MaritalStatus {
    /// The group a text stands for, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        match canonical(tables::MARITAL_STATUSES, text)? {
            "BELUM KAWIN" => Some(Self::Single),
            "KAWIN" => Some(Self::Married),
            "CERAI HIDUP" => Some(Self::Divorced),
            "CERAI MATI" => Some(Self::Widowed),
            _ => None,
        }
    }

    /// The identity card's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Single => "BELUM KAWIN",
            Self::Married => "KAWIN",
            Self::Divorced => "CERAI HIDUP",
            Self::Widowed => "CERAI MATI",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_group() {
        let rows = [
            ("BELUM KAWIN", Some(MaritalStatus::Single)),
            ("Belum Menikah", Some(MaritalStatus::Single)),
            ("lajang", Some(MaritalStatus::Single)),
            ("KAWIN", Some(MaritalStatus::Married)),
            ("Kawin Tercatat", Some(MaritalStatus::Married)),
            ("KAWIN BELUM TERCATAT", Some(MaritalStatus::Married)),
            ("CERAI HIDUP TERCATAT", Some(MaritalStatus::Divorced)),
            ("Cerai", Some(MaritalStatus::Divorced)),
            ("CERAI MATI", Some(MaritalStatus::Widowed)),
            ("Janda", Some(MaritalStatus::Widowed)),
            ("", None),
            ("COMPLICATED", None),
        ];
        for (text, expected) in rows {
            assert_eq!(MaritalStatus::parse(text), expected, "{text:?}");
        }
        use MaritalStatus::{Divorced, Married, Single, Widowed};
        for status in [Single, Married, Divorced, Widowed] {
            assert_eq!(MaritalStatus::parse(status.name()), Some(status));
        }
    }
}
