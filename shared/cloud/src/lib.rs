//! The cloud behind the ports: DynamoDB, SQS, S3 and Secrets Manager. The only room that names an AWS SDK.
//!
//! [`Cloud::connect`] loads the configuration once and makes every client from it; each function calls it in `main`,
//! before it takes its first event. What never happens here: a decision. The conditions of a write say what `jobs`
//! decided, and their failure comes back as an ordinary outcome.

mod accounts;
mod batch;
mod expressions;
mod item;
mod jobs_table;
mod operator_file;
mod outputs;
mod queues;
mod secrets;
mod settings;
mod stretch;
mod transaction;
mod vendors;
mod watched;

pub use accounts::AccountsTable;
pub use batch::work_batch;
pub use jobs_table::{JobsTable, Tables};
pub use operator_file::{OperatorFile, Reading};
pub use outputs::{Outputs, Upload};
pub use queues::SqsQueues;
pub use secrets::Secrets;
pub use settings::{MissingSetting, setting, setting_or, words};
pub use vendors::VendorsTable;
pub use watched::Watched;

use aws_config::{BehaviorVersion, SdkConfig, timeout::TimeoutConfig};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use jobs::Time;
use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The configuration that every client is made from.
pub struct Cloud {
    config: SdkConfig,
}

impl Cloud {
    /// Loads region, credentials and endpoints as the SDK finds them in the environment.
    pub async fn connect() -> Cloud {
        let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        // Small messages within one region: what takes longer than this has failed. A request to the API has 29 s for
        // all that it does.
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(2))
            .operation_attempt_timeout(Duration::from_secs(4))
            .operation_timeout(Duration::from_secs(10))
            .build();
        let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(http)
            .timeout_config(timeouts)
            .load()
            .await;
        Cloud { config }
    }

    /// The jobs table.
    ///
    /// # Errors
    /// When `JOBS_TABLE`, `ACCOUNTS_TABLE` or `VENDORS_TABLE` is not set.
    pub fn jobs(&self) -> Result<JobsTable, MissingSetting> {
        let client = aws_sdk_dynamodb::Client::new(&self.config);
        let tables = Tables {
            jobs: setting("JOBS_TABLE")?,
            accounts: setting("ACCOUNTS_TABLE")?,
            vendors: setting("VENDORS_TABLE")?,
        };
        Ok(JobsTable::new(client, tables))
    }

    /// The vendors table.
    ///
    /// # Errors
    /// When `VENDORS_TABLE` is not set.
    pub fn vendors(&self) -> Result<VendorsTable, MissingSetting> {
        Ok(VendorsTable::new(aws_sdk_dynamodb::Client::new(&self.config), setting("VENDORS_TABLE")?))
    }

    /// The accounts table.
    ///
    /// # Errors
    /// When `ACCOUNTS_TABLE` is not set.
    pub fn accounts(&self) -> Result<AccountsTable, MissingSetting> {
        Ok(AccountsTable::new(aws_sdk_dynamodb::Client::new(&self.config), setting("ACCOUNTS_TABLE")?))
    }

    /// The queues of vendors and webhooks.
    ///
    /// # Errors
    /// When `VENDOR_QUEUE_URL` or `WEBHOOK_QUEUE_URL` is not set.
    pub fn queues(&self) -> Result<SqsQueues, MissingSetting> {
        let client = aws_sdk_sqs::Client::new(&self.config);
        Ok(SqsQueues::new(client, setting("VENDOR_QUEUE_URL")?, setting("WEBHOOK_QUEUE_URL")?))
    }

    /// The outputs bucket.
    ///
    /// # Errors
    /// When `OUTPUTS_BUCKET` is not set.
    pub fn outputs(&self) -> Result<Outputs, MissingSetting> {
        // A part of a large file takes longer than a message.
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(2))
            .operation_attempt_timeout(Duration::from_secs(30))
            .operation_timeout(Duration::from_secs(90))
            .build();
        Ok(Outputs::new(self.s3(Some(timeouts)), setting("OUTPUTS_BUCKET")?))
    }

    /// A value that is made of a file of `most` bytes at most in the operator's bucket, and is the `usual` one without
    /// it, or where `OPERATOR_BUCKET` is not set. Nothing is read yet.
    pub fn watched<T: Send + Sync + 'static, E: ToString>(
        &self,
        key: &str,
        most: usize,
        usual: Arc<T>,
        make: impl Fn(&[u8]) -> Result<T, E> + Send + Sync + 'static,
    ) -> Watched<T> {
        match setting("OPERATOR_BUCKET") {
            Ok(bucket) => Watched::of_file(usual, OperatorFile::new(self.s3(None), bucket, key), most, make),
            Err(_) => Watched::fixed(usual),
        }
    }

    fn s3(&self, timeouts: Option<TimeoutConfig>) -> aws_sdk_s3::Client {
        let mut config = aws_sdk_s3::config::Builder::from(&self.config);
        if let Some(timeouts) = timeouts {
            config = config.timeout_config(timeouts);
        }
        // Stand-ins for S3 have no host name per bucket.
        if self.config.endpoint_url().is_some() {
            config = config.force_path_style(true);
        }
        aws_sdk_s3::Client::from_conf(config.build())
    }

    /// The operator's secrets.
    pub fn secrets(&self) -> Secrets {
        Secrets::new(aws_sdk_secretsmanager::Client::new(&self.config))
    }
}

/// What time it is. The functions ask here, and hand the answer on.
pub fn now() -> Time {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// Random bytes from the operating system.
///
/// # Errors
/// When the operating system has none to give.
pub fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], jobs::ports::Trouble> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes)
        .map_err(|cause| jobs::ports::Trouble::new("could not draw random bytes", cause))?;
    Ok(bytes)
}

/// A random share from 0 to 1, to spread repeated calls; one half if there is no randomness to be had.
pub fn jitter() -> f64 {
    random::<4>().map_or(0.5, |bytes| f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX))
}
