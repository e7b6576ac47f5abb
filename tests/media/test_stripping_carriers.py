"""Every carrier of every container: nothing of the place is left, and not one pixel changes."""

import io
import re

import pytest
from PIL import Image

from media.stripping import DOCUMENTS, strip
from tests.media import carriers
from tests.media.leaks import PLACE_TAGS, exiftool, faults_of, pixels

NAMES = sorted(carriers.every_picture())
WITH_EXIF = [
    ("jpeg", "everything"), ("jpeg", "little endian"), ("jpeg", "doubled header"),
    ("png", "eXIf"), ("png", "raw EXIF profile"), ("png", "raw APP1 profile"),
    ("webp", "EXIF and XMP"), ("webp", "EXIF without header"), ("tiff", "everything"),
    ("tiff", "big endian"), ("tiff", "BigTIFF"), ("avif", "in the file"),
    ("avif", "in the box"), ("heic", "EXIF and XMP"),
]  # fmt: skip
WITH_XMP = [
    ("jpeg", "everything"), ("jpeg", "extended XMP"), ("png", "XMP"), ("png", "packed XMP"),
    ("png", "raw XMP profile"), ("webp", "EXIF and XMP"), ("gif", "XMP"), ("tiff", "everything"),
    ("avif", "in the file"), ("heic", "EXIF and XMP"),
]  # fmt: skip
WITH_IPTC = [("jpeg", "everything"), ("png", "raw IPTC profile"), ("tiff", "everything")]
WITH_PROFILE = [("png", "name of the profile"), ("webp", "EXIF and XMP"), ("tiff", "everything"),
                ("avif", "EXIF, XMP and profile"), ("avif", "in the file")]  # fmt: skip

WITH_CAMERA = [("jpeg", "everything"), ("png", "eXIf"), ("webp", "EXIF and XMP"),
               ("tiff", "everything"), ("avif", "in the file"),
               ("heic", "EXIF and XMP")]  # fmt: skip


@pytest.fixture(scope="module")
def stripped():
    """Every picture, stripped once."""
    return {name: strip(data) for name, data in carriers.every_picture().items()}


@pytest.mark.parametrize("name", NAMES, ids=" ".join)
def test_nothing_of_the_place_is_left_and_no_pixel_changes(name, stripped):
    assert faults_of(carriers.every_picture()[name], stripped[name].data) == []


@pytest.mark.parametrize("name", NAMES, ids=" ".join)
def test_stripping_twice_equals_once(name, stripped):
    again = strip(stripped[name].data)

    assert again.data == stripped[name].data
    assert again.removed == ()
    assert again.credit == stripped[name].credit


@pytest.fixture(scope="module")
def seen(stripped, tmp_path_factory):
    """What exiftool sees in each stripped picture, asked once."""
    return seen_in({name: result.data for name, result in stripped.items()}, tmp_path_factory)


@pytest.fixture(scope="module")
def seen_with_camera(tmp_path_factory):
    return seen_in({name: strip(carriers.every_picture()[name], keep_camera=True).data
                    for name in WITH_CAMERA}, tmp_path_factory)  # fmt: skip


