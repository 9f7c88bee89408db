//! Connections that misbehave, byte by byte, and the next one that does not.

use std::net::SocketAddr;
use std::time::Duration;

use absah_core::dialect::Dialect;
use absah_http::{BodyLimits, HttpSettings, serve};
use absah_store::Secrets;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::app::{Client, Kind, TestApp};

/// A server on a port of its own, stopped when dropped.
pub struct Server {
    pub app: TestApp,
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub async fn start(settings: HttpSettings) -> Self {
        let app = TestApp::with(settings.clone()).await;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let stopped = async move {
            let _ = stopped.await;
        };
        let served = tokio::spawn(serve(listener, app.engine.clone(), settings, stopped));
        Self { app, address, stop: Some(stop), served }
    }

    /// Sends bytes and reads until the server closes the connection.
    pub async fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.expect("a connection");
        stream.write_all(bytes).await.expect("sent");
        read(&mut stream).await
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    timeout(Duration::from_secs(10), reading).await.expect("the server closes").expect("received");
    String::from_utf8(answer).expect("text")
}

/// A request of the Kredibel dialect, with its length and without more.
fn issuance(client: &Client, length: usize, more: &str) -> String {
    let Secrets::Kredibel { api_key } = &client.secrets else { panic!("a Kredibel credential") };
    format!(
        "POST /v1/certificate/issuance HTTP/1.1\r\nHost: absah\r\nAuthorization: Bearer {api_key}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n"
    )
}

fn settings() -> HttpSettings {
    HttpSettings {
        body_timeout: Duration::from_millis(300),
        header_timeout: Duration::from_millis(300),
        body_limits: BodyLimits { kredibel: 100_000, accuauth: 100_000, glair: 100_000 },
        ..HttpSettings::default()
    }
}

/// A request of good form is answered, whatever came before it.
async fn next_is_answered(server: &Server, client: &Client) {
    let answer = server.exchange(format!("{}{{}}", issuance(client, 2, "")).as_bytes()).await;
    assert!(
        answer.starts_with("HTTP/1.1 400 ") && answer.contains("Input payload validation failed."),
        "{answer}"
    );
}

#[tokio::test]
async fn bodies_that_do_not_come_as_announced_are_answered() {
    let server = Server::start(settings()).await;
    let client = server.app.client(Dialect::Kredibel, Kind::Sandbox).await;
    let slow = format!("{}{{", issuance(&client, 100, ""));
    let large = issuance(&client, 100_001, "");
    let waiting = issuance(&client, 100_001, "Expect: 100-continue\r\n");
    let large = format!("{large}{}", "x".repeat(100_001));
    let rows = [
        ("slow", slow, "HTTP/1.1 408 "),
        ("too large", large, "HTTP/1.1 413 "),
        ("waits", waiting, "HTTP/1.1 413 "),
    ];
    for (name, request, status) in rows {
        let answer = server.exchange(request.as_bytes()).await;
        assert!(answer.starts_with(status) && answer.contains("{\"message\":"), "{name}: {answer}");
        next_is_answered(&server, &client).await;
    }
}

#[tokio::test]
async fn a_body_that_stops_half_way_costs_nothing_but_itself() {
    let server = Server::start(settings()).await;
    let client = server.app.client(Dialect::Kredibel, Kind::Sandbox).await;
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    let half = format!("{}{{\"identityId\":", issuance(&client, 100, ""));
    stream.write_all(half.as_bytes()).await.expect("sent");
    drop(stream);
    let recorded = async {
        loop {
            match server.app.history(&client.tenant).await.pop() {
                Some(line) => return line,
                None => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    };
    let line = timeout(Duration::from_secs(5), recorded).await.expect("it is recorded");
    assert_eq!((line.outcome.as_str(), line.status), ("invalid_request", 400));
    assert_eq!(line.charged, Vec::<String>::new());
    next_is_answered(&server, &client).await;
    assert_eq!(server.app.history(&client.tenant).await.len(), 2, "each is recorded once");
}

#[tokio::test]
async fn heads_that_are_slow_or_huge_end_the_connection() {
    let server = Server::start(settings()).await;
    let client = server.app.client(Dialect::Kredibel, Kind::Sandbox).await;
    let huge = format!("GET / HTTP/1.1\r\nHost: absah\r\nX-Large: {}\r\n\r\n", "x".repeat(60_000 * 2));
    let rows = [("slow", "POST /v1/certificate".to_owned()), ("huge", huge)];
    for (name, head) in rows {
        let mut stream = TcpStream::connect(server.address).await.expect("a connection");
        // The server may close while the head is still being sent.
        let _ = stream.write_all(head.as_bytes()).await;
        let mut answer = Vec::new();
        let closed = timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
        assert!(closed.is_ok(), "{name}");
        next_is_answered(&server, &client).await;
    }
}

#[tokio::test]
async fn connections_are_kept_alive_and_idle_ones_closed() {
    let server = Server::start(settings()).await;
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    for _ in 0..3 {
        stream.write_all(b"GET /livez HTTP/1.1\r\nHost: absah\r\n\r\n").await.expect("sent");
        let mut answer = [0; 15];
        stream.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 200 OK");
        let mut rest = vec![0; 4096];
        assert!(stream.read(&mut rest).await.expect("the rest") > 0);
    }
    assert_eq!(read(&mut stream).await, "");
}

#[tokio::test]
async fn connections_beyond_the_bound_wait_for_a_place() {
    let server = Server::start(HttpSettings { max_connections: 1, ..settings() }).await;
    let idle = TcpStream::connect(server.address).await.expect("a connection");
    let mut second = TcpStream::connect(server.address).await.expect("a place in the queue");
    second.write_all(b"GET /livez HTTP/1.1\r\nHost: absah\r\nConnection: close\r\n\r\n").await.expect("sent");
    let mut first = [0; 1];
    assert!(timeout(Duration::from_millis(100), second.read(&mut first)).await.is_err());
    drop(idle);
    assert!(read(&mut second).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn bodies_beyond_the_budget_are_told_to_come_back() {
    let server = Server::start(HttpSettings { body_budget: 1_000, ..settings() }).await;
    let client = server.app.client(Dialect::Kredibel, Kind::Sandbox).await;
    let answer =
        server.exchange(format!("{}{}", issuance(&client, 900, ""), " ".repeat(900)).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 429 ") && answer.contains("retry-after: 1\r\n"), "{answer}");
    assert_eq!(server.app.history(&client.tenant).await.last().expect("a line").outcome, "overloaded");
    next_is_answered(&server, &client).await;
}

#[tokio::test]
async fn requests_under_way_are_answered_before_the_server_stops() {
    let mut server = Server::start(settings()).await;
    let client = server.app.client(Dialect::Glair, Kind::Sandbox).await;
    let request = crate::clients::glair(&client, "application/json", br#"{"nik":"1234567890111129"}"#, "");
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    stream.write_all(&request).await.expect("sent");
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.stop.take().expect("not stopped yet").send(()).expect("the server listens");
    assert!(read(&mut stream).await.contains("Verification Success"));
    timeout(Duration::from_secs(5), server.served)
        .await
        .expect("it stops")
        .expect("no panic")
        .expect("no error");
}
