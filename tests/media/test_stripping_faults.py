"""Invariant 3: deliberately wrong strippers must be caught by the look at their output."""

import piexif
import pytest

from media.stripping import strip
from tests.media.leaks import faults_of
from tests.media.pictures import XMP, camera_jpeg, iptc, segment, with_segments

ORIGINAL = camera_jpeg()


def forgets_xmp(data):
    return with_segments(strip(data).data, segment(0xE1, XMP))


def forgets_iptc(data):
    return with_segments(strip(data).data, segment(0xED, iptc()))


def forgets_the_trailer(data):
    return strip(data).data + data[-60:]


def forgets_the_location_block(data):
    place = {piexif.GPSIFD.GPSLatitude: ((50, 1), (9, 1), (1, 1))}
    return with_segments(strip(data).data, segment(0xE1, piexif.dump({"GPS": place})))


def keeps_the_camera(data):
    block = piexif.dump({"0th": {piexif.ImageIFD.Make: b"Camera Works"}})
    return with_segments(strip(data).data, segment(0xE1, block))


def does_nothing(data):
    return data


@pytest.mark.parametrize(
    "wrong",
    [
        does_nothing,
        forgets_xmp,
        forgets_iptc,
        forgets_the_trailer,
        forgets_the_location_block,
        keeps_the_camera,
    ],
)
def test_wrong_stripper_is_caught(wrong):
    assert faults_of(ORIGINAL, strip(ORIGINAL).data) == []

    assert faults_of(ORIGINAL, wrong(ORIGINAL)) != []
