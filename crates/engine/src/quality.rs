//! What the policy makes of the measures of quality.

use absah_core::assessment::{QualityFault, QualityFinding};
use absah_core::policy::{Action, CardActions, QualityPolicy, SelfieActions};
use absah_vision::face::{Exposure, MeshQuality, Pose, Quality};

/// What is wrong with a selfie by what the detector and the aligned face tell, in the order the faults are told.
pub fn of_selfie(measured: &Quality, policy: &QualityPolicy) -> Vec<QualityFinding> {
    use QualityFault::*;
    let Quality { eye_distance, crop_side: _, cut_off, sharpness, exposure, second_face_share, other_faces } =
        *measured;
    let SelfieActions { several_faces, too_small, too_blurred, too_dark, too_bright, low_contrast, .. } =
        policy.selfie_actions;
    let mut gate = Gate::new(policy.action);
    // Two faces of like size are told first: everything else is of the first of them.
    gate.short_of(SeveralFaces, several_faces, second_face_share, policy.second_face_share);
    gate.at_least(TooSmall, too_small, eye_distance, policy.selfie_eye_distance);
    gate.at_most(CutOff, policy.selfie_actions.cut_off, cut_off, policy.selfie_cut_off);
    gate.at_least(TooBlurred, too_blurred, sharpness, policy.selfie_sharpness);
    let Exposure { dark, bright, dynamic_range } = exposure;
    gate.at_most(TooDark, too_dark, dark, policy.selfie_dark_share);
    gate.at_most(TooBright, too_bright, bright, policy.selfie_bright_share);
    gate.at_least(LowContrast, low_contrast, dynamic_range, policy.selfie_dynamic_range);
    if second_face_share < policy.second_face_share {
        let background = policy.selfie_actions.background_faces;
        gate.short_of(BackgroundFaces, background, other_faces as f32, 1.0);
    }
    gate.findings
}

/// Whether the policy asks for anything that needs a selfie's mesh.
pub fn needs_mesh(policy: &QualityPolicy) -> bool {
    let SelfieActions { head_turned, mouth_covered, eyes_covered, eyes_closed, .. } = policy.selfie_actions;
    let all = [head_turned, mouth_covered, eyes_covered, eyes_closed];
    all.into_iter().any(|action| action.at_most(policy.action) != Action::Off)
}

/// What is wrong with a selfie by its mesh, in the order the faults are told.
pub fn of_selfie_mesh(measured: &MeshQuality, policy: &QualityPolicy) -> Vec<QualityFinding> {
    use QualityFault::*;
    let MeshQuality { presence: _, pose, mouth_covered, eyes_covered, eyes_open } = *measured;
    let actions = &policy.selfie_actions;
    let mut gate = Gate::new(policy.action);
    let Pose { yaw, pitch, roll: _ } = pose;
    // One fault: the angle further beyond its bound stands for both.
    let (angle, furthest) = if yaw.abs() - policy.selfie_yaw > pitch.abs() - policy.selfie_pitch {
        (yaw.abs(), policy.selfie_yaw)
    } else {
        (pitch.abs(), policy.selfie_pitch)
    };
    gate.at_most(HeadTurned, actions.head_turned, angle, furthest);
    gate.at_most(MouthCovered, actions.mouth_covered, mouth_covered, policy.selfie_mouth_covered);
    gate.at_most(EyesCovered, actions.eyes_covered, eyes_covered, policy.selfie_eyes_covered);
    // Covered eyes are not seen to be open either.
    if eyes_covered <= policy.selfie_eyes_covered {
        gate.at_least(EyesClosed, actions.eyes_closed, eyes_open, policy.selfie_eyes_open);
    }
    gate.findings
}

