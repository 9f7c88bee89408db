//! The server: connections bounded in number, in time and at the end.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use absah_engine::Engine;
use axum::Router;
use axum_server::{AddrListener, Address, Handle};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::router::router;
use crate::settings::HttpSettings;

/// Longest head of a request, in bytes; a longer one is refused by the HTTP library itself.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Serves until `shutdown` resolves and the requests under way are answered, or their time is up.
///
/// # Errors
/// The listener cannot be used.
pub async fn serve(
    listener: std::net::TcpListener,
    engine: Arc<Engine>,
    settings: HttpSettings,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = router(engine, &settings);
    serve_router(listener, router, &settings, shutdown).await
}

/// Serves any routes within the bounds.
pub(crate) async fn serve_router(
    listener: std::net::TcpListener,
    router: Router,
    settings: &HttpSettings,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = BoundedListener {
        listener: TcpListener::from_std(listener)?,
        places: Arc::new(Semaphore::new(settings.max_connections.clamp(1, Semaphore::MAX_PERMITS))),
    };
    let handle = Handle::new();
    let mut server = axum_server::Server::<Peer>::from_listener(listener).handle(handle.clone()).http1_only();
    server.http_builder().http1().header_read_timeout(settings.header_timeout).max_buf_size(MAX_HEAD_BYTES);
    let patience = settings.shutdown_timeout;
    let stop = tokio::spawn(async move {
        shutdown.await;
        handle.graceful_shutdown(Some(patience));
    });
    let served = server.serve(router.into_make_service()).await;
    stop.abort();
    served
}

/// A caller's address. A type of its own, since the server's library knows the listener by its address.
#[derive(Debug, Clone, Copy)]
struct Peer(SocketAddr);

impl Address for Peer {
    type Stream = Connection;
    type Listener = BoundedListener;
}

/// Accepts no more connections than there are places.
struct BoundedListener {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl AddrListener<Connection, Peer> for BoundedListener {
    async fn bind_to(Peer(address): Peer) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self { listener, places: Arc::new(Semaphore::new(HttpSettings::default().max_connections)) })
    }

    async fn accept_stream(&self) -> io::Result<(Connection, Peer)> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(io::Error::other)?;
        let (stream, peer) = self.listener.accept().await?;
        // Answers are small and whole: waiting to fill a segment would only delay them.
        stream.set_nodelay(true)?;
        Ok((Connection { stream, _place: place }, Peer(peer)))
    }

    fn get_local_addr(&self) -> io::Result<Peer> {
        self.listener.local_addr().map(Peer)
    }
}

/// A connection with its place, which is free again when the connection is dropped.
struct Connection {
    stream: TcpStream,
    _place: OwnedSemaphorePermit,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
