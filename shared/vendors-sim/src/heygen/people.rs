//! Avatars: people, each with a few looks. A video is ordered with the id of a look.

use super::voices;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// First names with what goes with them, and last names: everybody's avatars bear one of each.
pub(super) const FIRST_NAMES: [(&str, &str); 26] = [
    ("Abigail", "female"),
    ("Brandon", "male"),
    ("Caroline", "female"),
    ("Daisuke", "male"),
    ("Elenora", "female"),
    ("Freja", "female"),
    ("Gerardo", "male"),
    ("Hada", "female"),
    ("Ivan", "male"),
    ("Judita", "female"),
    ("Knox", "male"),
    ("Leos", "male"),
    ("Masha", "female"),
    ("Noah", "male"),
    ("Olivia", "female"),
    ("Pedro", "male"),
    ("Quinn", "female"),
    ("Raul", "male"),
    ("Saskia", "female"),
    ("Tuba", "female"),
    ("Ulrich", "male"),
    ("Vernon", "male"),
    ("Wanda", "female"),
    ("Xavier", "male"),
    ("Yasmin", "female"),
    ("Zane", "male"),
];
const LAST_NAMES: [&str; 5] = ["Archer", "Bell", "Cole", "Dunn", "Ellis"];

/// Before so many others the one comes who has but a first name: on the second page of lists that are as long as may be.
const BEFORE: usize = 60;

/// A person.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) gender: &'static str,
    /// Whether it is the account's own.
    pub(super) own: bool,
    pub(super) looks: Vec<Look>,
}

/// How a person looks.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) id: String,
    name: String,
    /// `studio_avatar`, `digital_twin` or `photo_avatar`.
    pub(super) kind: &'static str,
    pub(super) engines: &'static [&'static str],
    /// The voice that it speaks with if none is ordered.
    pub(super) voice: Option<String>,
    /// Whether the person can be told from what is behind.
    pub(super) matted: bool,
}

impl Look {
    pub(super) fn is_photo(&self) -> bool {
        self.kind == "photo_avatar"
    }
}

/// Everybody, in the order of lists.
pub(super) static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let names = LAST_NAMES.iter().flat_map(|last| FIRST_NAMES.iter().map(move |first| (*first, *last)));
    let mut groups: Vec<Group> =
        names.map(|((first, gender), last)| public(&format!("{first} {last}"), gender, "Office")).collect();
    let kate = public("Kate", "female", "Modern Office");
    groups.insert(BEFORE.min(groups.len()), kate);
    let founder = Look {
        id: identity("Our Founder"),
        name: "Our Founder".to_owned(),
        kind: "digital_twin",
        engines: &["avatar_iii", "avatar_iv", "avatar_v"],
        voice: None,
        matted: false,
    };
    let own = Group {
        id: identity("group Our Founder"),
        name: "Our Founder".to_owned(),
        gender: "male",
        own: true,
        looks: vec![founder],
    };
    groups.insert(0, own);
    groups
});

fn public(name: &str, gender: &'static str, place: &str) -> Group {
    let filmed = Look {
        id: format!("{}_standing_{}_front", name, place.to_lowercase()).replace(' ', "_"),
        name: format!("{name} {place}"),
        kind: "studio_avatar",
        engines: &["avatar_iii", "avatar_iv"],
        voice: voices::usual(gender),
        matted: true,
    };
    let portrait = Look {
        id: identity(&format!("{name} Portrait")),
        name: format!("{name} Portrait"),
        kind: "photo_avatar",
        engines: &["avatar_iv", "avatar_v"],
        voice: None,
        matted: true,
    };
    Group {
        id: identity(&format!("group {name}")),
        name: name.to_owned(),
        gender,
        own: false,
        looks: vec![filmed, portrait],
    }
}

/// The id of what has this name, the same each time: 32 hexadecimal digits.
pub(super) fn identity(name: &str) -> String {
    let mut digits = hex::encode(Sha256::digest(name));
    digits.truncate(32);
    digits
}

/// The look with this id, and whose it is.
pub(super) fn find(id: &str) -> Option<(&'static Group, &'static Look)> {
    GROUPS
        .iter()
        .flat_map(|group| group.looks.iter().map(move |look| (group, look)))
        .find(|(_, look)| look.id == id)
}

impl Group {
    /// The person as it is told.
    pub(super) fn told(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "created_at": 1_727_646_977,
            "looks_count": self.looks.len(),
            "preview_image_url": null,
            "preview_video_url": null,
            "gender": self.gender,
            "default_voice_id": self.looks.first().and_then(|look| look.voice.as_deref()),
            "consent_status": null,
            "status": self.own.then_some("completed"),
        })
    }

    /// A look of the person as it is told.
    pub(super) fn look(&self, look: &Look) -> Value {
        json!({
            "id": look.id,
            "name": look.name,
            "avatar_type": look.kind,
            "group_id": self.id,
            "preview_image_url": null,
            "preview_video_url": null,
            "gender": self.gender,
            "tags": [],
            "default_voice_id": look.voice,
            "supported_api_engines": look.engines,
            "preferred_orientation": if look.is_photo() { "portrait" } else { "landscape" },
            "status": self.own.then_some("completed"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_look_is_found_by_an_id_of_its_own() {
        let ids: Vec<&str> =
            GROUPS.iter().flat_map(|group| group.looks.iter().map(|look| look.id.as_str())).collect();
        assert_eq!(ids.len(), ids.iter().collect::<HashSet<_>>().len());
        assert!(ids.iter().all(|id| find(id).is_some()));
        assert!(GROUPS.iter().all(|group| find(&group.id).is_none()), "a person is no look");
        let place = GROUPS.iter().filter(|group| !group.own).position(|group| group.name == "Kate");
        assert!((50..100).contains(&place.unwrap()));
    }
}
