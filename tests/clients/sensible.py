"""Turns made-up documents into ones that get past the first checks: ids that exist, providers that make what is asked
for, a prompt that can be read. Everything else stays as it was made up."""

from random import Random

import graphql
from graphql import REMOVE, BooleanValueNode, IntValueNode, NameNode, ObjectFieldNode, ObjectValueNode, StringValueNode, Visitor, visit

#: Fields of an order that a made-up text or number never suits: the addresses, and the bounds on time and cost.
UNSUITABLE = {"image", "lastImage", "images", "video", "audio", "webhookUrl", "model", "maxCredits", "deadlineSeconds", "extra"}


class World:
    """What exists: generations, and providers by what they make."""

    def __init__(self, generations: list[str], providers: dict[str, list[str]]):
        self.generations, self.providers = generations, providers

    def document(self, text: str, chance: Random) -> str:
        """The same document with values that exist."""
        return graphql.print_ast(visit(graphql.parse(text), _Replacing(self, chance)))


class _Replacing(Visitor):
    def __init__(self, world: World, chance: Random):
        super().__init__()
        self.world, self.chance = world, chance

    def leave_argument(self, node, _key, _parent, _path, ancestors):
        field = next(each for each in reversed(ancestors) if isinstance(each, graphql.FieldNode))
        if node.name.value == "id":
            known = self.world.generations if field.name.value != "provider" else sum(self.world.providers.values(), [])
            return _with(node, StringValueNode(value=self.chance.choice(known)))
        if isinstance(node.value, ObjectValueNode):
            return _with(node, self._order(node.value, field.name.value))
        return None

    def leave_object_field(self, node, *_):
        return REMOVE if node.name.value in UNSUITABLE else None

    def _order(self, order: ObjectValueNode, mutation: str) -> ObjectValueNode:
        """An order, whole or flat as that of `videoCreate`; a filter is left alone."""
        fields = {field.name.value: field for field in order.fields}
        prompt = StringValueNode(value=f"made up {self.chance.randrange(10**9)}")
        if mutation.endswith("Create"):
            type_ = mutation.removesuffix("Create").upper()
            fields["prompt"] = _field("prompt", prompt)
        elif "input" in fields and isinstance(fields["type"].value, graphql.EnumValueNode):
            type_ = fields["type"].value.value
            fields["input"] = _field("input", ObjectValueNode(fields=(_field("text", prompt),)))
        else:
            return order
        if type_ == "AVATAR":
            # The one provider whose avatars need no file; it has to be told which.
            person = _field("avatarId", StringValueNode(value="kate"))
            fields["provider"] = _field("provider", StringValueNode(value="heygen"))
            if mutation.endswith("Create"):
                fields["avatarId"] = person
            else:
                fields["options"] = _field("options", ObjectValueNode(fields=(person,)))
        elif "provider" in fields:
            fields["provider"] = _field("provider", StringValueNode(value=self.chance.choice(self.world.providers[type_])))
        if "strict" in fields:
            fields["strict"] = _field("strict", BooleanValueNode(value=False))
        fields["deadlineSeconds"] = _field("deadlineSeconds", IntValueNode(value=str(self.chance.randint(60, 600))))
        return ObjectValueNode(fields=tuple(fields.values()))


def _field(name: str, value) -> ObjectFieldNode:
    return ObjectFieldNode(name=NameNode(value=name), value=value)


def _with(node: graphql.ArgumentNode, value) -> graphql.ArgumentNode:
    return graphql.ArgumentNode(name=node.name, value=value)
