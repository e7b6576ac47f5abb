"""Files made to hurt: bombs, loops, disguises. Each is refused with a named fault, or harmless."""

import io
import resource
import struct
import tracemalloc
import zlib

import numpy
import pikepdf
import pillow_heif
import pytest
from PIL import Image

from media.stripping import DOCUMENTS, PICTURES, Limits, StrippingError, strip
from tests.media import carriers
from tests.media.carriers import PLACE, box, chunk, plain_png, with_blocks, with_chunks
from tests.media.pictures import camera_jpeg, plain_jpeg, segment, with_segments

ZEROS = zlib.compress(bytes(8 * 1024 * 1024), 9)


def refusal(data, **options):
    with pytest.raises(StrippingError) as refused:
        strip(data, accept=PICTURES | DOCUMENTS, **options)
    assert refused.value.message
    return refused.value.code


def png_of(width, height, packed):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed)
            + chunk(b"IEND", b""))  # fmt: skip


def blank_rows(width, height):
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(bytes(width + 1)) for _ in range(height)) + packer.flush()


def tiff_of(entries, following=0, order="<"):
    directory = struct.pack(order + "H", len(entries)) + b"".join(
        struct.pack(order + "HHII", *entry) for entry in entries
    )
    return b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", following)


def pdf(**options):
    document = pikepdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def object_stream_bomb():
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(ZEROS)
    packed = zlib.compress(bytes(20 * 1024 * 1024), 9)
    return b"%PDF-1.5\n1 0 obj\n" + stream + b"\nstream\n" + packed + b"\nendstream\nendobj\n"


