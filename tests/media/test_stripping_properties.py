from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media.stripping import StrippingError, strip
from tests.media.leaks import faults_of
from tests.media.pictures import camera_jpeg, plain_jpeg, segment, with_segments

CAMERA = camera_jpeg()
PLAIN = plain_jpeg((64, 48))
MARK = b"PLANTED-MARK-5015"
hidden = st.builds(
    lambda marker, head, tail: segment(marker, head + MARK + tail),
    st.sampled_from([0xE0, 0xE1, 0xE2, 0xE3, 0xE5, 0xEB, 0xEC, 0xED, 0xEE, 0xEF, 0xFE]),
    st.sampled_from([b"", b"Exif\0\0", b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0", b"MPF\0",
                     b"Photoshop 3.0\0", b"http://ns.adobe.com/xap/1.0/\0", b"Adobe\0\0\0\0\0\0\0",
                     b"ICC_PROFILE\0\x01\x01", b"FLIR\0"]),
    st.binary(max_size=200),
)  # fmt: skip
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(st.lists(hidden, max_size=5), st.binary(max_size=300))
def test_no_mark_hidden_in_any_segment_or_trailer_is_left(segments, trailer):
    original = with_segments(PLAIN, *segments, trailer=trailer + MARK)

    stripped = strip(original).data

    assert MARK not in stripped
    assert faults_of(original, stripped) == []
    assert strip(stripped).data == stripped


@slow
@given(st.integers(min_value=0, max_value=len(CAMERA) - 1), st.integers(1, 255))
def test_flipped_byte_is_refused_or_leaves_no_place(at, change):
    damaged = CAMERA[:at] + bytes((CAMERA[at] ^ change,)) + CAMERA[at + 1 :]

    try:
        stripped = strip(damaged).data
    except StrippingError:
        return

    assert b"GPSLatitude" not in stripped
    assert b"+50.1534" not in stripped


@slow
@given(st.integers(min_value=0, max_value=len(CAMERA)))
def test_cut_off_picture_is_refused_or_clean(length):
    try:
        stripped = strip(CAMERA[:length]).data
    except StrippingError:
        return

    assert b"GPSLatitude" not in stripped


@slow
@given(st.binary(max_size=400))
def test_arbitrary_bytes_raise_nothing_but_a_stripping_error(data):
    for candidate in (data, b"\xff\xd8\xff" + data):
        try:
            strip(candidate)
        except StrippingError as error:
            assert error.code
