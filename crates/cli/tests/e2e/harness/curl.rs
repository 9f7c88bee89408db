//! `curl`, as the README calls it.

use std::ffi::OsStr;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What `curl` tells after the body: the status, and the header GLAIR's callers find their id in.
const TRAILER: &str = "\n%{http_code}\n%header{request-id}";

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub request_id: String,
    pub body: Value,
}

/// Calls with these arguments and this standard input; the answer has to be JSON.
pub fn curl<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>, stdin: &str) -> Reply {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--max-time", "60", "--write-out", TRAILER]).args(args);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("curl is there (apt-get install -y curl)");
    // A server that refuses early closes its end, and then the rest of the body has nowhere to go.
    drop(child.stdin.take().expect("piped").write_all(stdin.as_bytes()));
    let output = child.wait_with_output().expect("curl ends");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let told = || format!("{text}\n{}", String::from_utf8_lossy(&output.stderr));
    let (rest, request_id) = text.rsplit_once('\n').unwrap_or_else(|| panic!("{}", told()));
    let (body, status) = rest.rsplit_once('\n').unwrap_or_else(|| panic!("{}", told()));
    Reply {
        status: status.parse().unwrap_or_else(|_| panic!("{}", told())),
        request_id: request_id.to_owned(),
        body: serde_json::from_str(body).unwrap_or_else(|_| panic!("{}", told())),
    }
}

/// The status of a GET.
pub fn status_of(url: &str) -> u16 {
    let output = Command::new("curl")
        .args(["--silent", "--output", "/dev/null", "--max-time", "5", "--write-out", "%{http_code}", url])
        .output()
        .expect("curl is there (apt-get install -y curl)");
    String::from_utf8_lossy(&output.stdout).parse().unwrap_or(0)
}
