"""What the processes write down for the operator: JSON in production, readable lines on a developer's machine.

A log is read by people who may not see matters, kept longer than matters and copied to other machines. So it
has no personal data, whoever speaks. Our own lines name their fields. What libraries say is kept only as far
as it cannot hold what somebody typed: the pattern of a message without what was put into it, and of an error
its kind and the lines it went through, without its words and the values of its variables.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# An error behind an error behind …: no deeper than this.
DEEPEST = 5
# What Procrastinate puts beside its words; its words themselves name a job's arguments.
OF_A_JOB = ("id", "task_name", "attempts")


def set_up(*, as_json: bool, level: str, everything: bool) -> dict[str, Any]:
    """Configures structlog and returns Django's LOGGING.

    :param as_json: one JSON object a line; otherwise lines for people.
    :param level: of our own lines; libraries speak from WARNING on.
    :param everything: libraries' whole messages and tracebacks, for a developer with made-up data.
    """
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if not everything:
        common.append(_errors_without_words)
    structlog.configure(
        processors=[*common, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    if as_json and not everything:
        # Python's own last words are a traceback with the error's.
        sys.excepthook = _last_words
        threading.excepthook = _last_words_of_a_thread
    renderers: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if everything and as_json:
        renderers.append(structlog.processors.format_exc_info)
    renderers.append(
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "ours": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": renderers,
                "foreign_pre_chain": [*common, *([] if everything else [_pattern_only])],
                "use_get_message": everything,
                "pass_foreign_args": not everything,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ours"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        # Django's own would mail the whole request to whoever is named there.
        "loggers": {
            "django": {"handlers": []},
            # Answers with a 4xx have their line by web/kit/observing.py.
            "django.request": {"level": "ERROR"},
            "fengqiao": {"level": level},
        },
    }


def _pattern_only(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """Of a library's line: its pattern, and where it was said."""
    record = line["_record"]
    if not line.pop("positional_args", None):
        # Without arguments the words may have been put together before they came here.
        line["event"] = "a library's message"
    line["where"] = f"{record.module}:{record.lineno}"
    job = getattr(record, "job", None)
    if isinstance(job, dict):
        line["job"] = {name: job[name] for name in OF_A_JOB if name in job}
        line["event"] = str(getattr(record, "action", line["event"]))
    return line


def _errors_without_words(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """An error's kind and the lines it went through; its words often quote what somebody typed."""
    told = line.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        line["error"] = list(_chain(error))
    line.pop("stack_info", None)
    return line


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    structlog.get_logger("fengqiao.ended").critical("uncaught", exc_info=error)


def _last_words_of_a_thread(told: threading.ExceptHookArgs) -> None:
    structlog.get_logger("fengqiao.ended").critical("uncaught in a thread", exc_info=told.exc_value)


def _chain(error: BaseException) -> Iterator[dict[str, Any]]:
    each: BaseException | None = error
    for _ in range(DEEPEST):
        if each is None:
            return
        yield {"kind": f"{type(each).__module__}.{type(each).__qualname__}", "at": _lines(each.__traceback__)}
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def _lines(trace: TracebackType | None) -> list[str]:
    return [
        f"{frame.f_code.co_filename}:{number} {frame.f_code.co_name}"
        for frame, number in traceback.walk_tb(trace)
    ]
