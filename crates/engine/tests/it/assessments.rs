//! What a request comes to, by what the pictures show and the registry says.

use std::sync::Arc;
use std::time::Duration;

use absah_core::assessment::{
    Assessment, CheckName, Outcome, PictureFault, PictureRole, QualityFault, Verdict, reason,
};
use absah_core::claims::{Claims, RecordState};
use absah_core::dialect::Product;
use absah_core::face::Profile;
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_core::policy::{Action, CardPolicy, Policy, WithoutReference};
use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use absah_core::verdict::FieldVerdict;
use absah_engine::{Assessor, CardFinding, CardText, PictureInput, Request, SelfieFinding};
use absah_store::Terms;
use absah_vision::admission::PictureBounds;
use bytes::Bytes;

use crate::scripted::{Held, Pictures, Reference, Registry, finding, refused_selfie, template};

/// One case: a whole and sound request, but for what a row changes.
#[derive(Clone)]
struct Case {
    pictures: Pictures,
    registry: Registry,
    policy: Policy,
    terms: Terms,
    request: Request,
}

impl Default for Case {
    fn default() -> Self {
        let picture = || PictureInput {
            bytes: Bytes::from_static(b"picture"),
            bounds: PictureBounds { min_bytes: 0, max_bytes: 1 << 20, min_sides: None },
        };
        let mut claims = Claims::of(Nik::parse("3217061012870001").expect("a NIK"));
        claims.demographics.set_text(Field::Name, "ASEP SUPRIYADI");
        claims.demographics.set_date_of_birth(jiff::civil::date(1990, 7, 6));
        let request = Request {
            product: Product::IdSelfie,
            claims,
            selfie: Some(picture()),
            card: Some(picture()),
            card_sent: true,
            contacts: None,
            face_threshold: None,
            wire_id: None,
            fingerprint: [0; 32],
        };
        Self {
            pictures: Pictures::default(),
            registry: Registry::default(),
            policy: Policy::default(),
            terms: Terms::default(),
            request,
        }
    }
}

impl Case {
    fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut case = Self::default();
        change(&mut case);
        case
    }

    async fn assess(self) -> Assessment {
        let Self { pictures, registry, policy, terms, request } = self;
        let assessor = Assessor::new(Arc::new(registry), Arc::new(pictures), policy, Duration::from_secs(5));
        assessor.assess(&TenantId::parse("bank").expect("a name"), &terms, &request).await
    }
}

#[tokio::test(start_paused = true)]
async fn every_ending_is_reached() {
    let setup = Trouble::Setup { code: "02".to_owned() };
    let rows: Vec<(&str, Case, Outcome)> = vec![
        ("all is well", Case::default(), Outcome::Verified),
        (
            "a picture is not admitted",
            Case::with(|c| c.pictures.refused = Some((PictureRole::Card, PictureFault::Unreadable))),
            Outcome::PictureRefused { picture: PictureRole::Card, fault: PictureFault::Unreadable },
        ),
        ("no face", Case::with(|c| c.pictures.selfie = SelfieFinding::NoFace), Outcome::NoFace),
        (
            "several faces",
            Case::with(|c| c.pictures.selfie = refused_selfie(Some(QualityFault::SeveralFaces), None)),
            Outcome::QualityRefused(QualityFault::SeveralFaces),
        ),
        (
            "a presentation attack",
            Case::with(|c| c.pictures.selfie = refused_selfie(None, Some(12.0))),
            Outcome::LivenessFailed,
        ),
        (
            "an uncertain presentation",
            Case::with(|c| c.pictures.selfie = refused_selfie(None, Some(30.0))),
            Outcome::LivenessFailed,
        ),
        (
            "liveness exactly at its threshold",
            Case::with(|c| {
                c.pictures.selfie = SelfieFinding::Face {
                    quality: Vec::new(),
                    liveness: Some(50.0),
                    template: Some(template(0.0)),
                };
            }),
            Outcome::Verified,
        ),
        ("a model breaks", Case::with(|c| c.pictures.broken = true), Outcome::Internal),
        ("an unknown NIK", Case::with(|c| c.registry.claims = Ok(Held::Unknown)), Outcome::NikNotFound),
        (
            "a deceased person",
            Case::with(|c| c.registry.claims = Ok(Held::NotActive(RecordState::Deceased))),
            Outcome::RecordNotActive(RecordState::Deceased),
        ),
        (
            "another name",
            Case::with(|c| c.registry.claims = Ok(Held::AllBut(vec![(Field::Name, FieldVerdict::Mismatch)]))),
            Outcome::NotVerified,
        ),
        (
            "a field that is not held",
            Case::with(|c| c.registry.claims = Ok(Held::AllBut(vec![(Field::Name, FieldVerdict::NotHeld)]))),
            Outcome::Verified,
        ),
        ("another face", Case::with(|c| c.registry.face = Ok(Reference::At(80.0))), Outcome::NotVerified),
        ("no portrait held", Case::with(|c| c.registry.face = Ok(Reference::None)), Outcome::NotVerified),
        (
            "the source refuses the picture",
            Case::with(|c| c.registry.face = Ok(Reference::RefusesPictures)),
            Outcome::NotVerified,
        ),
        (
            "another person's card",
            Case::with(|c| c.pictures.card = CardFinding::Portrait(template(80.0))),
            Outcome::NotVerified,
        ),
        (
            "a card without a portrait",
            Case::with(|c| c.pictures.card = CardFinding::Unusable(reason::NO_FACE)),
            Outcome::NotVerified,
        ),
        (
            "the registry is down",
            Case::with(|c| c.registry.claims = Err(Trouble::Unavailable)),
            Outcome::Trouble(Trouble::Unavailable),
        ),
        ("the registry hangs", Case::with(|c| c.registry.hangs = true), Outcome::Trouble(Trouble::Timeout)),
        (
            "the face service is set up wrongly",
            Case::with(|c| c.registry.face = Err(setup.clone())),
            Outcome::Trouble(setup.clone()),
        ),
    ];
    for (name, case, expected) in rows {
        assert_eq!(case.assess().await.outcome, expected, "{name}");
    }
}

