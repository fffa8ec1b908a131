//! Scalars of our own.

use crate::error::juniper_value;
use jobs::Time;
use juniper::{
    ExecutionResult, Executor, FromInputValue, GraphQLScalar, GraphQLType, GraphQLValue, GraphQLValueAsync,
    InputValue, ParseScalarResult, ParseScalarValue, Registry, Scalar, ScalarToken, ScalarValue, Selection,
    macros::reflect, meta::MetaType,
};

/// A number, written with or without a fraction. Whole numbers are exact up to 2^53 - 1, beyond GraphQL's Int.
#[derive(Clone, Copy, Debug, PartialEq, GraphQLScalar)]
#[graphql(with = number)]
pub(crate) struct Number(pub(crate) f64);

mod number {
    use super::{Number, ParseScalarResult, Scalar, ScalarToken, ScalarValue, number_token};

    pub(super) fn to_output<S: ScalarValue>(number: &Number) -> S {
        let Number(number) = *number;
        let small = number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX);
        if small { S::from(number as i32) } else { S::from(number) }
    }

    pub(super) fn from_input<S: ScalarValue>(value: &Scalar<S>) -> Result<Number, Box<str>> {
        value.try_to_float().map(Number).ok_or_else(|| "expected a number".into())
    }

    pub(super) fn parse_token<S: ScalarValue>(token: ScalarToken<'_>) -> ParseScalarResult<S> {
        number_token(token).map_or_else(
            || <f64 as super::ParseScalarValue<S>>::from_str(token),
            |number| Ok(S::from(number)),
        )
    }
}

/// The value of an option: a text, a number, or true or false.
#[derive(Clone, Debug, PartialEq, GraphQLScalar)]
#[graphql(with = option_value)]
pub(crate) enum OptionValue {
    /// A word or text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
}

mod option_value {
    use super::{
        OptionValue, ParseScalarResult, ParseScalarValue, Scalar, ScalarToken, ScalarValue, number,
        number_token,
    };

    pub(super) fn to_output<S: ScalarValue>(value: &OptionValue) -> S {
        match value {
            OptionValue::Text(text) => S::from(text.clone()),
            OptionValue::Number(value) => number::to_output(&super::Number(*value)),
            OptionValue::Flag(flag) => S::from(*flag),
        }
    }

    pub(super) fn from_input<S: ScalarValue>(value: &Scalar<S>) -> Result<OptionValue, Box<str>> {
        let flag = value.try_to_bool().map(OptionValue::Flag);
        flag.or_else(|| value.try_to_float().map(OptionValue::Number))
            .or_else(|| value.try_to_string().map(OptionValue::Text))
            .ok_or_else(|| "expected a text, a number, or true or false".into())
    }

    pub(super) fn parse_token<S: ScalarValue>(token: ScalarToken<'_>) -> ParseScalarResult<S> {
        match number_token(token) {
            Some(number) => Ok(S::from(number)),
            None => <String as ParseScalarValue<S>>::from_str(token),
        }
    }
}

/// The number that a token spells, whole or not; juniper's own reading of whole numbers ends at 32 bits.
fn number_token(token: ScalarToken<'_>) -> Option<f64> {
    match token {
        ScalarToken::Int(text) | ScalarToken::Float(text) => text.parse().ok(),
        ScalarToken::String(_) => None,
    }
}

/// A moment in RFC 3339: `2026-11-22T18:41:18.000Z`. Answered in UTC, taken with any offset.
#[derive(Clone, Copy, Debug, PartialEq, GraphQLScalar)]
#[graphql(with = date_time, parse_token(String))]
pub(crate) struct DateTime(pub(crate) Time);

mod date_time {
    use super::{DateTime, Scalar, ScalarValue, Time};

    pub(super) fn to_output<S: ScalarValue>(moment: &DateTime) -> S {
        S::from(moment.0.to_string())
    }

    pub(super) fn from_input<S: ScalarValue>(value: &Scalar<S>) -> Result<DateTime, Box<str>> {
        let moment = value.try_as_str().and_then(Time::parse).map(DateTime);
        moment.ok_or_else(|| "expected a moment in RFC 3339, such as 2026-11-22T18:41:18Z".into())
    }
}

/// Any JSON, as it stands. Only answered, never taken. It is written by hand because juniper's own scalars can't
/// hold an object.
pub(crate) struct Json(pub(crate) serde_json::Value);

const JSON: &str = "JSON";

impl<S> reflect::WrappedType<S> for Json {
    const VALUE: reflect::WrappedValue = 1;
}

impl<S> reflect::BaseType<S> for Json {
    const NAME: reflect::Type = JSON;
}

impl<S> reflect::BaseSubTypes<S> for Json {
    const NAMES: reflect::Types = &[JSON];
}

impl<S: ScalarValue> juniper::marker::IsOutputType<S> for Json {}

impl<S: ScalarValue> GraphQLType<S> for Json {
    fn name(_: &()) -> Option<juniper::ArcStr> {
        Some(juniper::arcstr::literal!("JSON"))
    }

    fn meta(info: &(), registry: &mut Registry<S>) -> MetaType<S> {
        registry
            .build_scalar_type::<Self>(info)
            .description("Any JSON value. Only ever answered.")
            .into_meta()
    }
}

impl<S: ScalarValue> GraphQLValue<S> for Json {
    type Context = ();
    type TypeInfo = ();

    fn type_name(&self, info: &()) -> Option<juniper::ArcStr> {
        <Self as GraphQLType<S>>::name(info)
    }

    fn resolve(
        &self,
        _: &(),
        _: Option<&[Selection<'_, S>]>,
        _: &Executor<'_, '_, (), S>,
    ) -> ExecutionResult<S> {
        Ok(juniper_value(&self.0))
    }
}

impl<S: ScalarValue + Send + Sync> GraphQLValueAsync<S> for Json {
    fn resolve_async<'a>(
        &'a self,
        info: &'a (),
        selection: Option<&'a [Selection<'_, S>]>,
        executor: &'a Executor<'_, '_, (), S>,
    ) -> juniper::BoxFuture<'a, ExecutionResult<S>> {
        Box::pin(std::future::ready(self.resolve(info, selection, executor)))
    }
}

impl<S> FromInputValue<S> for Json {
    type Error = &'static str;

    fn from_input_value(_: &InputValue<S>) -> Result<Json, &'static str> {
        Err("JSON is only ever answered")
    }
}

impl<S: ScalarValue> ParseScalarValue<S> for Json {
    fn from_str(token: ScalarToken<'_>) -> ParseScalarResult<S> {
        <String as ParseScalarValue<S>>::from_str(token)
    }
}
