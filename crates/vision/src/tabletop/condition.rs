//! What makes a photograph of a card harder to read.

use crate::dice::Dice;

/// A condition of a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// Out of focus.
    Focus,
    /// The camera moved.
    Motion,
    /// A lamp is mirrored in the card.
    Glare,
    /// A shadow lies over a part.
    Shadow,
    /// Low light: a fifth of the exposure, and noise.
    Dim,
    /// A black and white copy of the card on paper.
    Photocopy,
    /// A finger covers part of an edge.
    Occluded,
    /// Compressed twice, the second time coarsely, as messengers do.
    Recompressed,
    /// Seen from aside.
    Tilted,
}

impl Condition {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Focus,
        Self::Motion,
        Self::Glare,
        Self::Shadow,
        Self::Dim,
        Self::Photocopy,
        Self::Occluded,
        Self::Recompressed,
        Self::Tilted,
    ];

    /// Its name in manifests.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Focus => "focus",
            Self::Motion => "motion",
            Self::Glare => "glare",
            Self::Shadow => "shadow",
            Self::Dim => "dim",
            Self::Photocopy => "photocopy",
            Self::Occluded => "occluded",
            Self::Recompressed => "recompressed",
            Self::Tilted => "tilted",
        }
    }

    /// Whether it takes away detail: two such would leave a text that nobody reads with ease.
    const fn blurs(self) -> bool {
        matches!(self, Self::Focus | Self::Motion | Self::Dim | Self::Recompressed)
    }
}

/// What a photograph suffers from.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) conditions: Vec<Condition>,
    /// How much of each: less where there are two.
    pub(super) strength: f32,
}

impl Plan {
    /// None, one or two conditions that go together.
    pub(super) fn choose(dice: &mut Dice) -> Self {
        let count = match dice.between(0.0, 1.0) {
            ..0.25 => 0,
            0.25..0.7 => 1,
            _ => 2,
        };
        let mut conditions: Vec<Condition> = Vec::with_capacity(count);
        while conditions.len() < count {
            let next = Condition::ALL.get(dice.below(Condition::ALL.len())).copied();
            // Copies are sent less often than photographs of the card.
            let next = next.filter(|next| *next != Condition::Photocopy || dice.happens(0.5));
            let blurred = conditions.iter().any(|other| other.blurs());
            let fits = |next: &Condition| !(conditions.contains(next) || next.blurs() && blurred);
            let next = next.filter(fits);
            conditions.extend(next);
        }
        conditions.sort_unstable();
        Self { conditions, strength: if count == 2 { 0.8 } else { 1.0 } }
    }

    pub(super) fn has(&self, condition: Condition) -> bool {
        self.conditions.contains(&condition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_condition_is_met_and_no_two_that_blur_come_together() {
        let plans: Vec<Plan> =
            (0..400).map(|name| Plan::choose(&mut Dice::new(1, &name.to_string()))).collect();
        let met: BTreeSet<Condition> = plans.iter().flat_map(|plan| plan.conditions.clone()).collect();
        assert_eq!(met.len(), Condition::ALL.len(), "{met:?}");
        for plan in &plans {
            assert!(plan.conditions.len() <= 2 && plan.conditions.is_sorted(), "{plan:?}");
            assert!(plan.conditions.iter().filter(|condition| condition.blurs()).count() <= 1, "{plan:?}");
        }
        let plain = plans.iter().filter(|plan| plan.conditions.is_empty()).count();
        assert!((60..140).contains(&plain), "{plain}");
    }
}
