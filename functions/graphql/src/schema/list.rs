//! Lists of generations, in the form that Relay asks for.

use super::{
    context::Context,
    enums::{GenerationStatus, GenerationType},
    generation::Generation,
    numbered::Numbered,
    scalars::DateTime,
};
use crate::desk::{Filter, Page};
use jobs::Job;
use juniper::{GraphQLInputObject, GraphQLObject, graphql_object};

/// Which generations are wanted. What is left out does not matter; all that is given must hold.
#[derive(GraphQLInputObject)]
pub(crate) struct GenerationFilter {
    /// What is made.
    #[graphql(name = "type")]
    kind: Option<GenerationType>,
    /// How it stands now.
    status: Option<GenerationStatus>,
    /// Who makes it.
    provider: Option<String>,
    /// Your own tag, letter by letter.
    reference: Option<String>,
    /// Accepted at or after this moment.
    created_after: Option<DateTime>,
    /// Accepted before this moment.
    created_before: Option<DateTime>,
}

impl From<GenerationFilter> for Filter {
    fn from(filter: GenerationFilter) -> Filter {
        Filter {
            kind: filter.kind.map(jobs::Kind::from),
            status: filter.status.map(jobs::Status::from),
            provider: filter.provider,
            reference: filter.reference,
            since: filter.created_after.map(|DateTime(at)| at),
            until: filter.created_before.map(|DateTime(at)| at),
        }
    }
}

/// Where a page stands in its list.
#[derive(Clone, Debug, GraphQLObject)]
pub(crate) struct PageInfo {
    /// Whether there may be more: ask again with `after: endCursor`. A page with a filter may be short, even empty,
    /// and have a next one.
    has_next_page: bool,
    /// Whether something comes before it.
    has_previous_page: bool,
    /// The cursor of its first row.
    start_cursor: Option<String>,
    /// What to give as `after` for the next page.
    end_cursor: Option<String>,
}

impl PageInfo {
    /// Of a page.
    pub(crate) fn of<T>(page: &Page<T>) -> PageInfo {
        PageInfo {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: page.rows.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: page.end.clone(),
        }
    }
}

/// A page of your generations, newest first.
pub(crate) struct GenerationConnection {
    info: PageInfo,
    edges: Vec<GenerationEdge>,
}

/// A generation in a list.
pub(crate) struct GenerationEdge {
    cursor: String,
    node: Generation,
}

impl From<Page<Job>> for GenerationConnection {
    fn from(page: Page<Job>) -> GenerationConnection {
        let info = PageInfo::of(&page);
        let edge = |(cursor, job)| GenerationEdge { cursor, node: Generation(job) };
        GenerationConnection { info, edges: page.rows.into_iter().map(edge).collect() }
    }
}

#[graphql_object(context = Context)]
impl GenerationConnection {
    /// The generations with their cursors.
    fn edges(&self) -> Numbered<&GenerationEdge> {
        self.edges.iter().collect()
    }

    /// The generations alone.
    fn nodes(&self) -> Numbered<&Generation> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where the page stands.
    fn page_info(&self) -> &PageInfo {
        &self.info
    }
}

#[graphql_object(context = Context)]
impl GenerationEdge {
    /// What to give as `after` to begin behind it.
    fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The generation.
    fn node(&self) -> &Generation {
        &self.node
    }
}
