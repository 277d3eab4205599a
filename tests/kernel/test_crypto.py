"""Protected values: bound to their county, row and field; keys that rotate; blind indexes that tell nothing across."""

import base64
import json
import stat
import subprocess
import sys
from dataclasses import replace

import pytest

from fengqiao.kernel import crypto
from fengqiao.kernel.crypto import KeyMissing, Keyring, Tampered

WHERE = {"county": "440785", "row": "01890a5d-ac96-774b-bcce-b302099a8057", "field": "identity"}


@pytest.fixture
def keys(tmp_path) -> Keyring:
    return Keyring.create(tmp_path / "keyring.json")


def test_a_protected_value_comes_back(keys):
    for value in ("440785193001010014", "", "恩平市沙湖镇𠮷村1号 🙂", "x" * 10_000):
        assert crypto.reveal(keys, **WHERE, protected=crypto.protect(keys, **WHERE, value=value)) == value


def test_the_same_value_never_looks_the_same_twice(keys):
    one, other = (crypto.protect(keys, **WHERE, value="440785193001010014") for _ in range(2))
    assert one != other
    assert b"440785193001010014" not in one


@pytest.mark.parametrize(
    "elsewhere",
    [{"county": "440783"}, {"row": "01890a5d-ac96-774b-bcce-b302099a8058"}, {"field": "phone"}],
)
def test_a_moved_value_is_noticed(keys, elsewhere):
    protected = crypto.protect(keys, **WHERE, value="440785193001010014")
    with pytest.raises(Tampered):
        crypto.reveal(keys, **(WHERE | elsewhere), protected=protected)


def test_any_changed_byte_is_noticed(keys):
    protected = crypto.protect(keys, **WHERE, value="13800000001")
    for place in range(3, len(protected)):
        changed = protected[:place] + bytes([protected[place] ^ 1]) + protected[place + 1 :]
        with pytest.raises(Tampered):
            crypto.reveal(keys, **WHERE, protected=changed)


def test_old_values_are_read_after_the_key_was_changed(keys, tmp_path):
    old = crypto.protect(keys, **WHERE, value="before")
    path = tmp_path / "keyring.json"
    raw = json.loads(path.read_text())
    raw["data_keys"]["k2"] = base64.b64encode(bytes(range(32))).decode()
    raw["current"] = "k2"
    other = tmp_path / "rotated.json"
    other.write_text(json.dumps(raw))
    rotated = Keyring.load(other)
    new = crypto.protect(rotated, **WHERE, value="after")
    assert new[:3] == b"\x02k2"
    assert crypto.reveal(rotated, **WHERE, protected=old) == "before"
    assert crypto.reveal(rotated, **WHERE, protected=new) == "after"
    with pytest.raises(KeyMissing):
        crypto.reveal(keys, **WHERE, protected=new)


def test_blind_index_finds_equal_values_of_one_county_and_kind(keys):
    index = crypto.blind_index(keys, county="440785", kind="identity", value="440785193001010014")
    assert index == crypto.blind_index(keys, county="440785", kind="identity", value="440785193001010014")
    assert len(index) == 17
    assert index[0] == keys.index_version == 1
    others = [
        crypto.blind_index(keys, county="440783", kind="identity", value="440785193001010014"),
        crypto.blind_index(keys, county="440785", kind="phone", value="440785193001010014"),
        crypto.blind_index(keys, county="440785", kind="identity", value="440785193001010022"),
        crypto.blind_index(
            replace(keys, index_keys={2: keys.index_key}, index_version=2),
            county="440785",
            kind="identity",
            value="440785193001010014",
        ),
    ]
    assert len({index, *others}) == 5


def test_the_name_of_a_file_tells_nothing_across_counties(keys):
    digest = crypto.sm3(b"content")
    here = crypto.content_name(keys, county="440785", digest=digest)
    assert here == crypto.content_name(keys, county="440785", digest=digest)
    assert here != crypto.content_name(keys, county="440783", digest=digest)
    assert digest.hex() not in here


def test_a_keyring_is_made_once_for_its_owner_alone(tmp_path):
    path = tmp_path / "inner" / "keyring.json"
    first = Keyring.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert Keyring.create(path) == first
    assert [p.name for p in path.parent.iterdir()] == ["keyring.json"]


CREATE = """
import sys
from pathlib import Path
from fengqiao.kernel.crypto import Keyring
while not Path(sys.argv[2]).exists():
    pass
print(Keyring.create(Path(sys.argv[1])).index_key.hex())
"""


def test_set_ups_at_once_agree_on_one_keyring(tmp_path):
    """One that lost the race must not go on with keys that nobody keeps."""
    path, go = tmp_path / "keyring.json", tmp_path / "go"
    processes = [
        subprocess.Popen([sys.executable, "-c", CREATE, path, go], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    go.touch()
    said = [process.communicate()[0].strip() for process in processes]
    assert said == [Keyring.load(path).index_key.hex()] * 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["go", "keyring.json"]


def test_without_a_keyring_it_says_what_to_do(tmp_path):
    with pytest.raises(KeyMissing, match="fengqiao setup"):
        Keyring.load(tmp_path / "nothing.json")


def test_same():
    assert crypto.same(b"abc", memoryview(b"abc"))
    assert not crypto.same(b"abc", b"abd")
