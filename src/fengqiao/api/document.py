"""The OpenAPI 3.1 document: what ninja draws from the shapes, and all answers that a caller can get."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from ninja.openapi.schema import OpenAPISchema
from pydantic import Field
from pydantic.json_schema import models_json_schema

from fengqiao.api import events, whistles
from fengqiao.api.actions import departments
from fengqiao.api.actions.doors import operation_of
from fengqiao.api.actions.shapes import SHAPES
from fengqiao.api.doors import CHALLENGE
from fengqiao.api.problems import MEDIA_TYPE
from fengqiao.api.service import service
from fengqiao.api.shapes import Flaw, Told
from fengqiao.api.words import TITLES
from fengqiao.places.enums import MachineScope

BASE = "/api/v1/"
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "pattern": "^[!-~]{1,80}$"},
    "description": "A new one for each new request; the same one when a request is sent again.",
}
VERSION = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    "description": "The `ETag` of the matter as it was when the change was decided.",
}
KNOWN = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "The `ETag` that is known already: 304 where it is still the same.",
}
# Reads whose answer has an entity tag.
TAGGED = ("getMatter", "getRuleVersion", "getSupervision", "getInstruction", "getRecommendation")
TAG = {"schema": {"type": "string"}, "required": True, "description": "The version of what is answered."}
REPLAYED = {"schema": {"type": "string", "const": "true"}, "description": "This was answered before."}
LOCATION = {"schema": {"type": "string"}, "description": "The address of what was made."}


class Problem(Told):
    """RFC 9457. `errors` names each field (empty for the whole request) and the rule it broke."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Flaw]
    current: Annotated[
        dict[str, Any] | None,
        Field(description="What stands there now, where somebody else wrote it meanwhile."),
    ] = None


SCOPES = {
    MachineScope.READ.value: "Read what the post sees.",
    MachineScope.WRITE.value: "Register, and what the post may do.",
}
PARTS = ("listParties", "listSessions", "listDispatches", "listClocks", "listFiles", "listHistory")
_ACTIONS = tuple(map(operation_of, SHAPES))
_OF_DEPARTMENTS = tuple(map(departments.operation_of, departments.SHAPES))
# Request → the status, parameter and place in its answer by which it leads on to others.
_MADE, _FIRST = "$response.body#/id", "$response.body#/items/0/id"
BY_ID: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "listExports": ("200", "export_id", _FIRST, ("getExport",)),
    "orderExport": ("201", "export_id", _MADE, ("getExport",)),
    "getExport": ("200", "export_id", _MADE, ("getExportFile", "getExportCover")),
    "listViews": ("200", "view_id", _FIRST, ("getView",)),
    "saveView": ("201", "view_id", _MADE, ("getView", "changeView", "removeView")),
    "listSchedules": ("200", "schedule_id", _FIRST, ("getSchedule", "changeSchedule", "stopSchedule")),
    "listImports": ("200", "import_id", _FIRST, ("getImport", "listImportProblems")),
    "sendLedger": ("201", "import_id", _MADE, ("getImport", "recheckImport", "confirmImport", "dropImport")),
    "getImport": ("200", "import_id", _MADE, ("getBadRows", "resumeImport")),
    "listWhistles": ("200", "whistle_id", _FIRST, ("getWhistle",)),
    "blowWhistle": ("201", "whistle_id", _MADE, ("getWhistle",)),
    "listSupervisions": ("200", "supervision_id", _FIRST, ("getSupervision",)),
    "listKeyMatters": ("200", "key_matter_id", _FIRST, ("getKeyMatter",)),
    "listInstructions": ("200", "instruction_id", _FIRST, ("getInstruction",)),
    "listRecommendations": ("200", "recommendation_id", _FIRST, ("getRecommendation",)),
    "listDirectReports": ("200", "report_id", _FIRST, ("getDirectReport",)),
    "listTeams": ("200", "team_id", _FIRST, ("getTeam",)),
    "listConsultations": ("200", "consultation_id", _FIRST, ("getConsultation",)),
    "listStudies": ("200", "study_id", _FIRST, ("getStudy",)),
    "scheduleExport": ("201", "schedule_id", _MADE, ("getSchedule",)),
}
RATE = {
    f"RateLimit-{name}": {"schema": {"type": "string", "pattern": "^[0-9]+$"}, "description": says}
    for name, says in (
        ("Limit", "Requests a minute of one caller, in one process."),
        ("Remaining", "What is left of them."),
        ("Reset", "Seconds until the count begins anew."),
    )
}
WHY = {
    "400": "The body cannot be read, or `Idempotency-Key` is missing.",
    "401": "Not signed in, or the access token is unknown or expired.",
    "403": "The post, or the token's scope, does not allow it.",
    "404": "Not there, or not seen by the calling post: nobody is told which.",
    "409": "Not possible in the present state; or the same Idempotency-Key is being worked on.",
    "412": "The matter has another version than `If-Match` names.",
    "413": "The body is too big.",
    "422": "A value is wrong; each is named with its rule.",
    "428": "`If-Match` is missing.",
    "429": "Too many requests; `Retry-After` says when to come again.",
    "503": "The database did not answer; the same request may be sent again.",
}