/// What is wrong with a card's portrait.
pub fn of_card(measured: &Quality, policy: &QualityPolicy) -> Vec<QualityFinding> {
    use QualityFault::*;
    let Exposure { dark: _, bright, dynamic_range } = measured.exposure;
    let CardActions { too_small, too_blurred, too_bright, low_contrast } = policy.card_actions;
    // Too small a portrait is refused whatever the selfie's gate does: there is nothing to compare.
    let mut gate = Gate::new(Action::Reject);
    gate.at_least(TooSmall, too_small, measured.crop_side, policy.card_face_side);
    gate.most = policy.action;
    gate.at_least(TooBlurred, too_blurred, measured.sharpness, policy.card_sharpness);
    gate.at_most(TooBright, too_bright, bright, policy.card_bright_share);
    gate.at_least(LowContrast, low_contrast, dynamic_range, policy.card_dynamic_range);
    gate.findings
}

/// The first finding that refuses, if any does.
pub fn refusal(findings: &[QualityFinding]) -> Option<QualityFault> {
    findings.iter().find(|finding| finding.action == Action::Reject).map(|finding| finding.fault)
}

/// Gathers what is beyond its bound.
struct Gate {
    most: Action,
    findings: Vec<QualityFinding>,
}

impl Gate {
    fn new(most: Action) -> Self {
        Self { most, findings: Vec::new() }
    }

    fn at_least(&mut self, fault: QualityFault, action: Action, measured: f32, bound: f32) {
        self.note(measured < bound, fault, action, measured, bound);
    }

    fn at_most(&mut self, fault: QualityFault, action: Action, measured: f32, bound: f32) {
        self.note(measured > bound, fault, action, measured, bound);
    }

    fn short_of(&mut self, fault: QualityFault, action: Action, measured: f32, bound: f32) {
        self.note(measured >= bound, fault, action, measured, bound);
    }

    fn note(&mut self, beyond: bool, fault: QualityFault, action: Action, measured: f32, bound: f32) {
        let action = action.at_most(self.most);
        if beyond && action != Action::Off {
            self.findings.push(QualityFinding {
                fault,
                measured: told(measured),
                bound: told(bound),
                action,
            });
        }
    }
}

/// As evidence tells it: three decimals.
fn told(number: f32) -> f64 {
    (f64::from(number) * 1e3).round() / 1e3
}

#[cfg(test)]
mod tests {
    use absah_core::policy::Policy;

    use super::*;

    fn policy() -> QualityPolicy {
        Policy::default().quality
    }

    /// Nothing is wrong with it.
    fn good() -> Quality {
        Quality {
            eye_distance: 90.0,
            crop_side: 250.0,
            cut_off: 0.0,
            sharpness: 20.0,
            exposure: Exposure { dark: 0.02, bright: 0.01, dynamic_range: 7.0 },
            second_face_share: 0.0,
            other_faces: 0,
        }
    }

    fn good_mesh() -> MeshQuality {
        let pose = Pose { yaw: 3.0, pitch: -4.0, roll: 0.0 };
        MeshQuality { presence: 1.0, pose, mouth_covered: 0.01, eyes_covered: 0.02, eyes_open: 0.99 }
    }

    fn faults(findings: &[QualityFinding]) -> Vec<(QualityFault, Action)> {
        findings.iter().map(|finding| (finding.fault, finding.action)).collect()
    }

    type Row<M> = (&'static str, fn(&mut M), &'static [(QualityFault, Action)]);

    #[test]
    fn each_measure_of_a_selfie_has_its_fault() {
        use QualityFault::*;
        const R: Action = Action::Reject;
        let rows: [Row<Quality>; 10] = [
            ("nothing", |_| {}, &[]),
            ("another face", |q| (q.second_face_share, q.other_faces) = (0.8, 1), &[(SeveralFaces, R)]),
            (
                "somebody behind",
                |q| (q.second_face_share, q.other_faces) = (0.2, 2),
                &[(BackgroundFaces, Action::Flag)],
            ),
            ("small", |q| q.eye_distance = 19.0, &[(TooSmall, R)]),
            ("cut off", |q| q.cut_off = 0.5, &[(CutOff, R)]),
            ("blurred", |q| q.sharpness = 1.0, &[(TooBlurred, R)]),
            ("dark", |q| q.exposure.dark = 0.9, &[(TooDark, R)]),
            ("bright", |q| q.exposure.bright = 0.9, &[(TooBright, R)]),
            ("flat", |q| q.exposure.dynamic_range = 1.0, &[(LowContrast, R)]),
            (
                "small and dark",
                |q| (q.eye_distance, q.exposure.dark) = (5.0, 0.9),
                &[(TooSmall, R), (TooDark, R)],
            ),
        ];
        for (case, change, expected) in rows {
            let mut measured = good();
            change(&mut measured);
            assert_eq!(faults(&of_selfie(&measured, &policy())), expected, "{case}");
        }
    }

