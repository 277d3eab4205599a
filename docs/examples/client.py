"""Hands matters in to Fengqiao and reads them again.   python client.py matters.json

Each line of the file is a matter as POST /api/v1/matters takes it. Needs httpx, and in the environment:
FENGQIAO_URL, FENGQIAO_CLIENT, FENGQIAO_SECRET.
"""

import json
import os
import sys
import time
import uuid
from pathlib import Path

import httpx


class Fengqiao:
    def __init__(self, url: str, client: str, secret: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=30)
        self.login = (client, secret)

    def send(self, method: str, path: str, **more) -> httpx.Response:
        """Sends until there is an answer; with the same key nothing is done twice."""
        headers = more.pop("headers", {})
        for pause in (1, 2, 4, 8, 16, 32):
            try:
                if "Authorization" not in self.http.headers:
                    self._sign_in()
                answer = self.http.request(method, f"/api/v1{path}", headers=headers, **more)
                if answer.status_code == 401:
                    del self.http.headers["Authorization"]  # the token is over: ask for another one
                elif answer.status_code < 500 and answer.status_code != 429:
                    return answer
                pause = float(answer.headers.get("Retry-After", pause))
            except httpx.TransportError:
                print("no answer, trying again", file=sys.stderr)
            time.sleep(pause)
        raise RuntimeError(f"no answer to {method} {path}")

    def _sign_in(self) -> None:
        answer = self.http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=self.login)
        answer.raise_for_status()
        self.http.headers["Authorization"] = "Bearer " + answer.json()["access_token"]

    def register(self, matter: dict) -> str:
        answer = self.send("POST", "/matters", json=matter, headers={"Idempotency-Key": str(uuid.uuid4())})
        if answer.status_code == 409 and "Location" in answer.headers:  # handed in before
            return answer.headers["Location"].rsplit("/", 1)[1]
        if answer.status_code != 201:
            raise ValueError([f"{flaw['field']}: {flaw['message']}" for flaw in answer.json()["errors"]])
        return answer.json()["code"]


if __name__ == "__main__":
    desk = Fengqiao(*(os.environ[f"FENGQIAO_{name}"] for name in ("URL", "CLIENT", "SECRET")))
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        matter = desk.send("GET", f"/matters/{desk.register(json.loads(line))}").json()
        print(matter["code"], matter["state"], matter["title"])