def seen_in(pictures, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stripped")
    names = {}
    for number, ((container, carrier), data) in enumerate(sorted(pictures.items())):
        path = folder / f"{number}.{container}"
        path.write_bytes(data)
        names[str(path)] = (container, carrier)
    found = exiftool(folder, "-n", *PLACE_TAGS, "-Orientation", "-Copyright", "-XMP:all",
                     "-IPTC:all", "-PNG:Author", "-Make", "-FocalLength", "-SerialNumber",
                     "-ImageWidth")  # fmt: skip
    return {names[path]: tags for path, tags in found.items()}


def test_container_is_told_by_content(stripped):
    assert {name: result.container for name, result in stripped.items()} == {
        name: name[0] for name in NAMES
    }


def test_exiftool_finds_no_place_in_any_of_them(seen):
    assert sorted(seen) == NAMES
    places = re.compile(
        ":(GPS.*|City|State|Country.*|Location.*|Sub-location|Province.*|.*TiePoint|Geo.*|Coverage"
        "|.*Coordinates)$"
    )
    assert [(name, tag) for name, tags in seen.items() for tag in tags
            if places.search(tag)] == []  # fmt: skip


@pytest.mark.parametrize("name", WITH_EXIF, ids=" ".join)
def test_orientation_and_copyright_are_kept(name, stripped, seen):
    assert seen[name]["IFD0:Orientation"] == 6
    assert seen[name]["IFD0:Copyright"] == "Fernhill Tea & Clay"
    assert stripped[name].credit.copyright == "Fernhill Tea & Clay"


@pytest.mark.parametrize("name", WITH_XMP, ids=" ".join)
def test_credit_in_xmp_is_kept_in_xmp(name, stripped, seen):
    assert seen[name]["XMP-dc:Creator"] == "Maren Okafor"
    assert seen[name]["XMP-xmpRights:WebStatement"] == "https://example.org/rights"
    assert stripped[name].credit.web_statement == "https://example.org/rights"


@pytest.mark.parametrize("name", WITH_IPTC, ids=" ".join)
def test_credit_in_iptc_is_kept_in_iptc(name, seen):
    records = {tag: value for tag, value in seen[name].items() if tag.startswith("IPTC")}

    assert records == {"IPTC:Credit": "Fernhill pictures"}


def test_credit_in_png_texts_is_kept(stripped, seen):
    found = seen["png", "texts"]

    assert (found["PNG:Author"], found["PNG:Copyright"]) == ("Maren", "© 茶")
    assert stripped["png", "texts"].credit.creator == "Maren"


@pytest.mark.parametrize("name", WITH_PROFILE, ids=" ".join)
def test_colour_profile_is_kept_byte_for_byte(name, stripped):
    with Image.open(io.BytesIO(stripped[name].data)) as image:
        assert image.info["icc_profile"] == carriers.PROFILE


def test_density_of_a_png_and_timing_of_animations_are_kept(stripped):
    with Image.open(io.BytesIO(stripped["png", "eXIf"].data)) as image:
        assert round(image.info["dpi"][0]) == 144
    for name in (("png", "animation"), ("gif", "animation"), ("avif", "sequence")):
        with Image.open(io.BytesIO(stripped[name].data)) as image:
            assert image.n_frames == 3
            image.seek(1)
            image.load()
            assert image.info["duration"] == 90
        assert stripped[name].frames == 3


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        (("jpeg", "second MPF frame"), {"pictures"}),
        (("jpeg", "AFCP trailer"), {"trailer"}),
        (("png", "eXIf"), {"location", "camera", "thumbnail"}),
        (("png", "texts"), {"description"}),
        (("webp", "EXIF and XMP"), {"location", "camera", "thumbnail", "description"}),
        (("gif", "comment"), {"comment"}),
        (("tiff", "everything"), {"location", "camera", "description", "other"}),
        (("avif", "in the file"), {"location", "camera", "thumbnail", "pictures"}),
        (("heic", "motion and trailer"), {"location", "pictures", "trailer"}),
    ],
)
def test_result_says_what_was_removed(name, kinds, stripped):
    removed = {part.what: part.bytes for part in stripped[name].removed}

    assert kinds <= set(removed)
    assert sum(removed.values()) > 0


@pytest.mark.parametrize("name", WITH_CAMERA, ids=" ".join)
def test_camera_is_kept_on_demand_and_a_place_or_a_serial_number_never(name, seen_with_camera):
    data = carriers.every_picture()[name]
    kept = strip(data, keep_camera=True).data

    assert seen_with_camera[name]["IFD0:Make"] == "Camera Works"
    assert not {tag for tag in seen_with_camera[name] if "GPS" in tag or "Serial" in tag}
    assert [each for each in faults_of(data, kept) if "Camera Works" not in each] == []
    assert strip(kept, keep_camera=True).data == kept


def test_pages_of_a_tiff_stay(stripped):
    assert stripped["tiff", "pages"].frames == 3
    assert len(pixels(stripped["tiff", "pages"].data)) == 3


def test_a_pdf_is_no_picture():
    assert not set(DOCUMENTS) & {name[0] for name in NAMES}
