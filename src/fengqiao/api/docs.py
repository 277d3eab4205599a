"""The OpenAPI document as a page: read here from the same document that programs read, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fengqiao.api.document import EVERYWHERE, WHY, document

REF = "#/components/schemas/"


@dataclass(frozen=True)
class Value:
    """A parameter or field: its type in words, the shape it leads to, and its bounds."""

    name: str
    kind: str
    shape: str = ""
    place: str = ""
    is_required: bool = False
    description: str = ""
    bounds: str = ""


@dataclass(frozen=True)
class Reply:
    status: str
    description: str
    shape: str = ""


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: list[Value]
    body: str
    sent: list[Value]
    replies: list[Reply]


@dataclass(frozen=True)
class Group:
    name: str
    operations: list[Operation] = field(default_factory=list)


@dataclass(frozen=True)
class ShapeShown:
    name: str
    description: str
    fields: list[Value]
    values: list[str]


def groups() -> list[Group]:
    """The addresses by what they are about, in the order of the document."""
    found: dict[str, Group] = {}
    for path, methods in document()["paths"].items():
        for method, drawn in methods.items():
            name = drawn["tags"][0]
            found.setdefault(name, Group(name)).operations.append(_operation(path, method, drawn))
    return list(found.values())


def shapes() -> list[ShapeShown]:
    """Every shape that the addresses refer to, by name."""
    return [
        ShapeShown(
            name=name,
            description=_plain(drawn.get("description", "")),
            fields=list(_fields(drawn)),
            values=[str(each) for each in drawn.get("enum", [])],
        )
        for name, drawn in sorted(document()["components"]["schemas"].items())
    ]


def problems() -> list[Reply]:
    """What each status means when it comes as a problem."""
    return [Reply(status, _plain(says)) for status, says in sorted((WHY | EVERYWHERE).items())]


def _operation(path: str, method: str, drawn: dict[str, Any]) -> Operation:
    body = drawn.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    (scope,) = [each["machine"][0] for each in drawn["security"] if "machine" in each]
    return Operation(
        name=drawn["operationId"],
        method=method.upper(),
        path=path,
        summary=drawn["summary"],
        description=_plain(drawn.get("description", "")),
        scope=scope,
        parameters=[_value(p["name"], p["schema"], p["required"], p["in"], p) for p in drawn["parameters"]],
        body=_shape(body),
        sent=list(_fields(document()["components"]["schemas"].get(_shape(body), {}))),
        replies=[_reply(status, answer) for status, answer in drawn["responses"].items()],
    )


def _reply(status: str, answer: dict[str, Any]) -> Reply:
    if "$ref" in answer:
        answer = document()["components"]["responses"][answer["$ref"].rsplit("/", 1)[-1]]
    content: dict[str, Any] = next(iter(answer.get("content", {}).values()), {})
    return Reply(status, _plain(answer["description"]), _shape(content.get("schema", {})))


def _fields(drawn: dict[str, Any]) -> Iterator[Value]:
    required = drawn.get("required", [])
    for name, schema in drawn.get("properties", {}).items():
        yield _value(name, schema, name in required)


def _value(
    name: str, schema: dict[str, Any], required: bool, place: str = "", told: dict[str, Any] | None = None
) -> Value:
    described = (told or {}).get("description") or schema.get("description", "")
    return Value(name, _kind(schema), _shape(schema), place, required, _plain(described), _bounds(schema))


def _plain(text: str) -> str:
    """A description without its marks of code: the page shows it as text."""
    return text.replace("`", "")


def _shape(schema: dict[str, Any]) -> str:
    """The name of the shape that a value is made of, where it is made of one."""
    for each in (schema, schema.get("items", {}), *schema.get("anyOf", []), *schema.get("allOf", [])):
        if "$ref" in each:
            return str(each["$ref"]).removeprefix(REF)
    return ""


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REF)
    if "anyOf" in schema or "allOf" in schema:
        kinds = dict.fromkeys(_kind(each) for each in schema.get("anyOf") or schema["allOf"])
        return " | ".join(kinds)
    if "const" in schema:
        return repr(schema["const"])
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"{_kind(schema.get('items', {}))} […]"
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _bounds(schema: dict[str, Any]) -> str:
    words = {
        "minLength": "length ≥ {}",
        "maxLength": "length ≤ {}",
        "minimum": "≥ {}",
        "maximum": "≤ {}",
        "maxItems": "items ≤ {}",
        "default": "= {}",
    }
    inner: dict[str, Any] = next((each for each in schema.get("anyOf", []) if each.get("type") != "null"), {})
    said = [
        text.format(both[name])
        for name, text in words.items()
        for both in [inner | schema]
        if _told(both, name)
    ]
    return ", ".join(said)


def _told(schema: dict[str, Any], name: str) -> bool:
    return name in schema and schema[name] not in (None, "", [])