#[tokio::test]
async fn a_flagged_finding_is_noted_and_goes_on() {
    let doubtful = |liveness| SelfieFinding::Face {
        quality: vec![
            finding(QualityFault::TooBlurred, Action::Flag),
            finding(QualityFault::EyesClosed, Action::Flag),
        ],
        liveness,
        template: Some(template(0.0)),
    };
    let assessment = Case::with(|case| {
        case.policy.quality.action = Action::Flag;
        case.policy.liveness.action = Action::Flag;
        case.pictures.selfie = doubtful(Some(3.0));
    })
    .assess()
    .await;
    assert_eq!(assessment.outcome, Outcome::Verified);
    for (name, why) in
        [(CheckName::Quality, reason::TOO_BLURRED), (CheckName::Liveness, reason::PRESENTATION_ATTACK)]
    {
        let check = assessment.check(name).expect("was made");
        assert_eq!((check.verdict, check.reason), (Verdict::Flagged, Some(why)), "{name:?}");
    }
    let told: Vec<_> = assessment
        .checks
        .iter()
        .filter(|check| check.name == CheckName::Quality)
        .map(|check| (check.reason, check.score, check.threshold))
        .collect();
    let expected = [reason::TOO_BLURRED, reason::EYES_CLOSED].map(|why| (Some(why), Some(1.25), Some(3.5)));
    assert_eq!(told, expected);
}

#[tokio::test]
async fn the_refusing_fault_is_told_before_the_noted_ones() {
    let quality = vec![
        finding(QualityFault::BackgroundFaces, Action::Flag),
        finding(QualityFault::MouthCovered, Action::Reject),
    ];
    let assessment = Case::with(|case| {
        case.pictures.selfie = SelfieFinding::Face { quality, liveness: None, template: None };
    })
    .assess()
    .await;
    assert_eq!(assessment.outcome, Outcome::QualityRefused(QualityFault::MouthCovered));
    let told: Vec<_> = assessment.checks.iter().map(|check| (check.verdict, check.reason)).collect();
    let expected =
        [(Verdict::Fail, Some(reason::MOUTH_COVERED)), (Verdict::Flagged, Some(reason::BACKGROUND_FACES))];
    assert_eq!(told, expected, "nothing else was looked at");
}

#[tokio::test]
async fn a_doubtful_card_is_compared_and_the_doubt_noted() {
    let assessment = Case::with(|case| {
        let findings = vec![finding(QualityFault::TooBlurred, Action::Flag)];
        case.pictures.card = CardFinding::Doubtful(template(0.0), findings);
    })
    .assess()
    .await;
    assert_eq!(assessment.outcome, Outcome::Verified);
    let doubt = assessment.check(CheckName::CardQuality).expect("was noted");
    assert_eq!((doubt.verdict, doubt.reason), (Verdict::Flagged, Some(reason::TOO_BLURRED)));
    assert_eq!(assessment.check(CheckName::Card).map(|check| check.verdict), Some(Verdict::Pass));
}

