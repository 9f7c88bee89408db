//! Comparison profiles: what kind of picture is compared with what.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Calibration, FaceTemplate, ModelId};

/// What is compared with what. A card's portrait is small, printed and photographed again: its comparisons have a scale
/// and a threshold of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The selfie with the registry's portrait.
    SelfiePortrait,
    /// The selfie with the card's portrait.
    SelfieCard,
    /// The card's portrait with the registry's.
    CardPortrait,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::SelfiePortrait, Self::SelfieCard, Self::CardPortrait];

    /// Its name in configuration, commands and reports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::SelfiePortrait => "selfie_portrait",
            Self::SelfieCard => "selfie_card",
            Self::CardPortrait => "card_portrait",
        }
    }

    /// The profile of that name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.key() == key)
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// One model's calibrations, a profile each.
#[derive(Debug, Clone, PartialEq)]
pub struct Scales {
    general: Calibration,
    own: [Option<Calibration>; 3],
    strict: Option<f32>,
}

/// A profile's calibration reads the cosines of another model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the calibration of {profile} was fitted with the model {fitted}, and {model} is the one in use")]
pub struct OtherModel {
    /// The profile.
    pub profile: Profile,
    /// The model the calibration was fitted with.
    pub fitted: ModelId,
    /// The model in use.
    pub model: ModelId,
}

impl Scales {
    /// `general` for every profile.
    pub fn new(general: Calibration) -> Self {
        Self { general, own: [None, None, None], strict: None }
    }

    /// The same, with the cosine that the strict level asks for at least.
    pub fn with_strict(self, strict: Option<f32>) -> Self {
        Self { strict, ..self }
    }

    /// The cosine that the strict level asks for at least, -1 to 1; `None` where the model names none.
    pub fn strict(&self) -> Option<f32> {
        self.strict
    }

    /// The same, with a calibration of its own for one profile.
    ///
    /// # Errors
    /// It is of another model.
    pub fn with(mut self, profile: Profile, calibration: Calibration) -> Result<Self, OtherModel> {
        if calibration.model() != self.model() {
            let (fitted, model) = (calibration.model().clone(), self.model().clone());
            return Err(OtherModel { profile, fitted, model });
        }
        let [selfie_portrait, selfie_card, card_portrait] = &mut self.own;
        let place = match profile {
            Profile::SelfiePortrait => selfie_portrait,
            Profile::SelfieCard => selfie_card,
            Profile::CardPortrait => card_portrait,
        };
        *place = Some(calibration);
        Ok(self)
    }

    /// The model whose cosines they read.
    pub fn model(&self) -> &ModelId {
        self.general.model()
    }

    /// The calibration of a profile.
    pub fn of(&self, profile: Profile) -> &Calibration {
        let [selfie_portrait, selfie_card, card_portrait] = &self.own;
        let own = match profile {
            Profile::SelfiePortrait => selfie_portrait,
            Profile::SelfieCard => selfie_card,
            Profile::CardPortrait => card_portrait,
        };
        own.as_ref().unwrap_or(&self.general)
    }

    /// The comparison score of two templates, 0 to 100; `None` where they are not of these scales' model.
    pub fn compare(&self, profile: Profile, probe: &FaceTemplate, reference: &FaceTemplate) -> Option<f64> {
        self.of(profile).compare(probe, reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(model: &str, at_zero: f64) -> Calibration {
        Calibration::new(model.into(), vec![(0.0, at_zero), (1.0, 100.0)]).expect("rising")
    }

    #[test]
    fn a_profile_has_its_own_scale_or_the_general_one() {
        let scales =
            Scales::new(scale("m", 10.0)).with(Profile::SelfieCard, scale("m", 20.0)).expect("one model");
        for (profile, expected) in
            [(Profile::SelfiePortrait, 10.0), (Profile::SelfieCard, 20.0), (Profile::CardPortrait, 10.0)]
        {
            assert!((scales.of(profile).score(0.0) - expected).abs() < 1e-9, "{profile}");
        }
    }

    #[test]
    fn a_scale_of_another_model_is_refused() {
        let error =
            Scales::new(scale("m", 10.0)).with(Profile::SelfieCard, scale("n", 20.0)).expect_err("refused");
        assert_eq!(
            error.to_string(),
            "the calibration of selfie_card was fitted with the model n, and m is the one in use"
        );
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        for profile in Profile::ALL {
            assert_eq!(Profile::from_key(profile.key()), Some(profile));
        }
        assert_eq!(Profile::from_key("selfie"), None);
    }
}
