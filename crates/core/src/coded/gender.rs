use super::{canonical, tables};

/// Sex as the registry records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gender {
    /// Laki-laki.
    Male,
    /// Perempuan.
    Female,
}

impl Gender {
    /// The sex a text stands for, in any case: LAKI-LAKI, PRIA, L, M; PEREMPUAN, WANITA, P, F; the codes 1 and 2.
    pub fn parse(text: &str) -> Option<Self> {
        match canonical(tables::GENDERS, text)? {
            "LAKI-LAKI" => Some(Self::Male),
            "PEREMPUAN" => Some(Self::Female),
            _ => None,
        }
    }

    /// The registry's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Male => "LAKI-LAKI",
            Self::Female => "PEREMPUAN",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_either_sex() {
        let rows = [
            ("LAKI-LAKI", Some(Gender::Male)),
            ("Laki-Laki", Some(Gender::Male)),
            ("laki laki", Some(Gender::Male)),
            (" L ", Some(Gender::Male)),
            ("m", Some(Gender::Male)),
            ("Pria", Some(Gender::Male)),
            ("1", Some(Gender::Male)),
            ("PEREMPUAN", Some(Gender::Female)),
            ("p", Some(Gender::Female)),
            ("Female", Some(Gender::Female)),
            ("wanita", Some(Gender::Female)),
            ("", None),
            ("-", None),
            ("LADY", None),
            ("X", None),
        ];
        for (text, expected) in rows {
            assert_eq!(Gender::parse(text), expected, "{text:?}");
        }
        for gender in [Gender::Male, Gender::Female] {
            assert_eq!(Gender::parse(gender.name()), Some(gender));
        }
    }
}
