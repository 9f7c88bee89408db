//! The rules by which a claimed field is decided.

/// The rule that decided about a field; together with the verdict it is the explanation kept as evidence.
///
/// A rule names what was looked at, not which way it went: `SameDate` stands beside a match and beside a mismatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// The normalised texts are equal.
    Equal,
    /// The normalised texts are equal once their spaces are taken out (NURHALIZA, NUR HALIZA).
    EqualWithoutSpaces,
    /// Equal after bringing spelling families and the old spelling to one form (MOCH, MUHAMMAD).
    CanonicalSpelling,
    /// Equal after folding letters that are confused in writing (SUPRIYADI, SUPRIADI).
    ConfusableSpelling,
    /// Single letters stand for the words that start with them (M RIZKI, MUHAMMAD RIZKI).
    Initials,
    /// Levenshtein similarity of the normalised texts.
    EditDistance,
    /// Levenshtein similarity of the worst pair of aligned words.
    WorstToken,
    /// A name of at most four letters has to be equal, or of the same spelling family.
    ShortName,
    /// One side holds nothing once it is normalised.
    NothingToCompare,
    /// Equality of calendar dates.
    SameDate,
    /// Equality of digits (the family card's number).
    SameDigits,
    /// Equality as whole numbers, where nothing is 0 (RT, RW).
    SameInteger,
    /// Equality of the sex the texts stand for.
    SameGender,
    /// Equality of the group of marital statuses.
    SameGroup,
    /// Equality of the canonical occupation.
    SameJob,
    /// Two known names of one place (DKI JAKARTA, DAERAH KHUSUS IBUKOTA JAKARTA).
    KnownSynonym,
    /// The same name as a regency (kabupaten) on one side and a city (kota) on the other.
    PlaceType,
    /// The names of the places differ.
    PlaceName,
    /// The registry itself compared and stated the verdict.
    StatedByRegistry,
    /// The registry itself compared and told a similarity, which the policy's threshold decided about.
    ScoredByRegistry,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 20] = [
        Self::Equal,
        Self::EqualWithoutSpaces,
        Self::CanonicalSpelling,
        Self::ConfusableSpelling,
        Self::Initials,
        Self::EditDistance,
        Self::WorstToken,
        Self::ShortName,
        Self::NothingToCompare,
        Self::SameDate,
        Self::SameDigits,
        Self::SameInteger,
        Self::SameGender,
        Self::SameGroup,
        Self::SameJob,
        Self::KnownSynonym,
        Self::PlaceType,
        Self::PlaceName,
        Self::StatedByRegistry,
        Self::ScoredByRegistry,
    ];

    /// The rule's name in evidence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::EqualWithoutSpaces => "equal_without_spaces",
            Self::CanonicalSpelling => "canonical_spelling",
            Self::ConfusableSpelling => "confusable_spelling",
            Self::Initials => "initials",
            Self::EditDistance => "edit_distance",
            Self::WorstToken => "worst_token",
            Self::ShortName => "short_name",
            Self::NothingToCompare => "nothing_to_compare",
            Self::SameDate => "same_date",
            Self::SameDigits => "same_digits",
            Self::SameInteger => "same_integer",
            Self::SameGender => "same_gender",
            Self::SameGroup => "same_group",
            Self::SameJob => "same_job",
            Self::KnownSynonym => "known_synonym",
            Self::PlaceType => "place_type",
            Self::PlaceName => "place_name",
            Self::StatedByRegistry => "stated_by_registry",
            Self::ScoredByRegistry => "scored_by_registry",
        }
    }

    /// The rule of that name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lead_back_to_their_rule() {
        for rule in Rule::ALL {
            assert_eq!(Rule::from_key(rule.key()), Some(rule));
        }
        assert_eq!(Rule::from_key("soundex"), None);
    }
}
