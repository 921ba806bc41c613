"""Arrays survive storage bit by bit, and damage is noticed."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from db.blobs import BlobError, pack, unpack

ARRAYS = st.sampled_from(["<f4", "<f8", "<i4", "<i8", "|u1", "|b1", "<f2", ">f4", ">i8"]).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=7))
)


EMPTY = zlib.compress(b"")


def signed(header, stream=EMPTY):
    """Bytes with a right check sum, as a program that means harm would write them."""
    body = struct.pack("<I", len(header)) + header + stream
    return b"AFB1" + struct.pack("<I", zlib.crc32(body)) + body


@given(ARRAYS)
def test_an_array_comes_back_as_it_was(array):
    back = unpack(pack(array))
    assert back.dtype == array.dtype.newbyteorder("=")
    assert back.shape == array.shape
    assert back.tobytes() == array.astype(back.dtype).tobytes()


def test_strided_arrays_are_stored_by_value():
    array = np.arange(24, dtype=np.float32).reshape(4, 6)[::2, ::-1]
    np.testing.assert_array_equal(unpack(pack(array)), array)


@given(st.data())
def test_any_changed_byte_is_noticed(data):
    blob = bytearray(pack(np.linspace(-1, 1, 50, dtype=np.float32).reshape(25, 2)))
    place = data.draw(st.integers(0, len(blob) - 1))
    blob[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BlobError):
        unpack(bytes(blob))


@given(st.integers(0, 200))
def test_any_cut_is_noticed(length):
    blob = pack(np.arange(300, dtype=np.float64))
    with pytest.raises(BlobError):
        unpack(blob[: min(length, len(blob) - 1)])


@pytest.mark.parametrize(
    ("blob", "said"),
    [
        (b"", "no array"),
        (b"AFB1", "its header cannot be read"),
        (b"AFB1" + bytes(8), "the check sum does not fit"),
        (signed(b"[]"), "its header cannot be read"),
        (signed(b"{"), "its header cannot be read"),
        (signed(b'{"dtype":"<f4","shape":[2]}', b"no stream"), "its values cannot be inflated"),
        (signed(b'{"dtype":"<f4","shape":[-2]}'), "impossible shape"),
    ],
)
def test_the_reason_is_in_our_words(blob, said):
    with pytest.raises(BlobError, match=said):
        unpack(blob)


def test_objects_and_texts_are_refused():
    with pytest.raises(BlobError):
        pack(np.array([object()]))
    with pytest.raises(BlobError):
        pack(np.array(["a"]))


def test_series_get_smaller_than_with_zlib_alone():
    rng = np.random.default_rng(0)
    boxes = (200 + np.cumsum(rng.normal(0, 1.5, (3000, 4)), 0)).astype(np.float32)
    for array in (boxes, np.arange(3000, dtype=np.int32), np.arange(3000) * 1001 / 30000):
        assert len(pack(array)) < len(zlib.compress(array.tobytes(), 5))


def test_the_recipe_in_the_docs_reads_them():
    page = (Path(__file__).resolve().parents[2] / "docs" / "schema.md").read_text("utf-8")
    recipe = page.split("```python\n")[1].split("```")[0]
    array = np.random.default_rng(0).random((5, 3, 2)).astype(np.float32)
    names = {"blob": pack(array)}
    exec(recipe, names)
    np.testing.assert_array_equal(names["array"], array)
