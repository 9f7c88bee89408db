//! Base64 as clients really send it.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::decoded_len_estimate;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig, Simd};
use bytes::Bytes;
use thiserror::Error;
use zeroize::Zeroizing;

/// The standard alphabet, with padding or without.
static LENIENT: LazyLock<Simd> = LazyLock::new(|| {
    Simd::standard(GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent))
});
/// How a data URI (RFC 2397) starts.
const DATA_SCHEME: &[u8] = b"data:";
/// Within so many bytes its comma has to come.
const MAX_PREFIX_BYTES: usize = 256;

/// What a space inside base64 is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spaces {
    /// White space, to be passed over.
    Ignored,
    /// A plus sign that a client put into a form without encoding it.
    Pluses,
}

/// The text is not base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not base64")]
pub(crate) struct NotBase64;

/// Decodes base64 (RFC 4648) into one buffer that is wiped when the last reader lets go.
///
/// Either alphabet, padded or not, with white space anywhere and with a `data:` prefix. Nothing is copied before
/// decoding unless the text needs mending.
///
/// # Errors
/// A character outside both alphabets, misplaced padding, or an impossible length.
pub(crate) fn decode(text: &[u8], spaces: Spaces) -> Result<Bytes, NotBase64> {
    let text = without_prefix(trimmed(text, spaces));
    let mut out = Zeroizing::new(vec![0; decoded_len_estimate(text.len())]);
    let length = match LENIENT.decode_slice(text, &mut out) {
        Ok(length) => length,
        Err(_) => LENIENT.decode_slice(mended(text, spaces).as_slice(), &mut out).map_err(|_| NotBase64)?,
    };
    out.truncate(length);
    Ok(Bytes::from_owner(out))
}

/// The text without the white space around it.
fn trimmed(text: &[u8], spaces: Spaces) -> &[u8] {
    match spaces {
        Spaces::Ignored => text.trim_ascii(),
        Spaces::Pluses => text,
    }
}

/// The text without `data:image/jpeg;base64,`.
fn without_prefix(text: &[u8]) -> &[u8] {
    let is_data = text.get(..DATA_SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(DATA_SCHEME));
    let header =
        if is_data { text.iter().take(MAX_PREFIX_BYTES).position(|byte| *byte == b',') } else { None };
    header.and_then(|comma| text.get(comma + 1..)).unwrap_or(text)
}

/// The text in the standard alphabet, without white space.
fn mended(text: &[u8], spaces: Spaces) -> Zeroizing<Vec<u8>> {
    let mut mended = Zeroizing::new(Vec::with_capacity(text.len()));
    mended.extend(text.iter().filter_map(|byte| match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b' ' if spaces == Spaces::Pluses => Some(b'+'),
        b' ' | b'\t' | b'\r' | b'\n' => None,
        other => Some(*other),
    }));
    mended
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn base64_is_read_as_clients_send_it() {
        let rows: [(&str, Spaces, Option<&[u8]>); 23] = [
            ("", Spaces::Ignored, Some(b"")),
            ("TWFu", Spaces::Ignored, Some(b"Man")),
            ("TWE=", Spaces::Ignored, Some(b"Ma")),
            ("TWE", Spaces::Ignored, Some(b"Ma")),
            ("TQ==", Spaces::Ignored, Some(b"M")),
            ("TQ", Spaces::Ignored, Some(b"M")),
            ("+/+/", Spaces::Ignored, Some(b"\xfb\xff\xbf")),
            ("-_-_", Spaces::Ignored, Some(b"\xfb\xff\xbf")),
            (" / /", Spaces::Pluses, Some(b"\xfb\xff\xbf")),
            ("T W\r\nF\tu\n", Spaces::Ignored, Some(b"Man")),
            ("TW\r\nFu\r\n", Spaces::Pluses, Some(b"Man")),
            ("///+", Spaces::Ignored, Some(b"\xff\xff\xfe")),
            ("/// ", Spaces::Pluses, Some(b"\xff\xff\xfe")),
            ("data:image/png;base64,TWFu", Spaces::Ignored, Some(b"Man")),
            ("DATA:;base64,TWFu", Spaces::Ignored, Some(b"Man")),
            (" data:image/jpeg;base64, TWFu", Spaces::Ignored, Some(b"Man")),
            ("<base64>", Spaces::Ignored, None),
            ("TWFuT", Spaces::Ignored, None),
            ("T", Spaces::Ignored, None),
            ("TW=u", Spaces::Ignored, None),
            ("TWE=TWE=", Spaces::Ignored, None),
            ("====", Spaces::Ignored, None),
            ("data:image/png;base64", Spaces::Ignored, None),
        ];
        for (text, spaces, expected) in rows {
            assert_eq!(decode(text.as_bytes(), spaces).ok().as_deref(), expected, "{text:?} {spaces:?}");
        }
    }

    proptest! {
        #[test]
        fn every_form_of_any_bytes_comes_back(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            line in 1_usize..80,
        ) {
            let standard = STANDARD.encode(&bytes);
            let wrapped = standard.as_bytes().chunks(line).collect::<Vec<_>>().join(&b"\r\n"[..]);
            let prefixed = format!("data:image/png;base64,{standard}");
            for text in [standard.as_bytes(), &wrapped, prefixed.as_bytes()] {
                prop_assert!(decode(text, Spaces::Ignored).is_ok_and(|decoded| decoded == bytes));
            }
            for engine in [STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
                let text = engine.encode(&bytes);
                prop_assert!(decode(text.as_bytes(), Spaces::Ignored).is_ok_and(|decoded| decoded == bytes));
            }
            let spaced = standard.replace('+', " ");
            prop_assert!(decode(spaced.as_bytes(), Spaces::Pluses).is_ok_and(|decoded| decoded == bytes));
        }

        #[test]
        fn any_bytes_are_read_or_refused(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&text, Spaces::Ignored);
            let _ = decode(&text, Spaces::Pluses);
        }
    }
}
