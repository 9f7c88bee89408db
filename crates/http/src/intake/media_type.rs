//! What a request says its body is.

use http::{HeaderMap, header};

/// A body a dialect may accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MediaType {
    /// `application/json`, and any `+json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Urlencoded,
    /// `multipart/form-data` with its boundary.
    Multipart {
        /// What divides the parts.
        boundary: String,
    },
}

impl MediaType {
    /// Reads `Content-Type`; `None` where it is missing, repeated, of another type, or lacks a boundary, and where the
    /// body is compressed. A charset is ignored: bodies are UTF-8 or refused.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let encoding = headers.get(header::CONTENT_ENCODING);
        if encoding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return None;
        }
        let mut values = headers.get_all(header::CONTENT_TYPE).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        let value = value.to_str().ok()?;
        let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Some(Self::Urlencoded),
            "multipart/form-data" => {
                let boundary = multer::parse_boundary(value).ok().filter(|boundary| !boundary.is_empty())?;
                Some(Self::Multipart { boundary })
            }
            "application/json" => Some(Self::Json),
            other if other.starts_with("application/") && other.ends_with("+json") => Some(Self::Json),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn multipart(boundary: &str) -> Option<MediaType> {
        Some(MediaType::Multipart { boundary: boundary.to_owned() })
    }

    #[test]
    fn media_types_are_read_with_their_parameters() {
        let rows = [
            ("application/json", Some(MediaType::Json)),
            ("application/json; charset=utf-8", Some(MediaType::Json)),
            ("Application/JSON;charset=\"UTF-8\"", Some(MediaType::Json)),
            ("application/vnd.api+json", Some(MediaType::Json)),
            ("application/x-www-form-urlencoded", Some(MediaType::Urlencoded)),
            ("application/x-www-form-urlencoded; charset=UTF-8", Some(MediaType::Urlencoded)),
            ("multipart/form-data; boundary=abc", multipart("abc")),
            ("multipart/form-data; boundary=\"a b:c\"", multipart("a b:c")),
            ("multipart/form-data; charset=utf-8; boundary=abc", multipart("abc")),
            ("Multipart/Form-Data; BOUNDARY=abc", multipart("abc")),
            ("multipart/form-data", None),
            ("multipart/form-data; boundary=", None),
            ("multipart/mixed; boundary=abc", None),
            ("text/plain", None),
            ("application/xml", None),
            ("", None),
            ("application/jsonp", None),
        ];
        for (value, expected) in rows {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(value))]);
            assert_eq!(MediaType::of(&headers), expected, "{value}");
        }
    }

    #[test]
    fn a_missing_repeated_or_compressed_body_is_none() {
        let json = HeaderValue::from_static("application/json");
        let twice = [(header::CONTENT_TYPE, json.clone()), (header::CONTENT_TYPE, json.clone())];
        let gzip = [
            (header::CONTENT_TYPE, json.clone()),
            (header::CONTENT_ENCODING, HeaderValue::from_static("gzip")),
        ];
        let plain =
            [(header::CONTENT_TYPE, json), (header::CONTENT_ENCODING, HeaderValue::from_static("identity"))];
        let mut repeated = HeaderMap::new();
        for (name, value) in twice {
            repeated.append(name, value);
        }
        assert_eq!(MediaType::of(&HeaderMap::new()), None);
        assert_eq!(MediaType::of(&repeated), None);
        assert_eq!(MediaType::of(&HeaderMap::from_iter(gzip)), None);
        assert_eq!(MediaType::of(&HeaderMap::from_iter(plain)), Some(MediaType::Json));
    }
}
