//! `multipart/form-data` as fields (RFC 7578).

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::{FutureExt, stream};
use multer::Multipart;

use crate::intake::form::{Encoding, Form, FormFault, Text, Value};

/// Reads a body whose parts are divided by `boundary`. Headers of a part other than `Content-Disposition` are ignored,
/// a length among them.
///
/// # Errors
/// [`FormFault`]: wrong framing, a missing last boundary, a part without a name, text that is not UTF-8, or out of
/// bounds.
pub(crate) fn parse(body: &Bytes, boundary: &str) -> Result<Form, FormFault> {
    // The parser waits for nothing but more of the body, and all of it is here.
    parts(body, boundary).now_or_never().unwrap_or(Err(FormFault::Syntax))
}

async fn parts(body: &Bytes, boundary: &str) -> Result<Form, FormFault> {
    let mut form = Form::new(Encoding::Multipart, body);
    let whole = stream::once(std::future::ready(Ok::<_, Infallible>(body.clone())));
    let mut parts = Multipart::new(whole, boundary);
    while let Some(part) = parts.next_field().await.map_err(|_| FormFault::Syntax)? {
        let name = part.name().ok_or(FormFault::Syntax)?.to_owned();
        form.admit(&name)?;
        let is_file = part.file_name().is_some();
        let content = part.bytes().await.map_err(|_| FormFault::Syntax)?;
        let value = if is_file {
            Value::File(content)
        } else {
            Value::Text(Text::new(content).ok_or(FormFault::Syntax)?)
        };
        form.push(&name, value)?;
    }
    Ok(form)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &[u8], boundary: &str) -> Result<Vec<String>, FormFault> {
        let form = parse(&Bytes::copy_from_slice(body), boundary)?;
        let shown = |name: &str| match form.get(name) {
            Some(Value::Text(text)) => format!("{name}={}", text.as_str()),
            Some(Value::File(content)) => format!("{name}: {} bytes", content.len()),
            _ => panic!("a part is text or a file"),
        };
        Ok(form.names().map(shown).collect())
    }

    fn part(disposition: &str, headers: &str, content: &str) -> String {
        format!("--b\r\nContent-Disposition: form-data; {disposition}\r\n{headers}\r\n{content}\r\n")
    }

    #[test]
    fn parts_become_fields() {
        let nik = part("name=\"nik\"", "", "3217061012870001");
        let sized = part(
            "name=\"nik\"",
            "Content-Length: 16\r\nContent-Type: text/plain; charset=UTF-8\r\n",
            "3217061012870001",
        );
        let wrongly_sized = part("name=\"nik\"", "Content-Length: 2\r\n", "3217061012870001");
        let file =
            part("name=\"face_image\"; filename=\"a.jpg\"", "Content-Type: image/jpeg\r\n", "\u{1}\u{2}");
        let unquoted = part("name=nik", "", "1");
        let empty = part("name=\"nik\"", "", "");
        let rows = [
            ("one part", format!("{nik}--b--\r\n"), vec!["nik=3217061012870001"]),
            ("nothing after the last boundary", format!("{nik}--b--"), vec!["nik=3217061012870001"]),
            ("a length inside the part", format!("{sized}--b--\r\n"), vec!["nik=3217061012870001"]),
            (
                "a wrong length inside the part",
                format!("{wrongly_sized}--b--\r\n"),
                vec!["nik=3217061012870001"],
            ),
            ("a file", format!("{file}{nik}--b--\r\n"), vec!["face_image: 2 bytes", "nik=3217061012870001"]),
            ("an unquoted name", format!("{unquoted}--b--\r\n"), vec!["nik=1"]),
            ("an empty part", format!("{empty}--b--\r\n"), vec!["nik="]),
            ("no part", "--b--\r\n".to_owned(), vec![]),
        ];
        for (name, body, expected) in rows {
            let expected = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(read(body.as_bytes(), "b"), Ok(expected), "{name}");
        }
    }

    #[test]
    fn broken_framing_is_refused() {
        let nik = part("name=\"nik\"", "", "3217061012870001");
        let many: String = (0..5_000).map(|number| part(&format!("name=\"{number}\""), "", "")).collect();
        let rows: Vec<(&str, Vec<u8>, FormFault)> = vec![
            ("empty", Vec::new(), FormFault::Syntax),
            ("no boundary", b"nik=1".to_vec(), FormFault::Syntax),
            ("no last boundary", nik.clone().into_bytes(), FormFault::Syntax),
            ("half a part", nik.as_bytes()[..40].to_vec(), FormFault::Syntax),
            ("no name", format!("{}--b--", part("x=y", "", "1")).into_bytes(), FormFault::Syntax),
            ("no disposition", b"--b\r\n\r\n1\r\n--b--".to_vec(), FormFault::Syntax),
            (
                "not UTF-8",
                [part("name=\"a\"", "", "").trim_end().as_bytes(), b"\r\n\r\n\xff\r\n--b--"].concat(),
                FormFault::Syntax,
            ),
            ("thousands of parts", format!("{many}--b--").into_bytes(), FormFault::TooManyFields),
            (
                "a long name",
                format!("{}--b--", part(&format!("name=\"{}\"", "n".repeat(129)), "", "")).into_bytes(),
                FormFault::NameTooLong,
            ),
        ];
        for (name, body, expected) in rows {
            assert_eq!(read(&body, "b"), Err(expected), "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let framed = [b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n".as_slice(), &body].concat();
            let _ = read(&framed, "b");
            let _ = read(&body, "b");
        }
    }
}
