//! Fixtures: one exchange a file.
//!
//! Three sections, divided by lines of four dashes: who asks and what is sent; what is answered; what is recorded.
//! The first section starts with directives: `as:` names the credential; `times:` has the request sent so often, and
//! `before:` then says what each time but the last is recorded as. `{{…}}` stands for what differs from run to run.

use absah_store::Secrets;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Request, StatusCode};

use crate::app::Kind;

/// One exchange.
pub struct Fixture {
    pub kind: Kind,
    request: String,
    pub response: Expected,
    /// What is recorded of each time the request is sent: `outcome status items…`, or nothing.
    pub recorded: Vec<Option<String>>,
}

/// What has to be answered.
pub struct Expected {
    pub status: StatusCode,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Fixture {
    pub fn parse(text: &str) -> Self {
        let sections: Vec<&str> = text.split("\n----\n").collect();
        let [request, response, recorded] = sections[..] else { panic!("a fixture has three sections") };
        let (mut kind, mut times, mut before, mut request) = (Kind::Sandbox, 1, None, request);
        while let Some((line, rest)) = request.split_once('\n') {
            match line.split_once(": ") {
                Some(("as", name)) => kind = Kind::named(name).expect("a kind of credential"),
                Some(("times", count)) => times = count.parse().expect("a count"),
                Some(("before", line)) => before = Some(line.to_owned()),
                _ => break,
            }
            request = rest;
        }
        let recorded = recorded.trim();
        let last = (recorded != "nothing").then(|| recorded.to_owned());
        assert_eq!(before.is_some(), times > 1, "a repeated request says what came before");
        let recorded = std::iter::repeat_n(before, times - 1).chain([last]).collect();
        Self { kind, request: request.to_owned(), response: Expected::parse(response), recorded }
    }

    /// The request with a credential's secrets and with pictures in their places.
    pub fn request(&self, secrets: &Secrets) -> Request<Vec<u8>> {
        let filled = fill(&self.request, secrets);
        let (head, body) = filled.split_once("\n\n").unwrap_or((filled.trim_end_matches('\n'), ""));
        let mut lines = head.lines();
        let (method, path) = lines.next().and_then(|line| line.split_once(' ')).expect("a request line");
        let mut request = Request::builder().method(method).uri(path);
        for line in lines {
            let (name, value) = line.split_once(": ").expect("a header");
            request = request.header(name, value);
        }
        request.body(body.as_bytes().to_vec()).expect("a request")
    }
}

impl Expected {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").expect("an answer has a head and a body");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.parse().ok()).expect("a status");
        let header =
            |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { status, headers: lines.filter_map(header).collect(), body: body.to_owned() }
    }

    /// What differs between this and what was answered.
    pub fn differs_from(&self, status: StatusCode, headers: &HeaderMap, body: &str) -> Option<String> {
        if status != self.status {
            return Some(format!("status {status} instead of {}: {body}", self.status));
        }
        for (name, expected) in &self.headers {
            let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("(missing)");
            if !agrees(expected, value) {
                return Some(format!("{name} is {value:?} instead of {expected:?}"));
            }
        }
        (!agrees(&self.body, body)).then(|| format!("body\n{body}\ninstead of\n{}", self.body))
    }
}

fn fill(text: &str, secrets: &Secrets) -> String {
    let mut text = text.to_owned();
    let named = match secrets {
        Secrets::Glair { username, password, .. } => {
            vec![("basic", STANDARD.encode(format!("{username}:{password}")))]
        }
        Secrets::Kredibel { .. } | Secrets::Accuauth { .. } => Vec::new(),
    };
    for (name, value) in named.iter().map(|(name, value)| (*name, value.as_str())).chain(secrets.named()) {
        text = text.replace(&format!("{{{{{name}}}}}"), value);
    }
    while let Some((before, rest)) = text.split_once("{{picture ") {
        let (word, after) = rest.split_once("}}").expect("a closed placeholder");
        let content = match word.strip_suffix(" bytes").map(str::parse) {
            Some(Ok(bytes)) => "x".repeat(bytes),
            _ => word.to_owned(),
        };
        text = format!("{before}{}{after}", STANDARD.encode(content));
    }
    text
}

/// Whether a text is the expected one, once its placeholders are filled.
pub fn agrees(expected: &str, actual: &str) -> bool {
    let Some((before, rest)) = expected.split_once("{{") else { return expected == actual };
    let (name, expected) = rest.split_once("}}").expect("a closed placeholder");
    let Some(actual) = actual.strip_prefix(before) else { return false };
    let (length, is_one): (usize, fn(&str) -> bool) = match name {
        "uuid" => (36, |text| uuid::Uuid::try_parse(text).is_ok_and(|id| id.get_version_num() == 4)),
        "tid" => (35, |text| text.strip_prefix("TID").is_some_and(|id| id.bytes().all(is_lower_hex))),
        "order_no" => {
            (23, |text| text.strip_prefix("SFBw").is_some_and(|number| number.parse::<u64>().is_ok()))
        }
        "time" => (19, |text| jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).is_ok()),
        other => panic!("there is no placeholder {other}"),
    };
    match (actual.get(..length), actual.get(length..)) {
        (Some(filled), Some(actual)) => is_one(filled) && agrees(expected, actual),
        _ => false,
    }
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[test]
fn placeholders_stand_for_nothing_but_their_own() {
    let rows = [
        ("{{uuid}}", "8c4d6927-b4e1-428b-b95f-c21b6734b73f", true),
        ("{{uuid}}", "8c4d6927-b4e1-128b-b95f-c21b6734b73f", false),
        ("{{uuid}}", "8c4d6927b4e1428bb95fc21b6734b73f", false),
        ("a{{tid}}b", "aTID07ecf99645e8452087c38252d1fccdcab", true),
        ("a{{tid}}b", "aTID07ECF99645E8452087C38252D1FCCDCAb", false),
        ("{{order_no}}", "SFBw1091761941576552448", true),
        ("{{order_no}}", "SFBw109176194157655244", false),
        ("{{time}}", "2025-06-30 16:32:10", true),
        ("{{time}}", "2025-06-30T16:32:10", false),
    ];
    for (expected, actual, does) in rows {
        assert_eq!(agrees(expected, actual), does, "{expected} {actual}");
    }
}
