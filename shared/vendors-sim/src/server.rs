//! Puts the vendors together and serves them.

use crate::reply::{self, HangUp};
use crate::world::World;
use crate::{Config, bfl, control, elevenlabs, kling, links};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::routing::get;
use http::{Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
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
    world: Arc<World>,
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
        self.world.ledger.paid_containing(text)
    }

    /// What `GET /_control/stats` tells.
    #[must_use]
    pub fn stats(&self) -> Value {
        self.world.ledger.stats()
    }

    /// Forgets tasks, counts and faults.
    pub fn reset(&self) {
        self.world.reset();
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
    let world = Arc::new(World::new(&config, base));
    let serving = tokio::spawn(accept(listener, router(Arc::clone(&world))));
    Ok(Running { address, world, serving })
}

fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/health", get(async || reply::json(StatusCode::OK, json!({ "status": "ok" }))))
        .route("/files/{id}/{name}", get(links::download))
        .nest("/_control", control::routes())
        .nest("/kling", kling::routes())
        .nest("/bfl", bfl::routes())
        .nest("/elevenlabs", elevenlabs::routes())
        .layer(DefaultBodyLimit::max(MOST_REQUEST_BYTES))
        .with_state(world)
}

async fn accept(listener: TcpListener, router: Router) {
    // Dropping the set ends the connections.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(serve(stream, router.clone())); }
                Err(error) => tracing::warn!("could not accept a connection: {error}"),
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Serves a connection by hand instead of by axum's server, which cannot end one without an answer.
async fn serve(stream: TcpStream, router: Router) {
    stream.set_nodelay(true).ok();
    let service = service_fn(move |request: Request<Incoming>| answer(router.clone(), request));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!("connection ended: {error}");
    }
}

async fn answer(mut router: Router, request: Request<Incoming>) -> Result<Response<Body>, io::Error> {
    let response = match router.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if response.extensions().get::<HangUp>().is_some() {
        return Err(io::Error::other("a fault ends this connection"));
    }
    Ok(response)
}