    #[test]
    fn each_measure_by_the_mesh_has_its_fault() {
        use QualityFault::*;
        const R: Action = Action::Reject;
        let rows: [Row<MeshQuality>; 8] = [
            ("nothing", |_| {}, &[]),
            ("to the left", |m| m.pose.yaw = 55.0, &[(HeadTurned, R)]),
            ("to the right", |m| m.pose.yaw = -55.0, &[(HeadTurned, R)]),
            ("bowed", |m| m.pose.pitch = 45.0, &[(HeadTurned, R)]),
            ("both at once", |m| (m.pose.yaw, m.pose.pitch) = (50.0, 31.0), &[(HeadTurned, R)]),
            ("a mask", |m| m.mouth_covered = 0.99, &[(MouthCovered, R)]),
            ("sunglasses", |m| (m.eyes_covered, m.eyes_open) = (0.99, 0.001), &[(EyesCovered, R)]),
            ("closed eyes", |m| m.eyes_open = 0.001, &[(EyesClosed, Action::Flag)]),
        ];
        for (case, change, expected) in rows {
            let mut measured = good_mesh();
            change(&mut measured);
            assert_eq!(faults(&of_selfie_mesh(&measured, &policy())), expected, "{case}");
        }
    }

    #[test]
    fn a_finding_tells_what_was_measured_and_the_bound() {
        let found = of_selfie(&Quality { sharpness: 1.23456, ..good() }, &policy());
        let expected = QualityFinding {
            fault: QualityFault::TooBlurred,
            measured: 1.235,
            bound: 3.5,
            action: Action::Reject,
        };
        assert_eq!(found, [expected]);
    }

    #[test]
    fn no_measure_does_more_than_the_gate() {
        let dark = Quality { exposure: Exposure { dark: 0.9, ..good().exposure }, ..good() };
        let rows = [
            (Action::Reject, Action::Reject, Some(Action::Reject)),
            (Action::Reject, Action::Flag, Some(Action::Flag)),
            (Action::Reject, Action::Off, None),
            (Action::Flag, Action::Reject, Some(Action::Flag)),
            (Action::Flag, Action::Off, None),
            (Action::Off, Action::Reject, None),
        ];
        for (gate, own, expected) in rows {
            let mut policy = QualityPolicy { action: gate, ..policy() };
            policy.selfie_actions.too_dark = own;
            let found = of_selfie(&dark, &policy).first().map(|finding| finding.action);
            assert_eq!(found, expected, "{gate:?} {own:?}");
            assert_eq!(needs_mesh(&policy), gate != Action::Off, "{gate:?}");
        }
    }

    #[test]
    fn a_card_is_measured_by_its_own_bounds() {
        use QualityFault::*;
        const F: Action = Action::Flag;
        let rows: [Row<Quality>; 5] = [
            ("a soft print", |q| q.sharpness = 3.0, &[]),
            ("a small portrait", |q| q.crop_side = 40.0, &[(TooSmall, Action::Reject)]),
            ("a blurred one", |q| q.sharpness = 1.0, &[(TooBlurred, F)]),
            ("glare", |q| q.exposure.bright = 0.6, &[(TooBright, F)]),
            ("a faded one", |q| q.exposure.dynamic_range = 2.0, &[(LowContrast, F)]),
        ];
        for (case, change, expected) in rows {
            let mut measured = good();
            change(&mut measured);
            assert_eq!(faults(&of_card(&measured, &policy())), expected, "{case}");
        }
        let small = Quality { crop_side: 40.0, ..good() };
        let off = QualityPolicy { action: Action::Off, ..policy() };
        assert_eq!(refusal(&of_card(&small, &off)), Some(TooSmall), "whatever the gate does");
    }
}
