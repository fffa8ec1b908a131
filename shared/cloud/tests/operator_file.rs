//! A value that the operator changes by a file: over S3's own protocol to the local stand-in, and with a bucket that
//! behaves as none should.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bucket;
mod emulator;

use aws_sdk_s3::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    primitives::ByteStream,
};
use aws_smithy_http_client::Builder;
use bucket::{Bucket, Mood};
use cloud::{OperatorFile, Reading, Watched};
use emulator::Emulator;
use jobs::Time;
use std::{sync::Arc, time::Duration};

/// The most bytes that a file of these tests may have.
const MOST: usize = 1_000;

fn client(endpoint: &str) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(Builder::new().build_http())
        .endpoint_url(endpoint)
        .force_path_style(true)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"));
    Client::from_conf(config.build())
}

fn file_in(bucket: &Bucket) -> OperatorFile {
    OperatorFile::new(client(&bucket.endpoint), "operator", "catalogue.toml")
}

/// A number of which the operator says what it is.
fn watched(file: OperatorFile) -> Watched<u64> {
    Watched::of_file(Arc::new(1), file, MOST, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        text.trim().parse().map_err(|_| format!("{:?} is no number", text.trim()))
    })
}

fn at(seconds: i64) -> Time {
    Time::from_millis(1_795_000_000_000 + seconds * 1_000)
}

fn holds(text: &str) -> Mood {
    Mood::Holds(text.as_bytes().to_vec())
}

/// A watched number, its bucket and a clock of the test's own.
struct Scene {
    watched: Watched<u64>,
    bucket: Bucket,
    seconds: i64,
}

impl Scene {
    /// Nothing was read yet.
    async fn of(mood: Mood) -> Scene {
        let bucket = Bucket::open(mood).await;
        Scene { watched: watched(file_in(&bucket)), bucket, seconds: 0 }
    }

    /// As after the start of a function; what the bucket answered.
    async fn loaded(&self) -> Vec<u16> {
        self.watched.load(at(self.seconds)).await;
        self.bucket.answered()
    }

    fn value(&self) -> u64 {
        *self.watched.current()
    }

    /// Lets a minute pass and a request come by, and waits until the bucket has answered and the value is the expected
    /// one; what the bucket answered. A look that came while another one went on is made up for a minute later.
    async fn minute_later(&mut self, expected: u64) -> Vec<u16> {
        let mut answered = Vec::new();
        for tries in 0..600 {
            if tries % 100 == 0 {
                self.seconds += 60;
                self.watched.refresh(at(self.seconds));
            }
            answered.extend(self.bucket.answered());
            if !answered.is_empty() && self.value() == expected {
                return answered;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} instead of {expected} after {answered:?}", self.value());
    }
}

#[tokio::test]
async fn a_file_is_read_as_s3_gives_it_out() {
    let emulator = Emulator::ready().await;
    let client = client(emulator.endpoint());
    let bucket = format!("operator-{}", std::process::id());
    client.create_bucket().bucket(&bucket).send().await.unwrap();
    let file = OperatorFile::new(client.clone(), &bucket, "catalogue.toml");
    let put = async |text: &'static str| {
        let body = ByteStream::from_static(text.as_bytes());
        client.put_object().bucket(&bucket).key("catalogue.toml").body(body).send().await.unwrap();
    };
    assert_eq!(file.read(None, MOST).await.unwrap(), Reading::Absent);
    put("2").await;
    let Reading::New { bytes, etag } = file.read(None, MOST).await.unwrap() else { panic!("nothing new") };
    assert_eq!(bytes, b"2");
    assert_eq!(file.read(etag.as_deref(), MOST).await.unwrap(), Reading::Same);
    put("33").await;
    let Reading::New { bytes, etag } = file.read(etag.as_deref(), MOST).await.unwrap() else {
        panic!("nothing new")
    };
    assert_eq!(bytes, b"33");
    assert!(matches!(file.read(None, 1).await.unwrap(), Reading::TooLarge { .. }));
    client.delete_object().bucket(&bucket).key("catalogue.toml").send().await.unwrap();
    assert_eq!(file.read(etag.as_deref(), MOST).await.unwrap(), Reading::Absent);
    let elsewhere = OperatorFile::new(client.clone(), "nobody-made-this", "catalogue.toml");
    assert!(elsewhere.read(None, MOST).await.is_err(), "a missing bucket is no missing file");
}

#[tokio::test]
async fn a_file_changes_the_value_once_a_minute_and_its_absence_changes_it_back() {
    let mut scene = Scene::of(holds("2")).await;
    assert_eq!(scene.value(), 1, "nothing is read before it is asked for");
    assert_eq!((scene.loaded().await, scene.value()), (vec![200], 2));

    // Not due: no look, however many requests come by.
    scene.bucket.set(holds("3"));
    for second in 1..60 {
        scene.watched.refresh(at(second));
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!((scene.value(), scene.bucket.answered()), (2, vec![]));

    assert_eq!(scene.minute_later(3).await, [200]);
    assert_eq!(scene.minute_later(3).await, [304]);
    scene.bucket.set(Mood::Empty);
    assert_eq!(scene.minute_later(1).await, [404]);
    scene.bucket.set(holds("4"));
    assert_eq!(scene.minute_later(4).await, [200]);
}

#[tokio::test]
async fn a_bad_file_leaves_what_held_before() {
    let mut scene = Scene::of(holds("two")).await;
    scene.loaded().await;
    assert_eq!(scene.value(), 1, "nothing good was there yet");
    scene.bucket.set(holds("2"));
    assert_eq!(scene.minute_later(2).await, [200]);
    for (mood, status) in [
        (holds("2 or 3"), 200),
        (holds("2 or 3"), 304),
        (Mood::Holds(vec![b'9'; MOST + 1]), 200),
        (Mood::Boasts, 200),
        (Mood::Endless, 200),
    ] {
        scene.bucket.set(mood.clone());
        assert_eq!(scene.minute_later(2).await, [status], "{mood:?}");
    }
    scene.bucket.set(holds("3"));
    assert_eq!(scene.minute_later(3).await, [200]);
}

#[tokio::test]
async fn a_bucket_that_fails_leaves_what_held_before() {
    let mut scene = Scene::of(holds("2")).await;
    scene.loaded().await;
    for mood in [Mood::Refuses(403, "AccessDenied"), Mood::Refuses(404, "NoSuchBucket"), Mood::BreaksOff] {
        scene.bucket.set(mood.clone());
        assert!(!scene.minute_later(2).await.is_empty(), "{mood:?}");
    }
    scene.bucket.set(holds("3"));
    scene.minute_later(3).await;
}

#[tokio::test]
async fn nobody_waits_for_a_silent_bucket() {
    let mut scene = Scene::of(Mood::Silent).await;
    // The first look ends by itself: this test would hang if it did not.
    scene.loaded().await;
    assert_eq!(scene.value(), 1);
    // The first request does not wait, and has the file looked at although no minute has passed.
    scene.bucket.set(holds("2"));
    scene.seconds = -59;
    assert_eq!(scene.minute_later(2).await, [200]);
}

#[tokio::test]
async fn a_value_that_nothing_changes_stays() {
    let watched = Watched::fixed(Arc::new(7));
    watched.load(at(0)).await;
    watched.refresh(at(1_000));
    assert_eq!(*watched.clone().current(), 7);
}
