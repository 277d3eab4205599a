"""The whole OpenAPI document, asked by schemathesis as somebody who is signed in."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig

from fengqiao.accounts.enums import Role
from fengqiao.api import limits
from fengqiao.api.document import document
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk

ROLES = (Role.REGISTRAR, Role.DIRECTOR, Role.AUDITOR)
TOKEN = "a" * 32
# These send requests of their own beside the one that is checked; asked for one post they tell as much.
PROBING = ("ignored_auth", "unsupported_method", "missing_required_header")
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# What the document forbids is refused before anybody asks who it is that sends it: one post tells for all.
ALLOWED = (GenerationMode.POSITIVE,)
CHECKED = {
    # What no shape can say (a category that is not in the list, a number that is not right) is told by 422.
    "positive_data_acceptance": ["2xx", "401", "403", "404", "409", "412", "422"],
    # A tag that is none can be no version of the matter: 412.
    "negative_data_rejection": ["400", "401", "403", "404", "405", "409", "412", "422", "428"],
    "missing_required_header": ["400", "401", "403", "404", "422", "428"],
}


def opened(county: SmallCounty, role: Role) -> Any:
    """The document, with the session of somebody in this post shown at each request."""
    session = at_the_desk(county, role).cookies["sessionid"].value
    return _shown({"sessionid": session, "csrftoken": TOKEN}, {"X-CSRFToken": TOKEN})


def opened_by(token: str) -> Any:
    """The document, with a machine's token shown at each request."""
    return _shown({}, {"Authorization": f"Bearer {token}"})


def _shown(cookies: dict[str, str], headers: dict[str, str]) -> Any:
    limits.forget()
    config = SchemathesisConfig.from_dict(
        {"checks": {name: {"expected-statuses": statuses} for name, statuses in CHECKED.items()}}
    )
    # A copy: the document is drawn once in a process, and schemathesis keeps what it is given.
    schema = schemathesis.openapi.from_dict(deepcopy(document()), config=config)
    schema.app = get_wsgi_application()

    @schema.auth()
    class Shown:
        def get(self, case: Any, context: Any) -> str:
            return "shown"

        def set(self, case: Any, data: str, context: Any) -> None:
            case.cookies = {**(case.cookies or {}), **cookies}
            for name, value in headers.items():
                case.headers[name] = value

    return schema


def ask(
    schema: Any,
    *,
    examples: int,
    without: Iterable[str] = (),
    modes: Iterable[GenerationMode] = MODES,
) -> dict[str, str]:
    """Asks every address with what the document allows and with what it forbids; what was breached where."""
    left_out = [CHECKS.get_one(name) for name in without]
    chosen = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    breached = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        drawn = document()["paths"][operation.path][operation.method]
        for mode in modes:
            if mode is GenerationMode.NEGATIVE and not (drawn["parameters"] or "requestBody" in drawn):
                # Whoever may send nothing can send nothing wrong.
                continue

            @chosen
            @given(case=operation.as_strategy(generation_mode=mode))
            def asked(case: Any) -> None:
                case.call_and_validate(excluded_checks=left_out)

            try:
                asked()
            except BaseException as failure:  # noqa: BLE001  a group of failures is no Exception
                if isinstance(failure, KeyboardInterrupt | SystemExit):
                    raise
                breached[f"{operation.label} {mode.value}"] = str(failure)[:2000]
    return breached


def walk(schema: Any, *, walks: int, steps: int) -> None:
    """Goes from answer to answer by the links of the document; raises at the first breach."""
    run_state_machine_as_test(
        schema.as_state_machine(),
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        ),
    )
