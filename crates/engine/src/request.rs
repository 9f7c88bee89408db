//! A request as every dialect puts it.

use absah_core::claims::Claims;
use absah_core::contact::{EmailAddress, PhoneNumber};
use absah_core::dialect::Product;
use absah_vision::admission::PictureBounds;
use bytes::Bytes;

/// A picture as it was received, with the bounds its dialect sets.
#[derive(Clone)]
pub struct PictureInput {
    /// The encoded picture (JPEG, PNG or SVG), already out of base64.
    pub bytes: Bytes,
    /// The dialect's bounds.
    pub bounds: PictureBounds,
}

impl std::fmt::Debug for PictureInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PictureInput({} bytes, <private>)", self.bytes.len())
    }
}

/// Contacts that have to be unique per NIK.
#[derive(Debug, Clone)]
pub struct Contacts {
    /// The phone number.
    pub phone: PhoneNumber,
    /// The email address.
    pub email: EmailAddress,
}

/// What a caller asks for. Form is already checked by the dialect; content is the engine's.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is asked for, from which the plan follows.
    pub product: Product,
    /// Who the person is said to be.
    pub claims: Claims,
    /// The picture of the person. `None` where the plan needs none, or where a sandbox does not look at it.
    pub selfie: Option<PictureInput>,
    /// The picture of the card. `None` where it was not sent, or where a sandbox does not look at it.
    pub card: Option<PictureInput>,
    /// Whether a card was sent at all (a sandbox asks this without looking at it).
    pub card_sent: bool,
    /// Contacts that have to be unique.
    pub contacts: Option<Contacts>,
    /// The comparison score the caller asks for, 0 to 100; the credential's floor applies.
    pub face_threshold: Option<f64>,
    /// The id the caller would like its answer to carry.
    pub wire_id: Option<String>,
    /// Digest of the parameters as received, by which repetitions are known; never holds a secret of the credential.
    pub fingerprint: [u8; 32],
}
