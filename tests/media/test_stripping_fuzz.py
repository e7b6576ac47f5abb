"""Damaged files of every container: stripped or refused, never a crash, never a place.

FUZZ_EXAMPLES in the environment asks for more than the few that CI has time for.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media.stripping import DOCUMENTS, PICTURES, StrippingError, strip
from media.stripping.errors import StumbledError
from tests.media import carriers
from tests.media.test_stripping_documents import DRAWING, document

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
FUZZED = settings(
    max_examples=EXAMPLES, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
NUMBERS = st.sampled_from(
    [b"\0", b"\xff", b"\0\0", b"\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff",
     b"\x80\0\0\0", b"\1\0\0\0", b"\0\0\0\1"]
)  # fmt: skip


def samples(container):
    if container == "svg":
        return [DRAWING]
    if container == "pdf":
        return [document()]
    return [data for (kind, _), data in carriers.every_picture().items() if kind == container]


@st.composite
def damaged(draw, container):
    """Draw a file of a container with one to four faults."""
    data = draw(st.sampled_from(samples(container)))
    for _ in range(draw(st.integers(1, 4))):
        # Structure stands at the beginning and the end more than in between.
        at = draw(st.one_of(st.integers(0, min(400, len(data))), st.integers(0, len(data))))
        how = draw(st.sampled_from(["flip", "number", "cut", "drop", "repeat", "insert"]))
        size = draw(st.integers(1, 40))
        if how == "flip" and at < len(data):
            data = data[:at] + bytes((data[at] ^ draw(st.integers(1, 255)),)) + data[at + 1 :]
        elif how == "number":
            value = draw(NUMBERS)
            data = data[:at] + value + data[at + len(value) :]
        elif how == "cut":
            data = data[:at]
        elif how == "drop":
            data = data[:at] + data[at + size :]
        elif how == "repeat":
            data = data[:at] + data[at : at + size] * 2 + data[at + size :]
        else:
            data = data[:at] + draw(st.binary(max_size=20)) + data[at:]
    return data


@pytest.mark.parametrize("container", [*sorted(carriers.BUILDERS), "svg", "pdf"])
def test_damaged_file_is_stripped_or_refused(container):
    @FUZZED
    @given(damaged(container))
    def look(data):
        try:
            result = strip(data, accept=PICTURES | DOCUMENTS)
        except StrippingError as error:
            assert error.code
            assert not isinstance(error, StumbledError), error.__cause__
            return
        assert b"GPSLatitude" not in result.data
        assert b"+50.1534-005" not in result.data
        # What was damaged may need a second pass to become what stays as it is.
        again = strip(result.data, accept=PICTURES | DOCUMENTS).data
        assert strip(again, accept=PICTURES | DOCUMENTS).data == again

    look()
