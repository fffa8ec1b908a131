//! The public keys with which a vendor signs what it says by itself.

use bytes::Bytes;
use http::{Request, header};
use jobs::Time;
use outbound::{Door, Limits};
use providers::KeySet;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long keys are believed: vendors ask that they be read again every day.
const FRESH: Duration = Duration::from_secs(24 * 3600);

/// The shortest pause between two looks for other keys: whoever sends us bad signatures must not have us call the vendor for
/// each.
const PAUSE: Duration = Duration::from_secs(60);

/// The longest that a look may take: what waits for it is a question that will be asked anyway, only later.
const LONGEST_LOOK: Duration = Duration::from_secs(3);

/// A document with a few keys has a few hundred bytes.
const MOST_BYTES: u64 = 64 * 1024;

/// The keys, as far as they are known.
#[derive(Default)]
pub struct KeyRing(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Where they were read.
    address: String,
    keys: Option<(Time, KeySet)>,
    /// The last look for them, whatever came of it.
    looked: Option<Time>,
}

impl KeyRing {
    /// Whether something holds with the keys at this address. If it does not with those that are known, the vendor may
    /// have others by now, and they are read again. Without keys nothing holds.
    pub async fn any(&self, door: &Door, address: &str, now: Time, holds: impl Fn(&KeySet) -> bool) -> bool {
        // Kept while a look is under way: whoever comes meanwhile needs what it brings.
        let mut known = self.0.lock().await;
        if known.address != address {
            *known = Known { address: address.to_owned(), ..Known::default() };
        }
        if known.keys.as_ref().is_some_and(|(read, keys)| now.since(*read) < FRESH && holds(keys)) {
            return true;
        }
        if known.looked.is_some_and(|looked| now.since(looked) < PAUSE) {
            return false;
        }
        known.looked = Some(now);
        match read(door, address).await {
            Ok(keys) => {
                let good = holds(&keys);
                known.keys = Some((now, keys));
                good
            }
            Err(why) => {
                tracing::warn!(
                    error = why,
                    "could not read the keys with which the vendor signs its callbacks"
                );
                false
            }
        }
    }
}

/// Reads the keys, or tells the log why not.
async fn read(door: &Door, address: &str) -> Result<KeySet, String> {
    let request = Request::get(address).header(header::ACCEPT, "application/json").body(Bytes::new());
    let request = request.map_err(|_| "their address is malformed".to_owned())?;
    let reply = door.call(request, Limits::failing(LONGEST_LOOK, MOST_BYTES)).await;
    let reply = reply.map_err(|error| error.to_string())?;
    if !reply.status.is_success() {
        return Err(format!("their server answered {}", reply.status.as_u16()));
    }
    KeySet::read(&reply.body).ok_or_else(|| "their server answered something else".to_owned())
}
