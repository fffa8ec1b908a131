"""Whether an answer is what its document asked for: every selected field, of the schema's type, and nothing else."""

import graphql
from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode


def check(schema: graphql.GraphQLSchema, document: graphql.DocumentNode, data: dict) -> None:
    """Raises AssertionError with the path of the first field that is not as asked for."""
    operation = next(node for node in document.definitions if isinstance(node, graphql.OperationDefinitionNode))
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, graphql.FragmentDefinitionNode)}
    _object(fragments, schema.get_root_type(operation.operation), [operation.selection_set], data, "data")


def _object(fragments: dict, type_, sets: list, value, path: str) -> None:
    assert isinstance(value, dict), f"{path} is no object: {value!r}"
    fields: dict[str, list[FieldNode]] = {}
    for one in sets:
        _collect(fragments, one, fields)
    assert set(value) == set(fields), f"{path} has {sorted(value)}, asked for were {sorted(fields)}"
    for key, nodes in fields.items():
        where = f"{path}.{key}"
        name = nodes[0].name.value
        if name == "__typename":
            assert value[key] == type_.name, f"{where} is {value[key]!r}"
            continue
        inner = [node.selection_set for node in nodes if node.selection_set]
        _value(fragments, type_.fields[name].type, inner, value[key], where)


def _collect(fragments: dict, selections, into: dict) -> None:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            into.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        elif isinstance(node, InlineFragmentNode):
            _collect(fragments, node.selection_set, into)
        elif isinstance(node, FragmentSpreadNode):
            _collect(fragments, fragments[node.name.value].selection_set, into)


def _value(fragments: dict, type_, sets: list, value, path: str) -> None:
    if graphql.is_non_null_type(type_):
        assert value is not None, f"{path} is null, but can't be"
        type_ = type_.of_type
    if value is None:
        return
    if graphql.is_list_type(type_):
        assert isinstance(value, list), f"{path} is no list: {value!r}"
        for number, item in enumerate(value):
            _value(fragments, type_.of_type, sets, item, f"{path}[{number}]")
    elif graphql.is_enum_type(type_):
        assert value in type_.values, f"{path} is {value!r}, which is none of {sorted(type_.values)}"
    elif graphql.is_object_type(type_):
        _object(fragments, type_, sets, value, path)
    else:
        _scalar(type_.name, value, path)


def _scalar(name: str, value, path: str) -> None:
    match name:
        case "Int":
            fits = type(value) is int and -(2**31) <= value < 2**31
        case "Float" | "Number":
            fits = type(value) in (int, float)
        case "Boolean":
            fits = type(value) is bool
        case "String" | "ID" | "DateTime":
            fits = type(value) is str
        case "OptionValue":
            fits = type(value) in (str, int, float, bool)
        case _:
            fits = True
    assert fits, f"{path} is no {name}: {value!r}"