# Told at every address, and so at none by itself.
EVERYWHERE = {
    "405": "The address does not know this method; `Allow` names those that it knows.",
    "500": "A mistake in the program; it was written down.",
}


@cache
def document() -> dict[str, Any]:
    """The whole document, as it is served and printed."""
    drawn: dict[str, Any] = dict(OpenAPISchema(service, BASE.strip("/") + "/"))
    for path, methods in drawn["paths"].items():
        for operation in methods.values():
            _complete(path, operation)
    components = drawn["components"]
    _pairs, shapes = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    components["schemas"] |= shapes["$defs"] | events.schemas()
    drawn["webhooks"] = events.webhooks()
    components["responses"] = {f"Problem{status}": _problem(status) for status in WHY}
    components["securitySchemes"] = {
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The session of the desk. What writes also needs the header X-CSRFToken.",
        },
        "machine": {
            "type": "oauth2",
            "description": "A client that the security administrator has issued acts by its exchange post.",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": SCOPES}},
        },
    }
    drawn["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    drawn.pop("servers", None)
    return drawn


def _complete(path: str, operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        _without_null(parameter)
        # The schema tells them; at the parameter they would have to be named ones.
        parameter.pop("examples", None)
        if parameter["name"] == "code":
            parameter["description"] = "The matter's code: county, day of registration, number."
    possible = {"401", "403", "422", "429", "503"}
    # What is asked for stands in the address, or is named by what is sent.
    if "{" in path or operation.pop("x-names", ""):
        possible.add("404")
    if "requestBody" in operation:
        possible |= {"400", "413"}
        operation["requestBody"]["required"] = True
    writes = operation.pop("x-writes", "")
    # Whoever writes a thing whole, or takes it away, may send it again: it needs no key.
    again = writes == "again"
    if writes:
        possible.add("409")
        possible |= set() if again else {"400"}
        operation["parameters"] += [] if again else [KEY]
    # Whose version it is, where it is not the matter's.
    whose = operation.pop("x-version", "")
    if writes == "version":
        possible |= {"412", "428"}
        operation["parameters"].append(VERSION | ({"description": whose} if whose else {}))
    # What is no matter ("once") has no version.
    of_writing = {"again": {}, "once": {}, "key": {"ETag": TAG}, "version": {"ETag": TAG}}
    replayed = {} if again else {"Idempotency-Replayed": REPLAYED}
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    for answer in answers.values():
        answer["headers"] = RATE | (of_writing[writes] | replayed if writes else {})
    if "201" in answers:
        answers["201"]["headers"]["Location"] = LOCATION | {"required": True}
    if operation["operationId"] in TAGGED:
        answers["200"]["headers"]["ETag"] = TAG
        answers["304"] = {"description": "As it was.", "headers": RATE | {"ETag": TAG}}
        operation["parameters"].append(KNOWN)
    if operation.pop("x-answers", "") == "a file":
        answers["200"]["content"] = {"application/octet-stream": {"schema": {"contentEncoding": "binary"}}}
    possible |= set(operation.pop("x-also", ()))
    answers |= {status: {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(possible)}
    _link(operation["operationId"], answers)
    operation["responses"] = answers
    scope = MachineScope.WRITE if writes else MachineScope.READ
    operation["security"] = [{"session": []}, {"machine": [scope.value]}]


def _link(name: str, answers: dict[str, Any]) -> None:
    """Which answers lead on to which requests: from the ledger to a matter, from a matter to all that is in it."""
    if name in BY_ID:
        status, parameter, where, to = BY_ID[name]
        answers[status]["links"] = {each: _leads_to(each, **{parameter: where}) for each in to}
    if name in ("listMatters", "findMattersOfNumber"):
        answers["200"]["links"] = {"newest": _leads_to("getMatter", code="$response.body#/items/0/code")}
    elif name == "registerMatter":
        answers["201"]["links"] = {"registered": _leads_to("getMatter", code="$response.body#/code")}
    elif name in _ACTIONS + _OF_DEPARTMENTS:
        answers["200"]["links"] = {"moved": _leads_to("getMatter", code="$response.body#/code")}
    elif name == "getMatter":
        of_it: dict[str, Any] = {part: _leads_to(part, code="$response.body#/code") for part in PARTS}
        seen = {"header.If-Match": "$response.header.ETag"}
        for action in _ACTIONS:
            of_it[action] = _leads_to(action, code="$response.body#/code", **seen)
        answers["200"]["links"] = of_it
    elif name == "listDispatches":
        given = {"code": "$request.path.code", "dispatch_id": "$response.body#/items/0/id"}
        answers["200"]["links"] = {action: _leads_to(action, **given) for action in _OF_DEPARTMENTS}
    elif name == "getWhistle":
        of_call = {"whistle_id": _MADE, "call_id": "$response.body#/calls/0/id"}
        answers["200"]["links"] = {each: _leads_to(each, **of_call) for each in whistles.OF_CALLS}
    elif name == "listFiles":
        code, file = "$request.path.code", "$response.body#/items/0/id"
        answers["200"]["links"] = {"oldest": _leads_to("getFile", code=code, file_id=file)}


def _leads_to(operation: str, **given: str) -> dict[str, Any]:
    return {"operationId": operation, "parameters": given}


def _without_null(parameter: dict[str, Any]) -> None:
    """A parameter that is not sent is left out; in an address there is no null."""
    schema = parameter["schema"]
    if "anyOf" in schema:
        (kept,) = [each for each in schema.pop("anyOf") if each != {"type": "null"}]
        schema |= kept
    if schema.get("default", "") is None:
        del schema["default"]


def _problem(status: str) -> dict[str, Any]:
    headers: dict[str, Any] = dict(RATE)
    if status == "409":
        headers["Location"] = LOCATION | {
            "description": "The matter of this source number, where it is seen."
        }
    if status in ("429", "503"):
        headers["Retry-After"] = {
            "schema": {"type": "string", "pattern": "^[0-9]+$"},
            "required": True,
            "description": "Seconds.",
        }
    if status == "401":
        headers["WWW-Authenticate"] = {
            "schema": {"type": "string"},
            "required": True,
            "description": f"`{CHALLENGE}`, with `error` where a token was shown.",
        }
    return {
        "description": WHY[status],
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


if set(map(int, WHY | EVERYWHERE)) != set(TITLES):
    raise RuntimeError("every problem has a title, and every title its problem")
