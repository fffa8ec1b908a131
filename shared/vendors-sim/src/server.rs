//! Puts the vendors together and serves them.

use crate::reply::{self, HangUp};
use crate::shelf::lock;
use crate::world::World;
use crate::{Config, control, links, uploads, vendor};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::routing::{get, post};
use http::{Method, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tower_service::Service;

/// Bytes of a request, at most: two pictures of 20 MB as base64 and room to spare.
const MOST_REQUEST_BYTES: usize = 64 * 1024 * 1024;

/// A simulator at work. It ends, with all its connections, when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens: always on 127.0.0.1.
    pub address: SocketAddr,
    stage: Arc<Stage>,
    serving: JoinHandle<()>,
}

impl Running {
    /// The base address without a slash at the end, such as `http://127.0.0.1:8090`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many paid submits have a prompt that contains the text.
    #[must_use]
    pub fn paid(&self, text: &str) -> usize {
        self.stage.world().ledger.paid_containing(text)
    }

    /// What `GET /_control/stats` tells.
    #[must_use]
    pub fn stats(&self) -> Value {
        self.stage.world().ledger.stats()
    }

    /// Forgets tasks, counts and faults.
    pub fn reset(&self) {
        self.stage.reset();
    }

    /// Serves until the process ends.
    pub async fn wait(mut self) {
        // An error here is a panic while accepting; there is nothing left to serve then either.
        (&mut self.serving).await.ok();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Starts a simulator on 127.0.0.1.
///
/// # Errors
///
/// The port is taken.
pub async fn start(config: Config) -> io::Result<Running> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
    let address = listener.local_addr()?;
    let base = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let stage = Arc::new(Stage::new(config, base));
    let serving = tokio::spawn(accept(listener, Arc::clone(&stage)));
    Ok(Running { address, stage, serving })
}

/// A world with its routes, which a reset replaces by new ones.
#[derive(Debug)]
struct Stage {
    config: Config,
    base: String,
    scene: Mutex<(Arc<World>, Router)>,
}

impl Stage {
    fn new(config: Config, base: String) -> Self {
        let scene = Mutex::new(scene(&config, &base));
        Self { config, base, scene }
    }

    fn world(&self) -> Arc<World> {
        Arc::clone(&lock(&self.scene).0)
    }

    fn router(&self) -> Router {
        lock(&self.scene).1.clone()
    }

    /// As after the start.
    fn reset(&self) {
        *lock(&self.scene) = scene(&self.config, &self.base);
    }
}

fn scene(config: &Config, base: &str) -> (Arc<World>, Router) {
    let world = Arc::new(World::new(config, base.to_owned()));
    (Arc::clone(&world), router(&world))
}

fn router(world: &Arc<World>) -> Router {
    let common = Router::new()
        .route("/health", get(async || reply::json(StatusCode::OK, json!({ "status": "ok" }))))
        .route("/files/{id}/{name}", get(links::download))
        .route("/uploads/{id}", post(uploads::form).put(uploads::raw))
        .nest("/_control", control::routes())
        .with_state(Arc::clone(world));
    vendor::all()
        .fold(common, |router, simulated| {
            router.nest(&format!("/{}", simulated.vendor.name()), (simulated.routes)(world))
        })
        .layer(DefaultBodyLimit::max(MOST_REQUEST_BYTES))
}

async fn accept(listener: TcpListener, stage: Arc<Stage>) {
    // Dropping the set ends the connections.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(serve(stream, Arc::clone(&stage))); }
                Err(error) => tracing::warn!("could not accept a connection: {error}"),
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Serves a connection by hand instead of by axum's server, which cannot end one without an answer.
async fn serve(stream: TcpStream, stage: Arc<Stage>) {
    stream.set_nodelay(true).ok();
    let service = service_fn(move |request: Request<Incoming>| answer(Arc::clone(&stage), request));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!("connection ended: {error}");
    }
}

async fn answer(stage: Arc<Stage>, request: Request<Incoming>) -> Result<Response<Body>, io::Error> {
    if request.method() == Method::POST && request.uri().path() == "/_control/reset" {
        stage.reset();
        return Ok(reply::json(StatusCode::OK, json!({ "reset": true })));
    }
    let response = match stage.router().call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if response.extensions().get::<HangUp>().is_some() {
        return Err(io::Error::other("a fault ends this connection"));
    }
    Ok(response)
}