FEW_PARTS = Limits(parts=2_000, inflated=500_000)
ENTITIES = b"".join(
    b'<!ENTITY e%d "%s">' % (number, b"&e%d;" % (number - 1) * 10 if number else b"lol")
    for number in range(12)
)
AVIF = box(b"ftyp", b"avif\0\0\0\0avif")
OUTSIDE = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3">%s</svg>'


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: png_of(60_000, 60_000, ZEROS), "too_many_pixels"),
        (lambda: png_of(10, 10, ZEROS), "inflated_too_large"),
        (lambda: png_of(4000, 4000, zlib.compress(b"\0" * 1000)), "damaged"),
        (lambda: plain_png()[:-30], "damaged"),
        (lambda: with_chunks(plain_png(), chunk(b"zTXt", b"a\0\0" + ZEROS)), "inflated_too_large"),
        (lambda: with_chunks(plain_png(), chunk(b"iCCP", b"a\0\0" + ZEROS)), "inflated_too_large"),
        (lambda: with_chunks(plain_png(), *[chunk(b"tEXt", b"a\0b")] * 2_001), "too_many_parts"),
        (lambda: with_segments(plain_jpeg(), *[segment(0xFE, b"")] * 2_001), "too_many_parts"),
        (lambda: plain_jpeg().replace(struct.pack(">HH", 420, 640), b"\xff\xff\xff\xff"),
         "too_many_pixels"),
        (lambda: with_blocks(carriers.gif(), *[b"\x21\xfe\0"] * 2_001), "too_many_parts"),
        (lambda: b"GIF89a" + struct.pack("<HH", 65535, 65535) + bytes(3) + b"\x2c" + bytes(20),
         "too_many_pixels"),
        (lambda: tiff_of([(256, 4, 1, 10), (257, 4, 1, 10)] * 1500), "too_many_parts"),
        (lambda: tiff_of([(256, 4, 1, 10), (257, 4, 1, 10), (273, 4, 2**31, 8)]), "damaged"),
        (lambda: tiff_of([(256, 4, 1, 60_000), (257, 4, 1, 60_000)]), "too_many_pixels"),
        (lambda: tiff_of([(256, 4, 1, 10), (257, 4, 1, 10), (262, 3, 1, 32803)]), "raw_photo"),
        (lambda: tiff_of([(256, 4, 1, 10), (257, 4, 1, 10), (50706, 1, 4, 1)]), "raw_photo"),
        # As small as they are made, without a size and without a picture.
        (lambda: tiff_of([(50706, 1, 4, 1)]), "raw_photo"),
        (lambda: b"", "empty"),
        (lambda: AVIF + box(b"meta", bytes(4), *[box(b"free")] * 2_001), "too_many_parts"),
        (lambda: AVIF + nested(b"moov", 3000), "damaged"),
        (lambda: box(b"ftyp", b"heic\0\0\0\0heic") + box(b"moof"), "damaged"),
        (lambda: carriers.avif().replace(b"pitm\0\0\0\0\0\1", b"pitm\0\0\0\0\0\7"), "damaged"),
        (lambda: b"<!DOCTYPE svg [" + ENTITIES + b"]>" + SVG % b"<text>&e11;</text>", "unsafe"),
        (lambda: OUTSIDE + SVG % b"&x;", "unsafe"),
        (lambda: SVG % (b"<g>" * 5000 + b"</g>" * 5000), "too_many_parts"),
        (lambda: SVG % (b"<g/>" * 2_001), "too_many_parts"),
        (lambda: SVG % b"<path", "damaged"),
        (lambda: SVG.replace(b'"4"', b'"%s"' % (b"9" * 400)) % b"", "too_many_pixels"),
        (lambda: SVG.replace(b'"4"', b'"99999999999mm"') % b"", "too_many_pixels"),
        (lambda: SVG.replace(b'"4"', b'"5e400"') % b"", "too_many_pixels"),
        (lambda: SVG.replace(b'"4"', b'"4" viewBox="0,0,99999999999,5"') % b"", "too_many_pixels"),
        (lambda: SVG.replace(b'"4"', b'"0"') % b"", "damaged"),
        # As many readings as there are ways to divide what stands before the first element.
        (lambda: b"\n" * 20_000 + b"x", "unknown_type"),
        (lambda: b"<!--a-->" * 90 + b"x", "unknown_type"),
        (lambda: b"<?a?> \n" * 90 + b"x", "unknown_type"),
        (lambda: pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "encrypted"),
        (lambda: pdf(encryption=pikepdf.Encryption(owner="o", user="")), "encrypted"),
        (lambda: pdf()[:200], "damaged"),
        (object_stream_bomb, "inflated_too_large"),
        # Large JPEGs are scaled down while they are read, unless each scan adds to all of it.
        (lambda: sized_jpeg(16_320, 12_240, progressive=True), "too_many_pixels"),
        (lambda: sized_jpeg(20_000, 13_000), "too_many_pixels"),
    ],
)  # fmt: skip
def test_a_file_made_to_hurt_is_refused_and_its_fault_named(make, code):
    assert refusal(make(), limits=FEW_PARTS) == code


def sized_jpeg(width, height, **options):
    """Return a small JPEG whose header claims a size."""
    size = struct.pack(">HH", 420, 640)
    return plain_jpeg(**options).replace(size, struct.pack(">HH", height, width))


def test_photograph_of_200_megapixels_is_stripped():
    assert strip(sized_jpeg(16_320, 12_240)).width == 16_320


def test_picture_that_lies_in_no_box_is_refused():
    """What is written behind it would be read as a box around it."""
    data = carriers.every_picture()["heic", "EXIF and XMP"]
    at = data.index(b"mdat")

    assert refusal(data[: at - 4] + bytes((0, 16, 0, 0)) + b"none" + data[at + 4 :]) == "damaged"


def nested(kind, depth):
    whole = b""
    for _ in range(depth):
        whole = box(kind, whole)
    return whole


