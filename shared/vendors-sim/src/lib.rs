//! Loopback servers that speak the vendors' protocols, with real files, faults on demand and counters.
//!
//! One server plays all vendors, each under its own path: a client of Kling gets `http://127.0.0.1:N/kling`
//! as its base URL, and so on with `/bfl` and the others. Nothing leaves the machine: callbacks go to addresses on it
//! and nowhere else, and inputs from elsewhere are taken unseen.
//!
//! Every vendor takes the key `sim-VENDOR-key`, such as `sim-bfl-key`, in the header that it documents. Kling also
//! takes tokens signed with the access key `sim-kling-ak` and the secret key `sim-kling-sk`; of Hedra, whose keys are pairs,
//! `sim-hedra-key` is the one half and `sim-hedra-secret` the other. Google's cloud (`/vertex`) takes no key, but the service
//! account in `sdk/vertex_account.json`, whose tokens it gives out at `/vertex/token`. Sync.so signs its callbacks with
//! `whsec_sim-sync`.
//!
//! Where to start reading: `server` puts everything together, `vendor` names all vendors, `world` is what all handlers
//! share, and `desk` with `tasks` is the life of a call as all vendors have it. Each vendor has a folder that gives the
//! rest: `mod` (its `Protocol` and its routes), `order` (what was ordered, and the files that it becomes), `auth`,
//! `check` (what the vendor refuses) and `wire` (what it answers).
//!
//! # Faults
//!
//! A prompt may hold words such as `[vendor:fail]` or `[vendor:busy:2]`; `[kling:fail]` concerns that vendor alone.
//! `POST /_control` arms the same faults without words. Those with a number of times happen once if none is told.
//!
//! | word | what happens |
//! |---|---|
//! | `fail` | the task fails; a synchronous call is answered with an internal error |
//! | `moderate` | the input is refused by the vendor's moderation |
//! | `moderate-output` | the output is refused by the vendor's moderation |
//! | `busy:N` | N submits get the vendor's answer for too many tasks |
//! | `500:N` | N submits get an internal error and are not carried out |
//! | `lost:N` | N submits are carried out, and the connection ends without an answer |
//! | `html-answer:N`, `empty-answer:N`, `huge-answer:N` | N submits are carried out and answered with status 200 and an HTML page, nothing, or JSON without end |
//! | `answer-late:N` | the submit is carried out at once and answered after N seconds |
//! | `unauthorized:N`, `no-credit:N` | N submits are refused as if the key were wrong, or the balance used up |
//! | `slow:N` | the work takes N seconds |
//! | `hang` | the work never ends |
//! | `unknown-state` | an unheard-of state is told while the work goes on |
//! | `late:N` | the first N polls do not know the task |
//! | `garbage:N` | the first N polls get an HTML page with status 200 |
//! | `poll-500:N` | the first N polls get an internal error |
//! | `empty` | the work ends well, but without a result |
//! | `badlink` | the link of the result is dead |
//! | `html-file` | the link of the result leads to an HTML page |
//! | `stall` | the file stops midway |
//! | `huge` | the file never ends |
//! | `redirect` | the link of the result redirects to a private address |
//! | `other-kind` | the file is of another kind than it says: a picture for a clip, a clip for anything else |
//! | `large:N` | no fault: the file is N megabytes larger than it would be, with zeros at its end |
//! | `expired:N` | N times the link of the result has expired when it is fetched |
//! | `no-callback` | no callback comes |
//! | `callback-twice` | the last callback comes twice |
//!
//! # Control
//!
//! - `POST /_control` with `{"vendor":"kling","operation":"poll","fault":"garbage","times":2}` arms a fault for the
//!   next calls. Without an `operation` the next submits get it, as if the word were in their prompts.
//! - `POST /_control/settings` changes speed, limits and how long signed links live.
//! - `POST /_control/reset` forgets everything.
//! - `GET /_control/stats` tells all counts, `GET /_control/stats?prompt=fox` the submits whose prompt holds `fox`, with how
//!   often each was polled and called back.

mod bfl;
mod bytedance;
mod callbacks;
mod clock;
mod config;
mod control;
mod desk;
mod elevenlabs;
mod fal;
mod faults;
mod fields;
mod google;
mod googleapis;
mod googletts;
mod hedra;
mod heygen;
mod inputs;
mod kling;
mod ledger;
mod links;
mod loopback;
mod luma;
mod lumaagents;
mod minimax;
mod opus;
mod random;
mod reply;
mod runway;
mod server;
mod shelf;
mod stability;
mod studio;
mod sync;
mod tasks;
mod uploads;
mod vendor;
mod vertex;
mod vidu;
mod wan;
mod works;
mod world;

pub use config::Config;
pub use server::{Running, start};
