"""The units' commands run as a process manager runs them, behind the proxy that deploy/ ships."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg
import pyrage
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fengqiao.config import environment
from fengqiao.config.environment import PROJECT
from fengqiao.config.local_postgres import SUPERUSER, LocalServer, local_server
from fengqiao.config.server_programs import programs
from fengqiao.config.supervisor import free_port
from tests.config.test_deploy import DEPLOY, UNITS, read_env

pytestmark = pytest.mark.prove
HOST, NAME = "127.0.0.1", "fengqiao.example.gov.cn"
IN_CI = os.environ.get("CI") == "true"
needs_nginx = pytest.mark.skipif(
    not IN_CI and shutil.which("nginx") is None, reason="nginx is not installed (apt-get install nginx-light)"
)
needs_systemd = pytest.mark.skipif(
    not IN_CI and shutil.which("systemd-analyze") is None, reason="systemd is not installed"
)


@dataclass
class Machine:
    """A server with the program, its two files of settings and a PostgreSQL; ``paths`` is what lies elsewhere here."""

    folder: Path
    port: int
    owner: str
    paths: Mapping[str, str]

    def real(self, text: str) -> str:
        for shipped, here in self.paths.items():
            text = text.replace(shipped, here)
        return text

    def environment_of(self, unit: str) -> dict[str, str]:
        """Nothing but the unit's files, as systemd gives it."""
        found = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
        for path in UNITS[unit]["Service.EnvironmentFile"]:
            found |= read_env(Path(self.real(path)))
        return found

    def start(self, unit: str, log: Path) -> subprocess.Popen[bytes]:
        (command,) = UNITS[unit]["Service.ExecStart"]
        with log.open("ab") as out:
            return subprocess.Popen(
                shlex.split(self.real(command)),
                env=self.environment_of(unit),
                cwd=self.real(UNITS[unit]["Service.WorkingDirectory"][0]),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @contextmanager
    def running(self, unit: str) -> Iterator[subprocess.Popen[bytes]]:
        log = self.folder / f"{unit}.log"
        process = self.start(unit, log)
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            sys.stdout.write(log.read_text()[-3000:])

    def stop(self, unit: str, process: subprocess.Popen[bytes]) -> int:
        """As systemd stops it: the signal, and no longer than the unit allows."""
        process.send_signal(signal.SIGTERM)
        code = process.wait(int(UNITS[unit]["Service.TimeoutStopSec"][0]))
        return 128 - code if code < 0 else code

    def ask(self, path: str) -> tuple[int, str]:
        line = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()

    def wait_until_ready(self) -> None:
        wait(lambda: self.ask("/ready")[0] == 200, "the web server is not ready")


def wait(holds, what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if holds():
                return
        except OSError:
            pass
        assert time.monotonic() < end, what
        time.sleep(0.1)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("machine")
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in list(os.environ):
            if name.startswith("FENGQIAO_") and name != "FENGQIAO_PG_BIN":
                monkeypatch.delenv(name)
        monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
        monkeypatch.setenv("FENGQIAO_HOME", str(folder / "home"))
        server = local_server()
        with server.borrowed() as owner:
            yield laid_out(folder, owner.url())
    shutil.rmtree(server.data.parent, ignore_errors=True)


def laid_out(folder: Path, owner: str) -> Machine:
    """What deploy/README.md has an administrator do."""
    port = free_port(HOST, 24_000 + os.getpid() % 9_000)
    paths = {
        "/opt/fengqiao": str(PROJECT),
        "/var/backups/fengqiao": str(folder / "backups"),
        "/etc/fengqiao": str(folder / "etc"),
    }
    for name in ("backups", "etc", "roots"):
        (folder / name).mkdir()
    app = environment.app_address()
    assert app is not None
    key = str(pyrage.x25519.Identity.generate().to_public())
    values = {
        "FENGQIAO_APP_DATABASE_URL": app.url(),
        "FENGQIAO_SECRET_KEY": "dhWqj0Cx5b1vRzk7uYt2Gm8LoPsNfE3aKi4yTc6X",
        "FENGQIAO_HOME": str(folder / "home"),
        "FENGQIAO_FILES": str(folder / "home" / "files"),
        "FENGQIAO_KEYRING": str(folder / "etc" / "keys" / "keyring.json"),
        "FENGQIAO_ROOTS": str(folder / "roots"),
        "FENGQIAO_PORT": str(port),
        "FENGQIAO_DATABASE_URL": owner,
        "FENGQIAO_APP_PASSWORD": app.password,
        "FENGQIAO_BACKUP_RECIPIENTS": key,
    }
    for shipped, here in (("env.example", "fengqiao.env"), ("owner.env.example", "owner.env")):
        known = read_env(DEPLOY / shipped)
        lines = [f"{name}={values.get(name, value)}" for name, value in known.items()]
        (folder / "etc" / here).write_text("\n".join(lines) + "\n")
    machine = Machine(folder, port, owner, paths)
    done = subprocess.run(
        [sys.executable, "-m", "fengqiao", "setup", "-v", "0"],
        env=machine.environment_of("fengqiao-backup.service"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return machine


# --- the units ----------------------------------------------------------------------------------------------


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for shipped in (DEPLOY / "systemd").iterdir():
        if shipped.suffix in (".service", ".timer"):
            (tmp_path / shipped.name).write_text(shipped.read_text().replace("/opt/fengqiao", str(PROJECT)))
    files = sorted(map(str, tmp_path.iterdir()))
    assert [Path(each).name for each in files] == [
        "fengqiao-backup.service",
        "fengqiao-backup.timer",
        "fengqiao-live.service",
        "fengqiao-web.service",
        "fengqiao-worker.service",
    ]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_counts_the_units_among_the_safe(unit: str) -> None:
    """Its own score, from 0 (nothing is open) to 10 (everything); without the hardening it is over 9."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20"]
        + [str(DEPLOY / "systemd" / unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(
    not IN_CI and shutil.which("docker-compose") is None,
    reason="docker-compose is not installed (apt-get install docker-compose)",
)
def test_compose_takes_the_file(tmp_path: Path) -> None:
    """It reads, merges and checks everything by its schema; running needs a container daemon, reading none."""
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    for name in ("app", "owner", "database"):
        example = "env.example" if name == "app" else f"{name}.env.example"
        shutil.copy(DEPLOY / example, tmp_path / "deploy" / f"{name}.env")
    done = subprocess.run(
        ["docker-compose", "-f", "compose.yaml", "config", "-q"],
        cwd=tmp_path / "deploy",
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_web_server_is_killed_comes_back_and_ends_when_asked(machine: Machine) -> None:
    unit = "fengqiao-web.service"
    with machine.running(unit) as first:
        machine.wait_until_ready()
        # It runs as the application's role alone.
        assert "FENGQIAO_DATABASE_URL" not in psutil.Process(first.pid).environ()
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    with machine.running(unit) as again:
        machine.wait_until_ready()
        code = machine.stop(unit, again)
    assert code in (0, int(UNITS[unit]["Service.SuccessExitStatus"][0]))


def test_a_process_that_hangs_does_not_keep_the_web_server_from_ending(machine: Machine) -> None:
    unit = "fengqiao-web.service"
    with machine.running(unit) as process:
        machine.wait_until_ready()
        serving = psutil.Process(process.pid).children(recursive=True)
        serving[0].suspend()
        # Without systemd's last resort: within the unit's time, or this raises.
        machine.stop(unit, process)
    assert [each.pid for each in serving if each.is_running() and each.status() != psutil.STATUS_ZOMBIE] == []


def test_the_worker_works_and_ends_when_asked(machine: Machine) -> None:
    unit = "fengqiao-worker.service"

    def heard_of() -> bool:
        with psycopg.connect(machine.owner) as connection:
            row = connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone()
            return row is not None and row[0] == 1

    with machine.running(unit) as process:
        wait(heard_of, "the worker is not heard of")
        wait(lambda: any((machine.folder / "roots").iterdir()), "no root was signed", seconds=330)
        code = machine.stop(unit, process)
    assert code in (0, int(UNITS[unit]["Service.SuccessExitStatus"][0]))
    assert not heard_of()


def test_the_backup_is_made_and_the_doctor_knows_it(machine: Machine) -> None:
    unit = "fengqiao-backup.service"
    with machine.running(unit) as process:
        assert process.wait(120) == 0
    (archive,) = (machine.folder / "backups").iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z\.age", archive.name)
    done = subprocess.run(
        [sys.executable, "-m", "fengqiao", "doctor", "--production"],
        env=machine.environment_of("fengqiao-web.service"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(r"ok +backup +0 hours ago", done.stdout), done.stdout


def test_the_first_script_makes_an_owner_that_set_up_takes(machine: Machine, tmp_path: Path) -> None:
    server = LocalServer(machine.folder / "home")
    superuser = server.as_superuser()
    script = tmp_path / "first.sh"
    shipped = (DEPLOY / "postgresql" / "first.sh").read_text()
    # This server has an owner and a database of the usual names already.
    script.write_text(
        shipped.replace("fengqiao_owner", "first_owner").replace("DATABASE fengqiao", "DATABASE first")
    )
    done = subprocess.run(
        ["sh", str(script)],
        env={
            "PATH": f"{programs()}:/usr/bin:/bin",
            "POSTGRES_USER": SUPERUSER,
            "POSTGRES_PASSWORD": superuser.password,
            "OWNER_PASSWORD": "it's drawn by 'lot'",
            "PGHOST": superuser.host,
            "PGPORT": superuser.port,
            "PGDATABASE": "postgres",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    owner = replace(superuser, name="first", user="first_owner", password="it's drawn by 'lot'")
    done = subprocess.run(
        [sys.executable, "-m", "fengqiao", "setup", "-v", "0"],
        env={
            "PATH": "/usr/bin:/bin",
            "FENGQIAO_HOME": str(tmp_path / "home"),
            "FENGQIAO_DATABASE_URL": owner.url(),
            "FENGQIAO_APP_ROLE": "first_app",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# --- the proxy ----------------------------------------------------------------------------------------------


@dataclass
class Proxy:
    plain: int
    tls: int

    def ask(
        self, path: str, *, body: dict[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> http.client.HTTPResponse:
        # The certificate is the test's own.
        line = http.client.HTTPSConnection(
            HOST, self.tls, timeout=10, context=ssl._create_unverified_context()
        )
        sent = {"Host": NAME, **(headers or {})}
        if body is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{NAME}{path}"}
        line.request("GET" if body is None else "POST", path, urlencode(body) if body else None, sent)
        answer = line.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        line.close()
        return answer


@pytest.fixture(scope="module")
def proxy(machine: Machine) -> Iterator[Proxy]:
    folder = machine.folder / "nginx"
    folder.mkdir()
    certificate(machine.folder / "etc" / "tls")
    plain = free_port(HOST, 34_000 + os.getpid() % 9_000)
    tls = free_port(HOST, plain + 1)
    conf = machine.real((DEPLOY / "nginx" / "fengqiao.conf").read_text())
    for shipped, here in {
        "127.0.0.1:8000": f"{HOST}:{machine.port}",
        "listen 80;": f"listen {HOST}:{plain};",
        "listen 443 ": f"listen {HOST}:{tls} ",
        "/var/log/nginx": str(folder),
    }.items():
        assert shipped in conf
        conf = conf.replace(shipped, here)
    (folder / "fengqiao.conf").write_text(conf)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/pid;\nerror_log stderr warn;\nevents {{}}\n"
        f"http {{\n{places}include {folder}/fengqiao.conf;\n}}\n"
    )
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    assert "[warn]" not in tried.stderr
    with machine.running("fengqiao-web.service"):
        machine.wait_until_ready()
        process = subprocess.Popen(command, start_new_session=True)
        try:
            found = Proxy(plain, tls)
            wait(lambda: found.ask("/accounts/login/").status == 200, "the proxy does not answer")
            yield found
        finally:
            process.terminate()
            process.wait(10)


def certificate(folder: Path) -> None:
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@needs_nginx
def test_the_page_comes_by_https_alone(proxy: Proxy, machine: Machine) -> None:
    page = proxy.ask("/accounts/login/")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in page.headers["Set-Cookie"]
    line = http.client.HTTPConnection(HOST, proxy.plain, timeout=10)
    line.request("GET", "/ledger/?q=1", headers={"Host": NAME})
    sent_on = line.getresponse()
    assert (sent_on.status, sent_on.headers["Location"]) == (301, f"https://{NAME}/ledger/?q=1")
    line.close()
    # And the web server itself sends on whoever comes to it without the proxy.
    line = http.client.HTTPConnection(HOST, machine.port, timeout=10)
    line.request("GET", "/accounts/login/", headers={"Host": NAME})
    assert line.getresponse().status == 301
    line.close()


@needs_nginx
def test_a_form_sent_by_https_is_taken(proxy: Proxy) -> None:
    page = proxy.ask("/accounts/login/")
    cookie = page.headers["Set-Cookie"].split(";")[0]
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)  # type: ignore[attr-defined]
    assert found is not None
    form = {"csrfmiddlewaretoken": found[1], "login": "nobody", "password": "a-wrong-password"}
    answer = proxy.ask("/accounts/login/", body=form, headers={"Cookie": cookie})
    # Not 403: the name and the password are wrong, the form is not.
    assert answer.status == 200
    other = proxy.ask(
        "/accounts/login/", body=form, headers={"Cookie": cookie, "Origin": "https://evil.example"}
    )
    assert other.status == 403


@needs_nginx
def test_the_pages_for_machines_stay_inside(proxy: Proxy, machine: Machine) -> None:
    for path in ("/metrics", "/ready", "/healthz"):
        assert proxy.ask(path).status == 404
        assert machine.ask(path)[0] == 200
    # What a client says of where it comes from does not open them either.
    assert proxy.ask("/metrics", headers={"X-Forwarded-For": HOST}).status == 404


@needs_nginx
def test_a_name_that_is_not_ours_is_refused(proxy: Proxy) -> None:
    assert proxy.ask("/accounts/login/", headers={"Host": "evil.example"}).status == 400


@needs_nginx
def test_neither_log_has_what_was_asked_for(proxy: Proxy, machine: Machine) -> None:
    number = proxy.ask("/ledger/?q=13912345678").headers["X-Request-Id"]
    logs = machine.folder / "nginx" / "fengqiao.log", machine.folder / "fengqiao-web.service.log"
    wait(lambda: all(number in log.read_text() for log in logs), "an answer is missing in a log")
    assert [log.name for log in logs if "13912345678" in log.read_text()] == []


@needs_nginx
def test_the_flood_at_the_door_is_held_off(proxy: Proxy) -> None:
    told = [proxy.ask("/accounts/login/").status for _ in range(40)]
    assert set(told) == {200, 429}
    assert proxy.ask("/language").status == 405, "other pages are answered"
