//! Operations, and where they live.

use crate::{Task, kit};
use url::Url;

/// Where the vendor works if nobody says where.
const USUAL_REGION: &str = "us-central1";

/// The version of the protocol that this folder speaks.
const VERSION: &str = "v1";

/// An operation, told from its name: the project may have moved on to another region since it began.
pub(super) struct Operation<'a> {
    project: &'a str,
    region: &'a str,
    model: &'a str,
}

impl<'a> Operation<'a> {
    /// Reads `projects/P/locations/R/publishers/google/models/M/operations/ID`; none for anything else.
    pub(super) fn read(name: &'a str) -> Option<Operation<'a>> {
        let mut parts = name.split('/');
        let mut after = |word: &str| {
            let found = parts.next() == Some(word);
            kit::name_of(parts.next()).filter(|_| found)
        };
        let (project, region) = (after("projects")?, after("locations")?);
        let (publisher, model) = (after("publishers")?, after("models")?);
        after("operations")?;
        let whole = publisher == "google" && is_region(region) && parts.next().is_none();
        whole.then_some(Operation { project, region, model })
    }

    /// What is to be done next, of this model in the operator's project.
    ///
    /// # Errors
    /// A sentence for the log when the operator has named no project, or a region that is none.
    pub(super) fn next(task: &Task<'a>) -> Result<Operation<'a>, String> {
        let project = task.access.project.as_ref().ok_or("the vendor's secret names no project")?;
        let region = project.region.as_deref().unwrap_or(USUAL_REGION);
        let named = kit::name_of(Some(&project.id)).is_some() && is_region(region);
        let operation = Operation { project: &project.id, region, model: &task.job.plan.vendor_model };
        named.then_some(operation).ok_or_else(|| "the project or its region is none".to_owned())
    }

    /// The address of a method of the operation's model.
    ///
    /// # Errors
    /// A sentence for the log when the operator's host is none.
    pub(super) fn address(&self, task: &Task<'_>, method: &str) -> Result<Url, String> {
        let model = format!("{}:{method}", self.model);
        let path = [
            VERSION,
            "projects",
            self.project,
            "locations",
            self.region,
            "publishers",
            "google",
            "models",
            &model,
        ];
        kit::address(kit::base(task.access, &host(self.region)), &path, &[])
    }
}

/// A region becomes part of a host's name.
fn is_region(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// The vendor's host for a region, one for all of them, or one for the regions of a part of the world.
fn host(region: &str) -> String {
    match region {
        "global" => "https://aiplatform.googleapis.com".to_owned(),
        "us" | "eu" => format!("https://aiplatform.{region}.rep.googleapis.com"),
        _ => format!("https://{region}-aiplatform.googleapis.com"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_whole_or_not_at_all() {
        let good = "projects/a-1/locations/us-central1/publishers/google/models/veo-3.1/operations/8f2c";
        let read = Operation::read(good).unwrap();
        assert_eq!((read.project, read.region, read.model), ("a-1", "us-central1", "veo-3.1"));
        for bad in [
            "",
            "8f2c",
            "projects/a-1/locations/us-central1/operations/8f2c",
            "projects/a-1/locations/us-central1/publishers/other/models/veo-3.1/operations/8f2c",
            "projects/a-1/locations/evil.example.com/publishers/google/models/veo-3.1/operations/8f2c",
            "projects/../locations/us-central1/publishers/google/models/veo-3.1/operations/8f2c",
            "projects//locations/us-central1/publishers/google/models/veo-3.1/operations/8f2c",
            "projects/a-1/locations/us-central1/publishers/google/models/veo-3.1/operations/",
            "projects/a-1/locations/us-central1/publishers/google/models/veo-3.1/operations/8f2c/x",
            "/projects/a-1/locations/us-central1/publishers/google/models/veo-3.1/operations/8f2c",
        ] {
            assert!(Operation::read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn every_region_has_its_host() {
        for (region, expected) in [
            ("europe-west4", "https://europe-west4-aiplatform.googleapis.com"),
            ("global", "https://aiplatform.googleapis.com"),
            ("eu", "https://aiplatform.eu.rep.googleapis.com"),
        ] {
            assert_eq!(host(region), expected);
        }
    }
}
