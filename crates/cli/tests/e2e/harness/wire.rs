//! Callers without `curl`: one that keeps its connection, for tests that send more than `curl` could be started for,
//! and one that does not wait for its answer.

use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::demo_file::{Glair, Kredibel};

/// Sends a certificate issuance whole, and goes away after a while without having read anything.
pub fn issue_and_leave(
    base_url: &str,
    Kredibel { api_key }: &Kredibel,
    body: &str,
    after: Duration,
) -> io::Result<()> {
    let address = base_url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address)?;
    let length = body.len();
    let request = format!(
        "POST /v1/certificate/issuance HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {api_key}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes())?;
    std::thread::sleep(after);
    Ok(())
}

/// A kept connection to GLAIR's dialect.
pub struct GlairConnection {
    stream: BufReader<TcpStream>,
    head: String,
}

/// What the connection's caller was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    pub status: u16,
    pub request_id: String,
}

impl GlairConnection {
    pub fn open(base_url: &str, Glair { username, password, api_key }: &Glair) -> io::Result<Self> {
        let address = base_url.trim_start_matches("http://");
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.set_nodelay(true)?;
        let basic = STANDARD.encode(format!("{username}:{password}"));
        let head = format!(
            "POST /identity/v1/verification HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic {basic}\r\n\
             x-api-key: {api_key}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        );
        Ok(Self { stream: BufReader::new(stream), head })
    }

    /// Sends a form and reads the whole answer; an error is a connection that broke before it.
    pub fn verify(&mut self, form: &str) -> io::Result<Acknowledged> {
        let request = format!("{}Content-Length: {}\r\n\r\n{form}", self.head, form.len());
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut status = 0;
        let mut request_id = String::new();
        let mut length = 0;
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status =
                    rest.get(..3).and_then(|code| code.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
            } else if let Some((name, value)) = line.split_once(':') {
                match name.to_ascii_lowercase().as_str() {
                    "request-id" => value.trim().clone_into(&mut request_id),
                    "content-length" => {
                        length = value.trim().parse().map_err(|_| io::ErrorKind::InvalidData)?
                    }
                    _ => {}
                }
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Acknowledged { status, request_id })
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}
