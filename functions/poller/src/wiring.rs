//! A poller put together from the function's settings.

use crate::{Engine, Others, access::AccessCard, keys::KeyRing};
use catalogue::{Catalogue, MOST_BYTES, OPERATOR_FILE};
use cloud::{
    AccountsTable, Cloud, JobsTable, SqsQueues, VendorsTable, Watched, now, setting, setting_or, words,
};
use jobs::{health::Watch, plan::SIMULATOR};
use outbound::{AllowList, Door, StandIns};
use std::error::Error;

/// An engine on the tables and queues of AWS.
pub type Deployed = Engine<JobsTable, AccountsTable, SqsQueues, VendorsTable>;

/// What a process has once, however many vendors' engines it has. Deployed, that is one.
pub struct Wiring {
    cloud: Cloud,
    door: Door,
    catalogue: Watched<Catalogue>,
}

impl Wiring {
    /// Connects to AWS, and reads the catalogue as the operator has changed it.
    ///
    /// # Errors
    /// When a setting is not as it should be.
    pub async fn connect() -> Result<Wiring, Box<dyn Error + Send + Sync>> {
        let cloud = Cloud::connect().await;
        let allow = AllowList::parse(&setting_or("OUTBOUND_ALLOW", ""))?;
        let stand_ins = StandIns::parse(&setting_or("OUTBOUND_STAND_INS", ""))?;
        let door = Door::new(outbound::Options { allow, stand_ins, ..outbound::Options::default() })?;
        let catalogue =
            cloud.watched(OPERATOR_FILE, MOST_BYTES, Catalogue::built_in().clone(), Catalogue::changed_by);
        catalogue.load(now()).await;
        Ok(Wiring { cloud, door, catalogue })
    }

    /// The engine of a vendor. In the name of its secret, `{vendor}` stands for its id, where one setting has to do for
    /// several.
    ///
    /// # Errors
    /// When there is no such vendor, or a setting is missing.
    pub fn engine(&self, vendor: &str) -> Result<Deployed, Box<dyn Error + Send + Sync>> {
        let cloud = &self.cloud;
        let adapter = providers::adapter(vendor).ok_or_else(|| format!("VENDOR={vendor} has no adapter"))?;
        let access = if vendor == SIMULATOR {
            AccessCard::none()
        } else {
            let id = setting("VENDOR_SECRET_ID")?.replace("{vendor}", vendor);
            AccessCard::in_secret(cloud.secrets(), id)
        };
        Ok(Engine {
            jobs: cloud.jobs()?,
            accounts: cloud.accounts()?,
            queues: cloud.queues()?,
            vendors: cloud.vendors()?,
            watch: Watch::default(),
            others: Others {
                catalogue: self.catalogue.clone(),
                live_vendors: words(&setting_or("LIVE_VENDORS", "")),
                latency_scale: setting_or("LATENCY_SCALE", "1").parse()?,
            },
            outputs: cloud.outputs()?,
            door: self.door.clone(),
            adapter,
            access,
            keys: KeyRing::default(),
            callback_base: setting("PUBLIC_BASE_URL").ok().map(|url| url.trim_end_matches('/').to_owned()),
            clock: now,
        })
    }

    /// Looks for changes of the operator's, beside whatever else is done.
    pub fn refresh(&self) {
        self.catalogue.refresh(now());
    }
}
