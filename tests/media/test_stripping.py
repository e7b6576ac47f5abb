import io

import pytest
from PIL import Image, ImageCms

from media.stripping import Limits, StrippingError, strip
from tests.media.leaks import faults_of
from tests.media.pictures import (
    XMP,
    camera_jpeg,
    exif_block,
    plain_jpeg,
    segment,
    with_segments,
)


def test_strip_takes_out_every_place_and_no_pixel():
    original = camera_jpeg()

    assert faults_of(original, strip(original).data) == []


def test_strip_twice_equals_once():
    once = strip(camera_jpeg()).data

    assert strip(once).data == once


def test_strip_says_what_it_took_out():
    removed = {part.what for part in strip(camera_jpeg()).removed}

    assert {"location", "camera", "thumbnail", "comment", "pictures"} <= removed


def test_strip_keeps_orientation_and_credit():
    result = strip(camera_jpeg())

    with Image.open(io.BytesIO(result.data)) as image:
        tags = image.getexif()
    assert tags[0x0112] == 6
    assert tags[0x8298] == "Fernhill Tea & Clay"
    assert tags[0x013B] == "Maren"
    assert result.credit.credit == "Fernhill pictures"
    assert b"https://example.org/rights" in result.data


def test_strip_keeps_the_colour_profile_byte_for_byte():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG", icc_profile=profile)

    with Image.open(io.BytesIO(strip(out.getvalue()).data)) as image:
        assert image.info["icc_profile"] == profile


def test_strip_drops_a_profile_that_is_none():
    hidden = segment(0xE2, b"ICC_PROFILE\0\x01\x01" + b"secret place" * 20)

    result = strip(with_segments(plain_jpeg(), hidden))

    assert b"secret place" not in result.data


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_strip_leaves_pixels_of_every_kind_of_jpeg(mode, progressive):
    original = with_segments(
        plain_jpeg(mode=mode, progressive=progressive), segment(0xE1, exif_block())
    )

    assert faults_of(original, strip(original).data) == []


def test_strip_drops_a_damaged_exif_block_and_keeps_the_picture():
    original = with_segments(plain_jpeg(), segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f"))

    assert faults_of(original, strip(original).data) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 nothing", "unknown_type"),
        (b"/etc/passwd", "unknown_type"),
        (b"<html><svg></svg></html>", "unknown_type"),
        (b"PK\x03\x04" + b"\0" * 40, "unknown_type"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "unknown_type"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "damaged"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "damaged"),
        (b"GIF89a" + b"\0" * 20, "damaged"),
        (b"II*\0\x08\0\0\0\0\0", "damaged"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 20, "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "damaged"),
        (b"\xff\xd8\xff", "damaged"),
        (plain_jpeg()[:-200], "damaged"),
        (plain_jpeg()[:300], "damaged"),
    ],
)
def test_strip_refuses_what_it_cannot_walk_and_names_the_fault(data, code):
    with pytest.raises(StrippingError) as refused:
        strip(data)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(bytes=1000), "too_large"),
        (Limits(pixels=1000, scaled_pixels=1000), "too_many_pixels"),
        (Limits(parts=3), "too_many_parts"),
    ],
)
def test_strip_keeps_to_its_limits(limits, code):
    with pytest.raises(StrippingError) as refused:
        strip(plain_jpeg(), limits=limits)

    assert refused.value.code == code


def test_strip_caps_a_credit():
    long = b"<dc:rights><rdf:Alt><rdf:li>" + b"x" * 2900 + b"</rdf:li></rdf:Alt></dc:rights>"
    packet = XMP.replace(b"<dc:creator>", long + b"<dc:creator>")

    assert len(strip(with_segments(plain_jpeg(), segment(0xE1, packet))).credit.copyright) == 2000


def test_credit_with_markup_stays_text():
    packet = XMP.replace(b"Maren Okafor", b"&lt;script>alert(1)&lt;/script>")

    result = strip(with_segments(plain_jpeg(), segment(0xE1, packet)))

    assert b"<script>" not in result.data
    assert result.credit.creator == "<script>alert(1)</script>"
