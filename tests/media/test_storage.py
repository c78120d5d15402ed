"""Where bytes lie."""

from io import BytesIO

import pytest
from obstore.store import MemoryStore

from lms.kernel.errors import Refused
from media.rules.addresses import new_folder
from media.rules.refusals import MediaRefusal
from media.storage import NotStored, ObjectStorage, open_storage, received

CLIMBING = [
    "../secret",
    "/etc/passwd",
    "a" * 32 + "/../../secret",
    "a" * 32 + "/%2e%2e/secret",
    "a" * 32 + "/a\x00b",
    "",
]


@pytest.fixture(params=["folder", "bucket"])
def storage(request, tmp_path):
    """The local folder, and a store that has no files, as a bucket has none."""
    if request.param == "folder":
        return open_storage("", tmp_path / "media", tmp_path)
    return ObjectStorage(MemoryStore(), tmp_path)


def test_what_is_put_is_read_back_whole_or_in_part(storage):
    key = f"{new_folder()}/original"

    storage.put(key, BytesIO(b"0123456789"))

    assert storage.exists(key)
    assert storage.size(key) == 10
    assert b"".join(storage.read(key, 0, 10)) == b"0123456789"
    assert b"".join(storage.read(key, 3, 7)) == b"3456"
    assert b"".join(storage.read(key, 5, 5)) == b""


def test_a_program_is_lent_a_real_file(storage):
    key = f"{new_folder()}/original"
    storage.put(key, b"content")

    with storage.as_file(key) as path:
        assert path.read_bytes() == b"content"


def test_a_folder_goes_with_all_that_is_in_it(storage):
    gone, kept = new_folder(), new_folder()
    for key in (f"{gone}/original", f"{gone}/hls-1/360p/s0.m4s", f"{kept}/original"):
        storage.put(key, b"x")

    storage.delete_folder(gone)

    assert storage.folders() == [kept]
    assert [found.key for found in storage.contents(kept)] == [f"{kept}/original"]


def test_what_is_not_there_is_said_so(storage):
    key = f"{new_folder()}/original"

    storage.delete(key)

    assert not storage.exists(key)
    with pytest.raises(NotStored):
        storage.size(key)
    with pytest.raises(NotStored):
        list(storage.read(key, 0, 1))


@pytest.mark.parametrize("key", CLIMBING)
def test_no_key_climbs_out_of_the_storage(storage, key, tmp_path):
    (tmp_path / "secret").write_text("secret")

    for act in (storage.size, storage.delete, storage.as_file, storage.exists):
        with pytest.raises(ValueError, match="not a key of ours"):
            act(key)
    with pytest.raises(ValueError, match="not a key of ours"):
        storage.put(key, b"x")
    with pytest.raises(ValueError, match="not a key of ours"):
        list(storage.read(key, 0, 9))
    assert (tmp_path / "secret").read_text() == "secret"


class Endless:
    """A stream that never ends, and counts what was taken of it."""

    taken = 0

    def read(self, size):
        self.taken += size
        return b"x" * size


def test_a_stream_is_cut_off_at_its_bound_and_leaves_nothing(tmp_path):
    stream = Endless()

    with pytest.raises(Refused) as refused, received(stream, 1_000_000, tmp_path):
        pass

    assert refused.value.reason is MediaRefusal.TOO_LARGE
    assert stream.taken < 1_500_000
    assert list(tmp_path.iterdir()) == []


def test_what_comes_in_is_measured_and_hashed(tmp_path):
    with received(BytesIO(b"abc"), 3, tmp_path) as came:
        assert came.size_bytes == 3
        assert came.sha256.startswith("ba7816bf8f01cfea")
        assert came.path.read_bytes() == b"abc"

    assert list(tmp_path.iterdir()) == []
