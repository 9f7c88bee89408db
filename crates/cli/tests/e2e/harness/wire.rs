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

/// A kept connection to a server.
pub struct Connection {
    stream: BufReader<TcpStream>,
    address: String,
}

/// What the connection's caller was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    pub status: u16,
    pub request_id: String,
}

impl Connection {
    pub fn open(base_url: &str) -> io::Result<Self> {
        let address = base_url.trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), address })
    }

    /// Sends a request and reads the whole answer; an error is a connection that broke before it. `headers` are whole
    /// lines, each with its end.
    pub fn post(&mut self, path: &str, headers: &str, body: &[u8]) -> io::Result<Acknowledged> {
        let (address, length) = (&self.address, body.len());
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: {address}\r\n{headers}Content-Length: {length}\r\n\r\n");
        self.stream.get_mut().write_all(&[head.as_bytes(), body].concat())?;
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

/// A kept connection to GLAIR's dialect.
pub struct GlairConnection {
    connection: Connection,
    headers: String,
}

impl GlairConnection {
    pub fn open(base_url: &str, credentials: &Glair) -> io::Result<Self> {
        Ok(Self { connection: Connection::open(base_url)?, headers: glair_headers(credentials) })
    }

    /// Sends a form and reads the whole answer.
    pub fn verify(&mut self, form: &str) -> io::Result<Acknowledged> {
        self.connection.post("/identity/v1/verification", &self.headers, form.as_bytes())
    }
}

/// What a caller of GLAIR's dialect sends before its form.
pub fn glair_headers(Glair { username, password, api_key }: &Glair) -> String {
    let basic = STANDARD.encode(format!("{username}:{password}"));
    format!(
        "Authorization: Basic {basic}\r\nx-api-key: {api_key}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n"
    )
}