#[tokio::test]
async fn the_card_stands_in_for_a_missing_portrait_where_the_policy_says_so() {
    let missing = |policy, card| {
        Case::with(|case| {
            case.registry.face = Ok(Reference::None);
            case.policy.face.without_reference = policy;
            case.pictures.card = card;
        })
    };
    let near = || CardFinding::Portrait(template(10.0));
    let far = || CardFinding::Portrait(template(80.0));
    let none = || CardFinding::Unusable(reason::NO_FACE);
    let rows = [
        (WithoutReference::Reject, near(), Verdict::Unknown, Verdict::Pass),
        (WithoutReference::Reject, far(), Verdict::Unknown, Verdict::Fail),
        (WithoutReference::Card, near(), Verdict::Pass, Verdict::Pass),
        (WithoutReference::Card, far(), Verdict::Fail, Verdict::Fail),
        (WithoutReference::Card, none(), Verdict::Unknown, Verdict::Unknown),
    ];
    for (policy, card, face_verdict, card_verdict) in rows {
        let assessment = missing(policy, card.clone()).assess().await;
        let verdict = |name| assessment.check(name).map(|check| check.verdict);
        assert_eq!(verdict(CheckName::Face), Some(face_verdict), "face: {policy:?} {card:?}");
        assert_eq!(verdict(CheckName::Card), Some(card_verdict), "card: {policy:?} {card:?}");
    }
}

#[tokio::test]
async fn the_threshold_is_never_below_the_floor() {
    // The registry's portrait is 55 degrees away: a score of 78.7.
    let rows = [
        (None, None, true, false),
        (Some(70.0), None, true, true),
        (Some(78.7), None, true, false),
        (Some(78.8), None, false, false),
        (Some(70.0), Some(80.0), false, true),
        (None, Some(60.0), true, false),
    ];
    for (asked, floor, passes, noted) in rows {
        let assessment = Case::with(|case| {
            case.registry.face = Ok(Reference::At(55.0));
            case.request.face_threshold = asked;
            case.request.card = None;
            case.terms.face_threshold = floor;
        })
        .assess()
        .await;
        let case = format!("asked {asked:?}, floor {floor:?}");
        assert_eq!(assessment.outcome == Outcome::Verified, passes, "{case}: {assessment:?}");
        assert_eq!(assessment.notes.contains(&reason::FLOOR_APPLIED), noted, "{case}");
    }
}

#[tokio::test]
async fn all_is_checked_unless_the_policy_stops_at_the_first_rejection() {
    let wrong = |stop| {
        Case::with(|case| {
            case.policy.stop_at_first_rejection = stop;
            let both = [Field::Name, Field::DateOfBirth].map(|field| (field, FieldVerdict::Mismatch));
            case.registry.claims = Ok(Held::AllBut(both.to_vec()));
            case.registry.face = Ok(Reference::At(80.0));
        })
    };
    let failed = |assessment: Assessment| {
        assessment
            .checks
            .iter()
            .filter(|check| check.verdict == Verdict::Fail)
            .map(|check| check.name)
            .collect::<Vec<_>>()
    };
    let (name, date) = (CheckName::Field(Field::Name), CheckName::Field(Field::DateOfBirth));
    assert_eq!(failed(wrong(false).assess().await), [name, date, CheckName::Face, CheckName::Card]);
    assert_eq!(failed(wrong(true).assess().await), [name]);
}

#[tokio::test]
async fn a_request_without_pictures_is_decided_by_its_fields() {
    let assessment = Case::with(|case| {
        case.request.product = Product::BasicVerification;
        case.request.selfie = None;
        case.request.card = None;
        case.pictures.broken = true;
    })
    .assess()
    .await;
    assert_eq!(assessment.outcome, Outcome::Verified);
    assert!(assessment.check(CheckName::Face).is_none());
}

