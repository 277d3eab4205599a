"""The step tables as a drawing and as tables, for the documentation: made from the code, never by hand."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override

from fengqiao.accounts.enums import Role
from fengqiao.dispatch import steps as assignment_steps
from fengqiao.dispatch.enums import AssignmentAction, AssignmentState, Part
from fengqiao.matters import steps
from fengqiao.matters.enums import STEP_OF, Action, State, Step

LANGUAGES = {"steps.md": "en", "steps.zh-CN.md": "zh-hans"}


def document(language: str) -> str:
    """The whole page of one language."""
    with override(language):
        return "\n".join(
            [
                f"# {_('六个环节')}",
                "",
                _("本页由 `fengqiao steps` 从环节表画出，请勿手改。"),
                "",
                f"## {_('事项')}",
                "",
                *_matter_diagram(),
                "",
                *_matter_table(),
                "",
                f"## {_('交办')}",
                "",
                *_assignment_diagram(),
                "",
                *_assignment_table(),
                "",
            ]
        )


def _matter_diagram() -> Iterable[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "  [*] --> registered"
    for step in Step:
        states = [state for state in State if STEP_OF[state] == step]
        yield f'  state "{step.label}" as step_{step.value} {{'
        for state in states:
            yield f'    state "{state.label}" as {state.value}'
        yield "  }"
    moves: dict[tuple[str, str], list[str]] = {}
    for cell in steps.TABLE.values():
        if cell.next_state != cell.state:
            labels = moves.setdefault((cell.state.value, cell.next_state.value), [])
            labels.append(_named(cell.action, cell.branch))
    for (start, end), labels in moves.items():
        yield f"  {start} --> {end}: {' / '.join(labels)}"
    yield "  archived --> [*]"
    yield "```"


def _matter_table() -> Iterable[str]:
    yield f"| {_('动作')} | {_('从')} | {_('到')} | {_('岗位')} | {_('条件')} |"
    yield "|---|---|---|---|---|"
    for action in Action:
        rows: dict[tuple[str, str, frozenset[Role], tuple[str, ...]], list[str]] = {}
        for cell in steps.TABLE.values():
            if cell.action == action:
                end = str(cell.to.label) if cell.to else "—"
                key = (cell.branch, end, cell.roles, cell.guards)
                rows.setdefault(key, []).append(str(cell.state.label))
        for (branch, end, roles, guards), starts in rows.items():
            yield (
                f"| {_named(action, branch)} | {_listed(starts)} | {end} | "
                f"{_listed(_roles(roles))} | {', '.join(f'`{g}`' for g in guards) or '—'} |"
            )


def _assignment_diagram() -> Iterable[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "  [*] --> issued"
    for state in AssignmentState:
        yield f'  state "{state.label}" as {state.value}'
    for cell in assignment_steps.TABLE.values():
        if cell.to is not None:
            yield f"  {cell.state.value} --> {cell.to.value}: {_assignment_named(cell.action, cell.branch)}"
    yield "```"


def _assignment_table() -> Iterable[str]:
    yield f"| {_('动作')} | {_('从')} | {_('到')} | {_('岗位')} | {_('主办或协办')} |"
    yield "|---|---|---|---|---|"
    for cell in assignment_steps.TABLE.values():
        end = str(cell.to.label) if cell.to else "—"
        parts = _listed(str(part.label) for part in Part if part in cell.parts)
        yield (
            f"| {_assignment_named(cell.action, cell.branch)} | {cell.state.label} | {end} | "
            f"{_listed(_roles(cell.roles))} | {parts} |"
        )


def _named(action: Action, branch: str) -> str:
    return f"{Action(action).label} ({branch})" if branch else str(Action(action).label)


def _assignment_named(action: AssignmentAction, branch: str) -> str:
    return f"{AssignmentAction(action).label} ({branch})" if branch else str(AssignmentAction(action).label)


def _roles(roles: frozenset[Role]) -> list[str]:
    return [str(role.label) for role in Role if role in roles]


def _listed(words: Iterable[str]) -> str:
    return _("、").join(words)
