//! Seedream: `POST /api/v3/images/generations`, answered when the pictures are made.

mod check;
mod order;
mod wire;

use super::refusal::{Complaint, good};
use super::{VENDOR, body, credential};
use crate::desk::{Desk, Protocol};
use crate::fields::Fields;
use crate::links;
use crate::tasks::Order as _;
use crate::vendor::Vendor;
use crate::world::World;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use order::Order;
use serde_json::{Value, json};
use std::sync::Arc;
use wire::Refusal;

#[derive(Debug)]
struct Pictures;

impl Protocol for Pictures {
    const VENDOR: Vendor = VENDOR;
    const LINK_SECONDS: Option<f64> = Some(86_400.0);

    type Order = Order;
    type Refusal = Refusal;
    type Account = ();

    fn unknown(id: &str, _late: bool) -> Refusal {
        Complaint::task(id).into()
    }
}

pub(super) fn routes(world: &Arc<World>) -> Router {
    Router::new().route("/api/v3/images/generations", post(generate)).with_state(Desk::open(world))
}

async fn generate(
    State(desk): State<Arc<Desk<Pictures>>>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Response> {
    let read = async {
        credential(&headers)?;
        Ok(check::order(Fields(&body(&headers, &bytes)?))?)
    };
    let task = desk.perform("images", read).await?;
    let (order, told) = (&task.order, desk.links(&task));
    let (width, height) = order.size;
    let size = format!("{width}x{height}");
    let mut data: Vec<Value> = Vec::new();
    for (link, work) in told.iter().zip(order.works()) {
        data.push(if order.in_the_answer {
            let file = links::inside(&desk.world, &work, task.ailments.of_file()).await;
            json!({ "b64_json": STANDARD.encode(file), "size": size })
        } else {
            json!({ "url": link, "size": size })
        });
    }
    let tokens = u64::from(width) * u64::from(height) / 256 * data.len() as u64;
    let usage = json!({ "generated_images": data.len(), "output_tokens": tokens, "total_tokens": tokens });
    let created = task.span.ordered / 1000;
    Ok(good(json!({ "model": order.model, "created": created, "data": data, "usage": usage })))
}