#[tokio::test(start_paused = true)]
async fn every_comparison_has_its_own_threshold() {
    let by_card = |c: &mut Case| {
        c.registry.face = Ok(Reference::None);
        c.policy.face.without_reference = WithoutReference::Card;
    };
    type Change<'c> = &'c dyn Fn(&mut Case);
    // What is changed; the thresholds of the selfie's and of the card's comparison; whether a floor was applied.
    let rows: [(&str, Change, f64, f64, bool); 9] = [
        ("the general one for all", &|_| {}, 75.0, 75.0, false),
        ("the policy's own", &|c| c.policy.face.card_portrait.threshold = 70.0, 75.0, 70.0, false),
        (
            "a credential's general one beats all of the policy's",
            &|c| {
                c.policy.face.card_portrait.threshold = 70.0;
                c.terms.face_threshold = Some(80.0);
            },
            80.0,
            80.0,
            false,
        ),
        (
            "a credential's own beats its general one",
            &|c| {
                c.terms.face_threshold = Some(80.0);
                c.terms.face_thresholds = [(Profile::CardPortrait, 72.0)].into();
            },
            80.0,
            72.0,
            false,
        ),
        ("the request's governs both", &|c| c.request.face_threshold = Some(90.0), 90.0, 90.0, false),
        (
            "but not below a floor",
            &|c| {
                c.terms.face_thresholds = [(Profile::CardPortrait, 72.0)].into();
                c.request.face_threshold = Some(74.0);
            },
            75.0,
            74.0,
            true,
        ),
        (
            "the card instead of the registry: both are the selfie with the card",
            &|c| {
                by_card(c);
                c.policy.face.selfie_card.threshold = 71.0;
                c.policy.face.card_portrait.threshold = 99.0;
            },
            71.0,
            71.0,
            false,
        ),
        (
            "no reference: the card is compared with the selfie",
            &|c| {
                c.registry.face = Ok(Reference::None);
                c.policy.face.selfie_portrait.threshold = 77.0;
                c.policy.face.selfie_card.threshold = 71.0;
            },
            77.0,
            71.0,
            false,
        ),
        (
            "a card without a usable portrait",
            &|c| {
                c.pictures.card = CardFinding::Unusable(reason::TOO_SMALL);
                c.policy.face.card_portrait.threshold = 70.0;
            },
            75.0,
            70.0,
            false,
        ),
    ];
    for (row, change, face, card, floored) in rows {
        let assessment = Case::with(change).assess().await;
        let threshold = |name| {
            let check = assessment.checks.iter().find(|check| check.name == name).expect(row);
            check.threshold
        };
        assert_eq!(
            (threshold(CheckName::Face), threshold(CheckName::Card)),
            (Some(face), Some(card)),
            "{row}"
        );
        let floors = assessment.notes.iter().filter(|note| **note == reason::FLOOR_APPLIED).count();
        assert_eq!(floors, usize::from(floored), "{row}");
    }
}

/// A request for a certificate, whose card is read as well.
fn certificate(change: impl FnOnce(&mut Case)) -> Case {
    Case::with(|case| {
        case.request.product = Product::CertificateIssuance;
        let Claims { nik, demographics } = case.request.claims.clone();
        case.pictures.text = CardText { is_card: true, place: None, nik: Some(nik), printed: demographics };
        change(case);
    })
}

#[tokio::test(start_paused = true)]
async fn a_certificates_card_is_read() {
    let no_text = || CardText { is_card: true, ..CardText::default() };
    let rows: Vec<(&str, Case, Outcome, &str)> = vec![
        ("all agrees", certificate(|_| {}), Outcome::Verified, ""),
        (
            "no card",
            certificate(|c| c.pictures.text = CardText::default()),
            Outcome::NotVerified,
            "card_found",
        ),
        (
            "another number",
            certificate(|c| c.pictures.text.nik = Nik::parse("3217061012870002").ok()),
            Outcome::NotVerified,
            "card_nik",
        ),
        (
            "another name",
            certificate(|c| c.pictures.text.printed.set_text(Field::Name, "SITI AMINAH")),
            Outcome::NotVerified,
            "card_name",
        ),
        ("nothing could be read", certificate(|c| c.pictures.text = no_text()), Outcome::Verified, ""),
        (
            "nothing could be read, and a better picture is asked for",
            certificate(|c| {
                c.pictures.text = no_text();
                c.policy.card.unread = Action::Reject;
            }),
            Outcome::NotVerified,
            "card_nik card_name card_date_of_birth",
        ),
        (
            "the card has no portrait",
            certificate(|c| c.pictures.card = CardFinding::Unusable(reason::NO_FACE)),
            Outcome::NoFaceOnCard,
            "",
        ),
        (
            "neither card nor portrait",
            certificate(|c| {
                c.pictures.text = CardText::default();
                c.pictures.card = CardFinding::Unusable(reason::NO_FACE);
            }),
            Outcome::NotVerified,
            "card_found",
        ),
        (
            "nobody asks for the text",
            certificate(|c| {
                c.pictures.text = CardText::default();
                let off = Action::Off;
                c.policy.card =
                    CardPolicy { not_a_card: off, contradiction: off, unread: off, confidence: 0.9 };
            }),
            Outcome::Verified,
            "",
        ),
    ];
    for (name, case, outcome, failed) in rows {
        let assessment = case.assess().await;
        assert_eq!(assessment.outcome, outcome, "{name}");
        let found: Vec<&str> = assessment
            .checks
            .iter()
            .filter(|check| check.verdict == Verdict::Fail)
            .map(|check| check.name.key())
            .collect();
        assert_eq!(found.join(" "), failed, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_products_card_is_not_read() {
    let case = Case::with(|case| case.pictures.text = CardText::default());
    let assessment = case.assess().await;
    assert_eq!(assessment.outcome, Outcome::Verified);
    assert!(assessment.check(CheckName::CardFound).is_none());
}
