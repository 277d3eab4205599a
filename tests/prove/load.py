"""Officers at several windows who register without pause, and a ledger of what the server told them."""

from __future__ import annotations

import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from uuid import uuid4

from bench.browser import Browser, token_of

from tests.files.samples import PDF
from tests.web.test_registering import typed

# What a broken line, a dead server or a database that is not there yet look like from outside.
TROUBLE = (OSError, http.client.HTTPException, RuntimeError)
PATIENCE_SECONDS = 60.0
MATERIAL_LINES = 50
LOGINS = ("registrar", "petition", "legal", "industry")


@dataclass
class Acknowledged:
    """Form by form what was told: its code, or that nobody knows."""

    codes: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    # How often a window got no answer.
    felt: int = 0


class Windows:
    """``with Windows(port) as told: …`` registers from four windows until the block ends."""

    def __init__(self, port: int, *, with_materials: bool = False) -> None:
        self.port = port
        self.with_materials = with_materials
        self.told = Acknowledged()
        self.over = threading.Event()
        self.trouble: list[BaseException] = []
        self.threads = [threading.Thread(target=self._sit, args=(login, n)) for n, login in enumerate(LOGINS)]

    def __enter__(self) -> Acknowledged:
        for thread in self.threads:
            thread.start()
        return self.told

    def __exit__(self, *exc: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE_SECONDS * 2)
        assert not self.trouble, self.trouble

    def _sit(self, login: str, number: int) -> None:
        try:
            desk = self._sign_in(login)
            while not self.over.is_set():
                desk = self._register(desk, login, tries_again=number % 2 == 0)
            desk.close()
        except BaseException as trouble:  # the thread's end must reach the test
            self.trouble.append(trouble)

    def _register(self, desk: Browser, login: str, *, tries_again: bool) -> Browser:
        form = str(uuid4())
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.told.codes[form] = register(desk, form, with_material=self.with_materials)
                self.told.unsure.discard(form)
                return desk
            except TROUBLE as trouble:
                self.told.unsure.add(form)
                self.told.felt += 1
                felt = trouble
                desk.close()
                desk = self._sign_in(login)
                if not tries_again:
                    return desk
            assert time.monotonic() < end, f"{login}: the server did not come back: {felt!r}"

    def _sign_in(self, login: str) -> Browser:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return Browser(self.port, login)
            except TROUBLE as trouble:
                assert time.monotonic() < end, f"{login} cannot sign in: {trouble!r}"
                time.sleep(0.2)


def register(desk: Browser, form: str, *, with_material: bool = False) -> str:
    """One registration at the window; returns the code that the server acknowledged."""
    token = token_of(desk.get("/register/"))
    values = typed(token=form, csrfmiddlewaretoken=token)
    if with_material:
        where = desk.sent_with_a_file("/register/", values, "materials", "协议.pdf", material_of(form))
    else:
        where = desk.sent_on_to("/register/", values)
    code = re.search(r"\d{6}-\d{8}-\d{6,}", where)
    if code is None:
        raise RuntimeError(f"registration led to {where!r}")
    return code[0]


def material_of(form: str) -> bytes:
    """A paper that is this form's alone."""
    return PDF + f"\n% {form} ".encode() * MATERIAL_LINES
