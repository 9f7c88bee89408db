//! One exchange with a service: a connection, a request, an answer, within bounds of time and size.
//!
//! Every exchange has a connection of its own. A connection kept from an earlier one may have been closed by the other
//! side just when the request goes out, and then nobody knows whether the call was charged; next to what a call costs
//! and takes, a handshake is cheap.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::endpoint::Endpoint;
use super::tls::Tls;

/// The most bytes of an answer; real ones have a few kilobytes.
const MAX_ANSWER_BYTES: usize = 256 * 1024;
/// The most bytes of an answer's head.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// What the services see of this program.
const USER_AGENT: &str = concat!("absah/", env!("CARGO_PKG_VERSION"));

/// The way to one service.
pub(super) struct Transport {
    pub(super) endpoint: Endpoint,
    /// TLS, where the address says so.
    pub(super) tls: Option<Tls>,
    /// Bound of connecting, TLS included.
    pub(super) connect: Duration,
    /// Bound of the whole exchange.
    pub(super) exchange: Duration,
}

/// An answer that came whole.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

/// An exchange that gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken {
    /// Whether the service may have got the request, and charged it.
    pub(super) sent: bool,
    pub(super) cause: Cause,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// Time was up.
    Timeout,
    /// No connection, or one that broke off.
    Connection,
    /// The service did not prove who it is.
    Untrusted,
    /// The answer was too large.
    TooLarge,
}

impl Transport {
    /// Posts a body of JSON to a path.
    pub(super) async fn post(&self, path: &str, body: Bytes) -> Result<Reply, Broken> {
        let sent = AtomicBool::new(false);
        let exchanged = timeout(self.exchange, self.converse(path, body, &sent)).await;
        exchanged
            .unwrap_or(Err(Cause::Timeout))
            .map_err(|cause| Broken { sent: sent.load(Ordering::Relaxed), cause })
    }

    /// Whether a connection can be made; nothing is asked over it.
    pub(super) async fn reach(&self) -> Result<(), Cause> {
        match timeout(self.connect, TcpStream::connect(self.endpoint.place())).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err(Cause::Connection),
            Err(_) => Err(Cause::Timeout),
        }
    }

    async fn converse(&self, path: &str, body: Bytes, sent: &AtomicBool) -> Result<Reply, Cause> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, self.endpoint.authority())
            .header(header::USER_AGENT, USER_AGENT)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONNECTION, "close")
            .body(Full::new(body))
            // Settings were checked so that none of these can be unsound.
            .map_err(|_| Cause::Connection)?;
        match &self.tls {
            None => {
                speak(self.connected(TcpStream::connect(self.endpoint.place())).await?, request, sent).await
            }
            Some(Tls { connector, name }) => {
                let secured = async {
                    let stream = TcpStream::connect(self.endpoint.place()).await?;
                    connector.connect(name.clone(), stream).await
                };
                speak(self.connected(secured).await?, request, sent).await
            }
        }
    }

    async fn connected<S>(&self, connect: impl Future<Output = io::Result<S>>) -> Result<S, Cause> {
        let connected = timeout(self.connect, connect).await.map_err(|_| Cause::Timeout)?;
        connected.map_err(|error| if is_distrust(&error) { Cause::Untrusted } else { Cause::Connection })
    }
}

/// Sends a request and collects the answer. Sets `sent` before the first byte can have gone out, and takes it back
/// where the library gives the request back untouched.
async fn speak(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
    sent: &AtomicBool,
) -> Result<Reply, Cause> {
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MAX_HEAD_BYTES)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|_| Cause::Connection)?;
    // The connection ends with the set, whichever way this function is left.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    sent.store(true, Ordering::Relaxed);
    let response = match sender.try_send_request(request).await {
        Ok(response) => response,
        Err(mut error) => {
            sent.store(error.take_message().is_none(), Ordering::Relaxed);
            return Err(Cause::Connection);
        }
    };
    let (head, body) = response.into_parts();
    match Limited::new(body, MAX_ANSWER_BYTES).collect().await {
        Ok(body) => Ok(Reply { status: head.status, body: body.to_bytes() }),
        Err(error) if error.is::<LengthLimitError>() => Err(Cause::TooLarge),
        Err(_) => Err(Cause::Connection),
    }
}

/// Whether a handshake failed for the certificate or the proof that goes with it.
fn is_distrust(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(
        inner,
        Some(
            rustls::Error::InvalidCertificate(_)
                | rustls::Error::NoCertificatesPresented
                | rustls::Error::UnsupportedNameType
        )
    )
}
