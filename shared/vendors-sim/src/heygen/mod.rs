//! HeyGen, third version: `POST /v3/videos`, then `GET /v3/videos/{id}`; beside them the lists of people, looks and voices,
//! and uploads. Nothing stops a video.

mod asset;
mod auth;
mod callback;
mod check;
mod list;
mod order;
mod people;
mod repeat;
mod sent;
mod voices;
mod wire;

use crate::callbacks::Notice;
use crate::clock;
use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::{CANCEL, LIST, UPLOAD};
use crate::random;
use crate::reply;
use crate::shelf::lock;
use crate::tasks::Task;
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use list::{Page, choice};
use order::Order;
use people::GROUPS;
use repeat::Pending;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use wire::Refusal;

/// What the account had in the beginning, in ten-thousandths of a dollar.
const WALLET: u64 = 1_000_000_000;

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: HeyGen::VENDOR, limits: &[("heygen_active", 10)], routes };

/// The vendor.
#[derive(Debug)]
struct HeyGen;

/// What the account has besides its videos.
#[derive(Debug, Default)]
struct Account {
    pending: Pending,
    /// Ten-thousandths of a dollar.
    spent: Mutex<u64>,
}

impl Protocol for HeyGen {
    const VENDOR: Vendor = Vendor::named("heygen");
    const LINK_SECONDS: Option<f64> = Some(7.0 * 24.0 * 3600.0);

    type Order = Order;
    type Refusal = Refusal;
    type Account = Account;

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::no_such_video()
    }

    fn new_id(_order: &Order) -> String {
        random::hexadecimal(32)
    }

    fn paid(desk: &Desk<Self>, task: &Task<Order>) {
        *lock(&desk.account.spent) += task.order.price();
    }

    /// Told when it has ended.
    fn notice(desk: &Desk<Self>, task: &Task<Order>, now: u64) -> Option<Notice> {
        if !task.state(now).is_final() {
            return None;
        }
        let links = desk.links(task);
        let body = callback::body(task, now, links.first().map(String::as_str));
        Some(Notice { headers: callback::headers(task, &body, now), body })
    }
}

type Shared = State<Arc<Desk<HeyGen>>>;
type Pairs = Query<list::Query>;

fn routes(world: &Arc<World>) -> Router {
    let version = Router::new()
        .route("/videos", get(videos).post(submit))
        .route("/videos/{id}", get(poll).delete(delete))
        .route("/avatars", get(avatars))
        .route("/avatars/looks", get(looks))
        .route("/avatars/looks/{id}", get(look))
        .route("/voices", get(all_voices).post(suiting_voices))
        .route("/voices/{id}", get(voice))
        .route("/assets", post(upload))
        .route("/users/me", get(user));
    Router::new()
        .nest("/v3", version)
        .fallback(async || Refusal::no_such_path().response())
        .method_not_allowed_fallback(async || Refusal::no_such_path().response())
        .with_state(Desk::open(world))
}

async fn submit(State(desk): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, Response> {
    // Kept until the answer is ready.
    let mut held = None;
    let read = async {
        auth::check(&headers)?;
        let key = repeat::key(&headers)?;
        held = key.as_deref().map(|key| desk.account.pending.hold(key)).transpose()?;
        check::order(&desk.world.uploads, key, &body)
    };
    let task = desk.submit("video", read).await?;
    drop(held);
    Ok(wire::created(&task))
}

async fn poll(State(desk): Shared, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let task = desk.poll(&id, auth::check(&headers), |order| is_no_key(order, &id)).await?;
    let told = wire::told(&task, clock::now(), |task| desk.links(task));
    Ok(reply::json(StatusCode::OK, json!({ "data": told })))
}

/// A video is not found by the key of its order.
fn is_no_key(order: &Order, id: &str) -> bool {
    order.key.as_deref() != Some(id)
}

/// Removes a video with its files. What becomes of one that is being made the vendor does not say; here it is refused.
async fn delete(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    desk.admit(CANCEL, auth::check(&headers)).await?;
    let task = desk.find(&id).filter(|task| is_no_key(&task.order, &id));
    let task = task.ok_or_else(|| desk.refused(CANCEL, &Refusal::no_such_video()))?;
    if !task.state(clock::now()).is_final() {
        return Err(desk.refused(CANCEL, &Refusal::bad("the video is being made")));
    }
    desk.destroy(&task);
    Ok(reply::json(StatusCode::OK, json!({ "data": { "id": id } })))
}

/// The newest first.
async fn videos(State(desk): Shared, headers: HeaderMap, Query(query): Pairs) -> Result<Response, Response> {
    listed(&desk, &headers, || {
        let page = Page::read(&query, 10, 100)?;
        let now = clock::now();
        let title = query.get("title").map(String::as_str).unwrap_or_default();
        let all = desk.newest(|order| order.title.as_deref().unwrap_or_default().contains(title));
        Ok(page.of(all.iter().map(|task| wire::told(task, now, |task| desk.links(task)))))
    })
    .await
}

/// Everything that only tells.
async fn listed(
    desk: &Desk<HeyGen>,
    headers: &HeaderMap,
    tell: impl FnOnce() -> Result<Value, Refusal>,
) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(headers)).await?;
    let told = tell().map_err(|refusal| desk.refused(LIST, &refusal))?;
    Ok(reply::json(StatusCode::OK, told))
}

