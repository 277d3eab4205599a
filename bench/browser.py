"""A browser without a screen: one kept connection, signed in as a person of the demo's county."""

from __future__ import annotations

import http.client
import re
import secrets
import urllib.parse

HOST = "127.0.0.1"
PASSWORD = "fengqiao-demo"


class Browser:
    """One kept connection, signed in."""

    def __init__(self, port: int, login: str) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.location = ""
        try:
            token = token_of(self.get("/accounts/login/"))
            self.post(
                "/accounts/login/", {"login": login, "password": PASSWORD, "csrfmiddlewaretoken": token}
            )
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self.connection.close()

    def get(self, address: str) -> str:
        status, text = self._send("GET", address)
        if status != 200:
            raise RuntimeError(f"{address} answered {status}")
        return text

    def post(self, address: str, values: dict[str, str]) -> str:
        status, text = self._send("POST", address, urllib.parse.urlencode(values))
        if status >= 400:
            raise RuntimeError(f"{address} answered {status}")
        return text

    def sent_on_to(self, address: str, values: dict[str, str]) -> str:
        """Posts a form; returns where its answer leads (empty when the form came back)."""
        self.location = ""
        self.post(address, values)
        return self.location

    def sent_with_a_file(
        self, address: str, values: dict[str, str], field: str, name: str, content: bytes
    ) -> str:
        """As ``sent_on_to``, with a file beside the form's values."""
        line = secrets.token_hex(16)
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in values.items()
        ]
        head = f'--{line}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
        body = "".join([*parts, head]).encode() + content + f"\r\n--{line}--\r\n".encode()
        self.location = ""
        status, _ = self._send("POST", address, body, f"multipart/form-data; boundary={line}")
        if status >= 400:
            raise RuntimeError(f"{address} answered {status}")
        return self.location

    def _send(
        self,
        method: str,
        address: str,
        body: str | bytes | None = None,
        kind: str = "application/x-www-form-urlencoded",
    ) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": kind,
                "Referer": f"http://{HOST}:{self.connection.port}{address}",
            }
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.location = answer.getheader("Location") or ""
        return answer.status, answer.read().decode()


def token_of(page: str) -> str:
    """What a form of this page must send back."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, "no form on the page"
    return found[1]
