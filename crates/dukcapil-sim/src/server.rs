//! The simulator as a server.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use axum_server::Handle;
use axum_server::accept::DefaultAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use tokio::task::JoinSet;

use crate::books::{Books, Calls};
use crate::cut::Cuttable;
use crate::faults::{FaultRule, Faults};
use crate::identity::{Identity, IdentityError};
use crate::institution::Institution;
use crate::keys::RsaKeys;
use crate::matcher::FaceMatcher;
use crate::people::Population;
use crate::{demographics, face};

/// The most bytes of a question: a picture in base64 and some words.
const MAX_BODY_BYTES: usize = 1 << 20;

/// What a simulator is.
#[derive(Clone)]
pub struct SimulatorSettings {
    /// Whom it answers for.
    pub people: Arc<Population>,
    /// Who may ask.
    pub institution: Institution,
    /// The key pair of questions about faces.
    pub keys: RsaKeys,
    /// Compares faces.
    pub matcher: Arc<dyn FaceMatcher>,
    /// What it shows as certificate; plain HTTP where there is none.
    pub identity: Option<Identity>,
    /// Where it listens; port 0 for a free one.
    pub listen: SocketAddr,
    /// Where a tester reaches it; port 0 for a free one.
    pub admin: SocketAddr,
    /// Calls left for each service; without bound, and without a `quotaLimiter`, where there is none.
    pub quota: Option<u64>,
    /// Whether numbers and truths are written as texts.
    pub numbers_as_text: bool,
    /// What goes wrong from the start.
    pub faults: Vec<FaultRule>,
}

/// What handlers work with.
pub(crate) struct World {
    pub(crate) people: Arc<Population>,
    pub(crate) institution: Institution,
    pub(crate) keys: RsaKeys,
    pub(crate) matcher: Arc<dyn FaceMatcher>,
    pub(crate) numbers_as_text: bool,
    pub(crate) books: Books,
    pub(crate) faults: Faults,
}

/// The simulator cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The tester's address is not this machine's.
    #[error("{0} is not an address of this machine alone, and whoever reaches it can change the simulator")]
    AdminOutside(SocketAddr),
    /// The certificate cannot be used.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

/// A simulator that is running; dropping it ends it.
pub struct Simulator {
    world: Arc<World>,
    address: SocketAddr,
    admin: SocketAddr,
    handles: [Handle<SocketAddr>; 2],
    servers: JoinSet<io::Result<()>>,
}

impl Simulator {
    /// Starts one.
    ///
    /// # Errors
    /// An address or the certificate cannot be used.
    pub async fn start(settings: SimulatorSettings) -> Result<Self, SimulatorError> {
        let SimulatorSettings { people, institution, keys, matcher, identity, listen, admin, .. } = settings;
        if !admin.ip().is_loopback() {
            return Err(SimulatorError::AdminOutside(admin));
        }
        let world = Arc::new(World {
            people,
            institution,
            keys,
            matcher,
            numbers_as_text: settings.numbers_as_text,
            books: Books::new(settings.quota),
            faults: Faults::default(),
        });
        world.faults.set(settings.faults);
        let (services, address) = listener(listen)?;
        let (testers, admin) = listener(admin)?;
        let handles = [Handle::new(), Handle::new()];
        let mut servers = JoinSet::new();

        let at = |source| SimulatorError::Listen { address, source };
        let router = router(Arc::clone(&world)).into_make_service();
        let server = axum_server::from_tcp(services).map_err(at)?.handle(handles[0].clone()).http1_only();
        match identity {
            None => drop(servers.spawn(server.acceptor(Cuttable).serve(router))),
            Some(identity) => {
                let tls =
                    RustlsAcceptor::new(RustlsConfig::from_config(identity.config()?)).acceptor(Cuttable);
                servers.spawn(server.acceptor(tls).serve(router));
            }
        }
        let at = |source| SimulatorError::Listen { address: admin, source };
        let testers = axum_server::from_tcp(testers).map_err(at)?.handle(handles[1].clone()).http1_only();
        let router = crate::admin::router(Arc::clone(&world)).into_make_service();
        servers.spawn(testers.acceptor(DefaultAcceptor::new()).serve(router));
        for handle in &handles {
            handle.listening().await;
        }
        Ok(Self { world, address, admin, handles, servers })
    }

    /// Where the services are.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where a tester reaches it.
    pub fn admin_address(&self) -> SocketAddr {
        self.admin
    }

    /// What was asked so far.
    pub fn calls(&self) -> Calls {
        self.world.books.calls()
    }

    /// Puts these rules in the place of all before; none heals it.
    pub fn set_faults(&self, rules: Vec<FaultRule>) {
        self.world.faults.set(rules);
    }

    /// Sets what is left of the quota of each service.
    pub fn set_quota(&self, left: Option<u64>) {
        self.world.books.set_quota(left);
    }

    /// Waits until a server ends by itself, which it does only when it fails.
    ///
    /// # Errors
    /// Why it did.
    pub async fn ended(&mut self) -> io::Result<()> {
        match self.servers.join_next().await {
            Some(Ok(ended)) => ended,
            Some(Err(error)) => Err(io::Error::other(error)),
            None => Ok(()),
        }
    }

    /// Ends it at once, calls under way included, and waits until its addresses are free again.
    pub async fn kill(mut self) {
        self.close();
        while self.servers.join_next().await.is_some() {}
    }

    fn close(&mut self) {
        for handle in &self.handles {
            handle.shutdown();
        }
        self.servers.abort_all();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.close();
    }
}

fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/dukcapil/get_json/{customer}/CALL_VERIFY_BY_ELEMEN", post(demographics::answer))
        .route("/api/face-recognition/dukcapil/{customer}/CALL_FR", post(face::answer))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(world)
}

fn listener(address: SocketAddr) -> Result<(TcpListener, SocketAddr), SimulatorError> {
    let bind = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bind().map_err(|source| SimulatorError::Listen { address, source })
}
