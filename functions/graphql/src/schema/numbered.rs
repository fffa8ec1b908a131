//! Lists whose places are told in errors. juniper's own lists leave the numbers out of an error's path, so that nobody
//! can tell which element it is about. Needed where a field of an element can fail.

use super::context::Context;
use futures_util::future::join_all;
use juniper::{
    BoxFuture, ExecutionResult, Executor, GraphQLType, GraphQLValue, GraphQLValueAsync, Registry,
    ScalarValue, Selection, Value, macros::reflect, marker::IsOutputType, meta::MetaType,
};
use std::sync::LazyLock;

/// The numbers as they stand in a path until [`faults`](crate::faults) makes numbers of them. No page is longer, and no
/// generation has more files.
static PLACES: LazyLock<Vec<String>> = LazyLock::new(|| (0..=100).map(|place| place.to_string()).collect());

/// A list of objects.
pub(crate) struct Numbered<T>(pub(crate) Vec<T>);

impl<T> FromIterator<T> for Numbered<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Numbered<T> {
        Numbered(items.into_iter().collect())
    }
}

impl<S, T: reflect::BaseType<S>> reflect::BaseType<S> for Numbered<T> {
    const NAME: reflect::Type = T::NAME;
}

impl<S, T: reflect::BaseSubTypes<S>> reflect::BaseSubTypes<S> for Numbered<T> {
    const NAMES: reflect::Types = T::NAMES;
}

impl<S, T: reflect::WrappedType<S>> reflect::WrappedType<S> for Numbered<T> {
    const VALUE: reflect::WrappedValue = <Vec<T> as reflect::WrappedType<S>>::VALUE;
}

impl<S: ScalarValue, T: IsOutputType<S> + GraphQLType<S, TypeInfo = ()>> IsOutputType<S> for Numbered<T> {}

impl<S: ScalarValue, T: GraphQLType<S, TypeInfo = ()>> GraphQLType<S> for Numbered<T> {
    fn name(info: &()) -> Option<juniper::ArcStr> {
        Vec::<T>::name(info)
    }

    fn meta(info: &(), registry: &mut Registry<S>) -> MetaType<S> {
        Vec::<T>::meta(info, registry)
    }
}

impl<S: ScalarValue, T: GraphQLValue<S, TypeInfo = ()>> GraphQLValue<S> for Numbered<T> {
    type Context = T::Context;
    type TypeInfo = ();

    fn type_name(&self, info: &()) -> Option<juniper::ArcStr> {
        self.0.type_name(info)
    }

    fn resolve(
        &self,
        info: &(),
        selection: Option<&[Selection<'_, S>]>,
        executor: &Executor<'_, '_, T::Context, S>,
    ) -> ExecutionResult<S> {
        self.0.resolve(info, selection, executor)
    }
}

impl<S, T> GraphQLValueAsync<S> for Numbered<T>
where
    S: ScalarValue + Send + Sync,
    T: GraphQLType<S> + GraphQLValueAsync<S, Context = Context, TypeInfo = ()> + Send,
{
    fn resolve_async<'a>(
        &'a self,
        info: &'a (),
        selection: Option<&'a [Selection<'_, S>]>,
        executor: &'a Executor<'_, '_, Context, S>,
    ) -> BoxFuture<'a, ExecutionResult<S>> {
        Box::pin(resolve(&self.0, info, selection, executor))
    }
}

async fn resolve<'a, S, T>(
    items: &'a [T],
    info: &'a (),
    selection: Option<&'a [Selection<'a, S>]>,
    executor: &'a Executor<'a, 'a, Context, S>,
) -> ExecutionResult<S>
where
    S: ScalarValue + Send + Sync,
    T: GraphQLType<S> + GraphQLValueAsync<S, Context = Context, TypeInfo = ()> + Send,
{
    let one = |(item, place): (&'a T, &'static String)| async move {
        // A step into a field is the only one that an executor notes. Which field does not matter: the second step
        // goes back to the element's own type.
        let field = match executor.current_type().innermost_concrete() {
            MetaType::Object(meta) => meta.fields.first().map(|field| field.name.as_str()),
            _ => None,
        };
        let Some(field) = field else { return executor.resolve_into_value_async(info, item).await };
        let stepped = executor.field_sub_executor(place, field, *executor.location(), selection);
        let name = T::name(info);
        let inner = stepped.type_sub_executor(name.as_deref(), selection);
        inner.resolve_into_value_async(info, item).await
    };
    let last = PLACES.last().into_iter().cycle();
    let values = join_all(items.iter().zip(PLACES.iter().chain(last)).map(one)).await;
    // As everywhere: an element that must not be null and is takes the whole list with it.
    let must_not_be_null = executor.current_type().list_contents().is_some_and(|inner| inner.is_non_null());
    if must_not_be_null && values.iter().any(Value::is_null) {
        return Ok(Value::null());
    }
    Ok(Value::list(values))
}
