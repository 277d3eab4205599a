"""The day on which a story plays: a term falls due and a last day comes without anybody waiting for it.

Sessions and the queue keep the machine's time; what is a fact of a matter has the story's.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from fengqiao.kernel import clock

# Where the processes of a desk look for the moment.
NAME = "FENGQIAO_TEST_MOMENT"
Answer = Callable[[HttpRequest], HttpResponse]


def standing(get_response: Answer) -> Answer:
    """Middleware: lets the clock stand where the file says, while one is there."""

    def answer(request: HttpRequest) -> HttpResponse:
        file = Path(os.environ.get(NAME, "/nowhere"))
        if not file.exists():
            return get_response(request)
        with clock.at(datetime.fromisoformat(file.read_text())):
            return get_response(request)

    return answer
