//! The server's three answers to a bona fide score.

/// Two thresholds: bona fide from the upper one on, an attack under the lower one, uncertain in between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// The score that has to be reached, 0 to 100.
    pub threshold: f64,
    /// The score under which a presentation is an attack; not above `threshold`.
    pub attack_below: f64,
}

/// The server's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Accepted.
    BonaFide,
    /// Refused, without saying that it is an attack.
    Uncertain,
    /// Refused.
    Attack,
}

impl Decision {
    /// Every score under the threshold is an attack's.
    pub fn at(threshold: f64) -> Self {
        Self { threshold, attack_below: threshold }
    }

    pub(super) fn verdict(self, score: f64) -> Verdict {
        if score >= self.threshold {
            Verdict::BonaFide
        } else if score >= self.attack_below {
            Verdict::Uncertain
        } else {
            Verdict::Attack
        }
    }
}

impl Verdict {
    /// As reports write it.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::BonaFide => "bona_fide",
            Self::Uncertain => "uncertain",
            Self::Attack => "attack",
        }
    }
}
