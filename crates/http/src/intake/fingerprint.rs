//! A digest of a request's parameters, by which repetitions are known.

use absah_core::dialect::Product;
use sha2::{Digest, Sha256};

use crate::intake::form::{Form, Value};

/// Digest of the named fields as they were received, in the order of the names and not of the wire; a field that is
/// not named (a secret, or one that means nothing) makes no difference.
pub(crate) fn of(product: Product, form: &Form, names: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(product.key());
    for name in names {
        let number;
        let (kind, content): (u8, &[u8]) = match form.get(name) {
            None | Some(Value::Null) => (0, &[]),
            Some(Value::Text(text)) => (1, text.bytes()),
            Some(Value::File(content)) => (2, content),
            Some(Value::Number(value)) => {
                number = value.to_be_bytes();
                (3, &number)
            }
            Some(Value::Bool | Value::Other) => (4, &[]),
        };
        // Each value stands behind its kind and length, so that no two lists of values share a digest.
        hash.update([kind]);
        hash.update((content.len() as u64).to_be_bytes());
        hash.update(content);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::intake::json;

    #[test]
    fn parameters_are_told_apart_by_what_they_say() {
        let digest = |body: &'static str| {
            let form = json::parse(&Bytes::from_static(body.as_bytes())).expect("an object");
            of(Product::BasicVerification, &form, &["nik", "name"])
        };
        let base = digest(r#"{"nik":"1","name":"2"}"#);
        let rows = [
            (r#"{"name":"2","nik":"1"}"#, true),
            (r#"{"nik":"1","name":"2","nonce":"3"}"#, true),
            (r#"{"nik":"\u0031","name":"2"}"#, true),
            (r#"{"nik":"2","name":"1"}"#, false),
            (r#"{"nik":"12","name":""}"#, false),
            (r#"{"nik":"1"}"#, false),
            (r#"{"nik":"1","name":2}"#, false),
        ];
        for (body, same) in rows {
            assert_eq!(digest(body) == base, same, "{body}");
        }
    }
}
