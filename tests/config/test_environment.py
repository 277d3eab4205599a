"""Addresses and secrets of an installation."""

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fengqiao.config import environment
from fengqiao.config.environment import DatabaseAddress

# Whatever PostgreSQL lets into a name or a password, which is nearly everything.
words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=20)
hosts = st.one_of(
    st.sampled_from(["localhost", "127.0.0.1", "db.example.org"]),
    st.sampled_from(["/run/postgresql", "/var/lib/枫桥 demo/socket", "/tmp/a%20b&c=d"]),
)


@given(
    st.builds(
        DatabaseAddress,
        name=words,
        user=words,
        password=st.one_of(st.just(""), words),
        host=hosts,
        port=st.one_of(st.just(""), st.integers(1, 65535).map(str)),
        options=st.dictionaries(st.sampled_from(["sslmode", "sslrootcert"]), words, max_size=2),
    )
)
def test_an_address_survives_being_written(address: DatabaseAddress) -> None:
    assert DatabaseAddress.parse(address.url()) == address


@pytest.mark.parametrize("url", ["", "mysql://a@b/c", "host=/tmp dbname=x", "//a@b/c"])
def test_another_kind_of_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="begins with postgresql://"):
        DatabaseAddress.parse(url)


def test_the_application_is_never_given_the_owner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path))
    monkeypatch.delenv("FENGQIAO_DATABASE_URL")
    monkeypatch.delenv("FENGQIAO_APP_ROLE")
    monkeypatch.setenv("FENGQIAO_APP_DATABASE_URL", "postgresql://town:secret@db/fengqiao")
    assert environment.owner_address() is None
    assert environment.app_role() == "town"
    assert environment.app_address() == DatabaseAddress("fengqiao", "town", "secret", "db", "", {})


def test_secrets_are_made_once_and_are_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path / "home"))
    with pytest.raises(LookupError, match="run `fengqiao setup`"):
        environment.secret("first", make=False)
    found: list[tuple[str, str]] = []
    names = ["first", "second"] * 4
    threads = [
        threading.Thread(target=lambda name=name: found.append((name, environment.secret(name))))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {("first", environment.secret("first")), ("second", environment.secret("second"))}
    assert stat.S_IMODE((tmp_path / "home" / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_secret_of_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path))
    monkeypatch.setenv("FENGQIAO_APP_PASSWORD", "given")
    assert environment.secret("app_password") == "given"
    assert not (tmp_path / "secrets.json").exists()