async fn avatars(State(desk): Shared, headers: HeaderMap, Query(query): Pairs) -> Result<Response, Response> {
    listed(&desk, &headers, || {
        let page = Page::read(&query, 20, 50)?;
        let own = choice(&query, "ownership", &["public", "private"])?.map(|word| word == "private");
        let all = GROUPS.iter().filter(|group| own.is_none_or(|own| group.own == own));
        Ok(page.of(all.map(people::Group::told)))
    })
    .await
}

async fn looks(State(desk): Shared, headers: HeaderMap, Query(query): Pairs) -> Result<Response, Response> {
    listed(&desk, &headers, || {
        let page = Page::read(&query, 20, 50)?;
        let own = choice(&query, "ownership", &["public", "private"])?.map(|word| word == "private");
        let kind = choice(&query, "avatar_type", &["studio_avatar", "digital_twin", "photo_avatar"])?;
        let whose = query.get("group_id");
        let groups = GROUPS.iter().filter(|group| {
            own.is_none_or(|own| group.own == own) && whose.is_none_or(|whose| group.id == *whose)
        });
        let all = groups.flat_map(|group| group.looks.iter().map(move |look| (group, look)));
        let all = all.filter(|(_, look)| kind.is_none_or(|kind| look.kind == kind));
        Ok(page.of(all.map(|(group, look)| group.look(look))))
    })
    .await
}

async fn look(State(desk): Shared, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    listed(&desk, &headers, || {
        let (group, look) = people::find(&id).ok_or_else(|| Refusal::no_such_avatar("look_id"))?;
        Ok(json!({ "data": group.look(look) }))
    })
    .await
}

async fn all_voices(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Pairs,
) -> Result<Response, Response> {
    listed(&desk, &headers, || voices::list(&query)).await
}

async fn suiting_voices(State(desk): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, Response> {
    listed(&desk, &headers, || voices::suiting(&body)).await
}

async fn voice(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    listed(&desk, &headers, || {
        let voice = voices::find(&id).ok_or_else(|| Refusal::no_such_voice("voice_id"))?;
        Ok(json!({ "data": voice.told() }))
    })
    .await
}

async fn upload(
    State(desk): Shared,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Response> {
    desk.admit(UPLOAD, auth::check(&headers)).await?;
    let asset = asset::read(form).await.map_err(|refusal| desk.refused(UPLOAD, &refusal))?;
    let upload = desk.world.uploads.keep(&asset.bytes);
    let data = json!({
        "asset_id": upload.id,
        "url": format!("https://files.example.com/{}", upload.id),
        "mime_type": asset.media_type,
        "size_bytes": asset.bytes.len(),
    });
    Ok(reply::json(StatusCode::OK, json!({ "data": data })))
}

async fn user(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    listed(&desk, &headers, || {
        let left = WALLET.saturating_sub(*lock(&desk.account.spent)) as f64 / 10_000.0;
        Ok(json!({ "data": {
            "username": "simulated",
            "email": "simulated@example.com",
            "first_name": null,
            "last_name": null,
            "billing_type": "wallet",
            "wallet": { "currency": "usd", "remaining_balance": left, "auto_reload": null },
        } }))
    })
    .await
}