@pytest.mark.parametrize("container", ["jpeg", "png", "webp", "gif", "tiff", "avif", "heic"])
@pytest.mark.parametrize(
    ("limits", "codes"),
    [
        (Limits(bytes=30), {"too_large"}),
        (Limits(pixels=30, scaled_pixels=30), {"too_many_pixels"}),
        (Limits(frames=0), {"too_many_frames", ""}),
        (Limits(parts=1), {"too_many_parts", ""}),
    ],
)
def test_every_container_keeps_to_the_limits(container, limits, codes):
    data = next(data for (kind, _), data in carriers.every_picture().items() if kind == container)
    try:
        strip(data, limits=limits)
        code = ""
    except StrippingError as error:
        code = error.code

    assert code in codes


def test_a_tiff_whose_directories_go_in_circles_ends():
    data = tiff_of([(256, 4, 1, 2), (257, 4, 1, 2), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
                    (273, 4, 1, 150), (278, 4, 1, 2), (279, 4, 1, 4)], following=8)  # fmt: skip

    result = strip(data.ljust(200, b"\0"))

    assert result.frames == 1


@pytest.mark.parametrize("container", sorted(carriers.BUILDERS))
@pytest.mark.parametrize(
    "payload", [b"<script>alert(1)</script>", b"PK\x05\x06" + PLACE, b"%PDF-1.7"]
)
def test_nothing_rides_behind_a_picture(container, payload):
    data = next(data for (kind, _), data in carriers.every_picture().items() if kind == container)

    assert payload not in strip(data + payload).data


@pytest.mark.parametrize(
    "start",
    [b"\xff\xd8\xff", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"II*\0", b"%PDF-", b"RIFF\0\0\0\0WEBP",
     b"\0\0\0\x18ftypavif"],
)  # fmt: skip
def test_a_page_disguised_as_a_picture_is_refused(start):
    assert refusal(start + b"<html><script>alert(1)</script></html>" * 20)


def test_a_name_decides_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_bytes(camera_jpeg())

    assert refusal(b"secret") == "unknown_type"
    assert refusal(str(tmp_path / "secret").encode()) == "unknown_type"


# -- memory

NOISE = numpy.random.default_rng(5).integers(0, 256, (400, 600, 3), dtype=numpy.uint8)


def noisy(kind, **options):
    out = io.BytesIO()
    Image.fromarray(NOISE).save(out, kind, **options)
    return out.getvalue()


def large_heic():
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(NOISE)).save(out, quality=90)
    return out.getvalue()


def large_pdf():
    document = pikepdf.new()
    for _ in range(3):
        page = document.add_blank_page()
        page.obj.Picture = document.make_stream(
            noisy("JPEG", quality=95, comment=PLACE), Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        lambda: with_segments(noisy("JPEG", quality=95), segment(0xE1, bytes(60_000))),
        lambda: with_segments(noisy("JPEG", quality=95), trailer=bytes(3_000_000)),
        lambda: with_chunks(noisy("PNG", compress_level=1), chunk(b"zTXt", b"a\0\0" + bytes(9))),
        lambda: noisy("TIFF") + PLACE,
        lambda: noisy("WEBP", lossless=True, method=0, exif=carriers.exif_block()),
        lambda: noisy("GIF") + PLACE,
        lambda: noisy("AVIF", quality=90, speed=10),
        large_heic,
        large_pdf,
        lambda: SVG % (b'<g class="a"/>' * 9_000),
    ],
    ids=["jpeg", "jpeg trailer", "png", "tiff", "webp", "gif", "avif", "heic", "pdf", "svg"],
)
def test_memory_stays_within_three_times_the_file(make):
    data = make()
    tracemalloc.start()
    try:
        strip(data, accept=PICTURES | DOCUMENTS)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    # The file itself is the first of the three; small things of the interpreter come on top.
    assert peak + len(data) <= 3 * len(data) + 500_000


@pytest.mark.parametrize(
    "make",
    [lambda: png_of(20_000, 8_000, blank_rows(20_000, 8_000)), lambda: sized_jpeg(16_320, 12_240)],
)
def test_no_pixels_are_read_of_a_picture_that_is_small_when_packed(make):
    """A decoder's memory is seen by the system alone."""
    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    strip(data)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
