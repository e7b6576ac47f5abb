"""A picture of each container for each carrier of a place, made once and kept."""

import functools
import io
import struct
import zlib

import pillow_heif
from PIL import Image, ImageCms, TiffImagePlugin

from tests.media.leaks import LATITUDE, LONGITUDE
from tests.media.pictures import (
    XMP,
    camera_jpeg,
    exif_block,
    iptc,
    plain_jpeg,
    segment,
    with_segments,
)

XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
PACKET = XMP.removeprefix(XMP_HEADER)
TIFF_BLOCK = exif_block().removeprefix(b"Exif\0\0")
PLACE = b"taken at +50.1534-005.0688/ in Port Ellery"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def little_endian_block():
    """Return a TIFF block in Intel's byte order, as most phones write it."""
    exif = Image.Exif()
    exif[0x010F] = "Camera Works"
    exif[0x0112] = 6
    exif[0x8298] = "Fernhill Tea & Clay"
    exif.get_ifd(0x8825).update({1: "N", 2: tuple(a / b for a, b in LATITUDE)})
    block = exif.tobytes().removeprefix(b"Exif\0\0")
    # Pillow reduces fractions; the place is written anew as a phone writes it.
    place = b"".join(struct.pack("<II", *pair) for pair in LATITUDE)
    at = block.find(struct.pack("<I", 50) + struct.pack("<I", 1))
    return block[:at] + place + block[at + len(place) :]


# -- JPEG


def jpegs():
    plain = plain_jpeg((96, 64))
    thumbnail = with_segments(plain_jpeg((40, 30)), segment(0xE1, exif_block(thumbnail=False)))
    extended = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + struct.pack(">II", 900, 0)
    second = with_segments(plain_jpeg((48, 32)), segment(0xE1, exif_block()))
    return {
        "everything": camera_jpeg(),
        "little endian": with_segments(plain, segment(0xE1, b"Exif\0\0" + little_endian_block())),
        "doubled header": with_segments(plain, segment(0xE1, b"Exif\0\0" + exif_block())),
        "two blocks": with_segments(plain, *[segment(0xE1, exif_block())] * 2),
        "behind the tables": plain[:-2] + segment(0xE1, exif_block()) + plain[-2:],
        "extended XMP": with_segments(plain, segment(0xE1, extended + PACKET)),
        "thumbnail with a place": with_segments(
            plain, segment(0xE1, exif_block().replace(plain_jpeg((80, 60)), thumbnail))
        ),
        "JFIF thumbnail": with_segments(plain, segment(0xE0, b"JFXX\0\x10" + thumbnail)),
        "second MPF frame": with_segments(
            plain, segment(0xE2, b"MPF\0II*\0\x08\0\0\0" + bytes(20)), trailer=second
        ),
        "thermal, drone and vendor blocks": with_segments(
            plain, segment(0xE1, b"FLIR\0" + PLACE), segment(0xE4, PLACE), segment(0xE5, PLACE),
            segment(0xEF, PLACE), segment(0xE2, b"FPXR\0" + PLACE),
        ),
        "two IPTC segments": with_segments(plain, segment(0xED, iptc()), segment(0xED, iptc())),
        "AFCP trailer": with_segments(plain, trailer=b"AXS!" + PLACE + b"AXS*" + bytes(8)),
        "junk between segments": plain[:20] + PLACE + b"\0" + plain[20:],
        "polyglot zip": with_segments(plain, trailer=b"PK\x03\x04" + PLACE),
    }  # fmt: skip


# -- PNG


def chunk(name, content):
    return (
        struct.pack(">I", len(content)) + name + content
        + struct.pack(">I", zlib.crc32(name + content))
    )  # fmt: skip


def plain_png(mode="RGB", **options):
    out = io.BytesIO()
    picture = Image.linear_gradient("L").resize((60, 40)).convert(mode)
    picture.save(out, "PNG", dpi=(144, 144), **options)
    return out.getvalue()


def with_chunks(png, *chunks, behind=b"", trailer=b""):
    return png[:33] + b"".join(chunks) + png[33:-12] + behind + png[-12:] + trailer


def raw_profile(kind, block):
    text = f"\n{kind}\n{len(block):8}\n".encode() + block.hex().encode() + b"\n"
    return chunk(b"zTXt", f"Raw profile type {kind}".encode() + b"\0\0" + zlib.compress(text))


def apng():
    out = io.BytesIO()
    frames = [Image.new("RGBA", (30, 20), colour) for colour in ("teal", "red", "navy")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:], duration=90)
    return out.getvalue()


def pngs():
    plain = plain_png()
    xmp = b"XML:com.adobe.xmp\0"
    return {
        "eXIf": with_chunks(plain, chunk(b"eXIf", TIFF_BLOCK)),
        "eXIf behind the picture": with_chunks(plain, behind=chunk(b"eXIf", TIFF_BLOCK)),
        "XMP": with_chunks(plain, chunk(b"iTXt", xmp + b"\0\0\0\0" + PACKET)),
        "packed XMP": with_chunks(plain, chunk(b"iTXt", xmp + b"\1\0\0\0" + zlib.compress(PACKET))),
        "texts": with_chunks(
            plain, chunk(b"tEXt", b"Description\0" + PLACE), chunk(b"tEXt", b"Author\0Maren"),
            chunk(b"zTXt", b"Comment\0\0" + zlib.compress(PLACE)),
            chunk(b"iTXt", b"Copyright\0\0\0\0\0" + "© 茶".encode()),
        ),
        "raw EXIF profile": with_chunks(plain, raw_profile("exif", b"Exif\0\0" + TIFF_BLOCK)),
        "raw APP1 profile": with_chunks(plain, raw_profile("APP1", b"Exif\0\0" + TIFF_BLOCK)),
        "raw XMP profile": with_chunks(plain, raw_profile("xmp", PACKET)),
        "raw IPTC profile": with_chunks(
            plain, raw_profile("iptc", iptc().removeprefix(b"Photoshop 3.0\0"))
        ),
        "private chunk, time and trailer": with_chunks(
            plain, chunk(b"prVt", PLACE), chunk(b"tIME", bytes(7)), trailer=PLACE
        ),
        "name of the profile": with_chunks(
            plain, chunk(b"iCCP", b"Port Ellery\0\0" + zlib.compress(PROFILE) + PLACE)
        ),
        "behind the packed picture": hidden_in_idat(plain),
        "animation": with_chunks(apng(), chunk(b"eXIf", TIFF_BLOCK), behind=chunk(b"tEXt", PLACE)),
        "palette": with_chunks(plain_png("P"), chunk(b"eXIf", TIFF_BLOCK)),
        "interlaced grey": with_chunks(plain_png("L"), chunk(b"tEXt", b"Location\0" + PLACE)),
    }  # fmt: skip


def hidden_in_idat(png):
    at = png.find(b"IDAT")
    size = int.from_bytes(png[at - 4 : at], "big")
    return png[: at - 4] + chunk(b"IDAT", png[at + 4 : at + 4 + size] + PLACE) + png[-12:]


# -- WebP


def riff(name, content):
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def webp(**options):
    out = io.BytesIO()
    frames = [Image.new("RGB", (32, 24), colour) for colour in ("teal", "red")]
    many = {"save_all": True, "append_images": frames[1:]} if options.pop("animated", False) else {}
    frames[0].save(out, "WEBP", lossless=True, **many, **options)
    return out.getvalue()


def with_riff(data, *chunks, trailer=b""):
    body = data[8:] + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body + trailer


def webps():
    rich = webp(exif=exif_block(), xmp=PACKET, icc_profile=PROFILE)
    animated = webp(animated=True, exif=exif_block(), xmp=PACKET)
    at = animated.find(b"ANMF")
    size = int.from_bytes(animated[at + 4 : at + 8], "little")
    frame = animated[at + 8 : at + 8 + size] + riff(b"junk", PLACE)
    inner = animated[8:at] + riff(b"ANMF", frame) + animated[at + 8 + size + size % 2 :]
    return {
        "EXIF and XMP": rich,
        "EXIF without header": webp(exif=exif_block(), icc_profile=PROFILE).replace(
            b"Exif\0\0MM", b"MM" + bytes(6)
        ),
        "doubled header": webp(exif=b"Exif\0\0" + exif_block()),
        "unknown chunk and trailer": with_riff(rich, riff(b"GEO ", PLACE), trailer=PLACE),
        "simple form with a stray chunk": with_riff(webp(), riff(b"EXIF", TIFF_BLOCK)),
        "animation": animated,
        "within a frame": b"RIFF" + struct.pack("<I", len(inner)) + inner,
    }


# -- GIF

MAGIC = b"\x01" + bytes(range(255, -1, -1)) + b"\0"


def gif(frames=1):
    out = io.BytesIO()
    pictures = [Image.new("P", (30, 20), number) for number in range(frames)]
    for picture in pictures:
        picture.putpalette(bytes(range(48)) * 16)
    many = {"save_all": True, "append_images": pictures[1:], "duration": 90, "loop": 0}
    pictures[0].save(out, "GIF", **(many if frames > 1 else {}))
    return out.getvalue()


def with_blocks(data, *blocks, trailer=b""):
    return data[:-1] + b"".join(blocks) + b";" + trailer


def sub_blocks(content):
    return b"".join(bytes((len(content[at : at + 255]),)) + content[at : at + 255]
                    for at in range(0, len(content), 255)) + b"\0"  # fmt: skip


def gifs():
    xmp = b"\x21\xff\x0bXMP DataXMP" + PACKET + MAGIC
    return {
        "comment": with_blocks(gif(), b"\x21\xfe" + sub_blocks(PLACE)),
        "XMP": with_blocks(gif(), xmp),
        "plain text": with_blocks(gif(), b"\x21\x01\x0c" + bytes(12) + sub_blocks(PLACE)),
        "application": with_blocks(gif(), b"\x21\xff\x0bPLACEAPP1.0" + sub_blocks(PLACE)),
        "trailer": with_blocks(gif(), trailer=PLACE),
        "animation": with_blocks(gif(3), xmp, b"\x21\xfe" + sub_blocks(PLACE)),
        "behind the loop": gif(3).replace(
            b"NETSCAPE2.0\x03\x01\0\0\0",
            b"NETSCAPE2.0\x03\x01\0\0" + sub_blocks(PLACE),
        ),
    }


# -- TIFF


def tiff(mode="RGB", *, extra=True, pages=1, **options):
    out = io.BytesIO()
    pictures = [Image.linear_gradient("L").resize((60, 40)).rotate(90 * number).convert("L")
                for number in range(pages)]  # fmt: skip
    pictures = [picture.convert(mode) if mode != "I;16B" else picture.convert("I").convert("I;16B")
                for picture in pictures]  # fmt: skip
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[274] = 6
    tags[33432] = "Fernhill Tea & Clay"
    tags[282], tags[283], tags[296] = 144.0, 144.0, 2
    if extra:
        tags[270] = PLACE.decode()
        tags[271] = "Camera Works"
        tags[34665] = {0xA431: "SERIAL-0815", 0x920A: 50.0}
        tags[34853] = {
            2: tuple(TiffImagePlugin.IFDRational(*pair) for pair in LATITUDE),
            4: tuple(TiffImagePlugin.IFDRational(*pair) for pair in LONGITUDE),
        }
        for tag, content in ((700, PACKET), (34377, iptc().removeprefix(b"Photoshop 3.0\0"))):
            tags.tagtype[tag] = 1
            tags[tag] = content
        tags.tagtype[33922] = 12
        tags[33922] = (0.0, 0.0, 0.0, 50.1534, -5.0688, 0.0)
        tags.tagtype[34737] = 2
        tags[34737] = "Port Ellery grid"
        tags.tagtype[65000] = 7
        tags[65000] = PLACE
    many = {"save_all": True, "append_images": pictures[1:]} if pages > 1 else {}
    pictures[0].save(out, "TIFF", tiffinfo=tags, **many, **options)
    return out.getvalue()


def tiff_of_jpegs():
    """Return a TIFF whose only strip is a JPEG that hides a place."""
    strip = with_segments(plain_jpeg((60, 40)), segment(0xE1, exif_block()), segment(0xFE, PLACE))
    entries = [(256, 3, 1, 60), (257, 3, 1, 40), (258, 3, 1, 8), (259, 3, 1, 7), (262, 3, 1, 6),
               (273, 4, 1, 8), (277, 3, 1, 3), (278, 3, 1, 40), (279, 4, 1, len(strip)),
               (530, 3, 2, 2 | 2 << 16)]  # fmt: skip
    directory = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", *entry) for entry in entries
    )
    at = 8 + len(strip) + len(strip) % 2
    body = strip + b"\0" * (len(strip) % 2)
    return b"II*\0" + struct.pack("<I", at) + body + directory + bytes(4) + PLACE


def tiffs():
    return {
        "everything": tiff(icc_profile=PROFILE),
        "packed": tiff(extra=False, compression="tiff_lzw") + PLACE,
        "big endian": tiff("I;16B"),
        "pages": tiff(pages=3),
        "BigTIFF": tiff(big_tiff=True),
        "bytes that nothing names": tiff(extra=False) + PLACE + TIFF_BLOCK,
        "JPEG within": tiff_of_jpegs(),
    }


# -- HEIC and AVIF


def box(kind, *content):
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + kind + body


@functools.cache
def avif_parts():
    """Return the properties and the coded picture of a small AVIF."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((64, 64)).convert("RGB").save(out, "AVIF", speed=10)
    data = out.getvalue()

    def found(kind):
        at = data.find(kind) - 4
        return data[at : at + int.from_bytes(data[at : at + 4], "big")]

    at = data.find(b"mdat")
    size = int.from_bytes(data[at - 4 : at], "big")
    return found(b"ispe"), found(b"pixi"), found(b"av1C"), data[at + 4 : at - 4 + size]


def assembled_avif(*, method=0, brand=b"avif", extents=1):
    """Return an AVIF put together by hand: EXIF and XMP by either method of construction.

    It has a thumbnail, a description among its properties, and a video behind the picture.
    """
    ispe, pixi, av1c, picture = avif_parts()
    exif = b"\0\0\0\6Exif\0\0" + TIFF_BLOCK
    described = box(b"udes", bytes(4), b"en\0", PLACE, b"\0\0")
    profile = box(b"colr", b"prof", PROFILE)
    properties = box(b"ipco", ispe, pixi, av1c, profile, described)
    linked = [(1, (1, 2, 0x83, 4, 5)), (4, (1, 2, 0x83))]
    ipma = box(b"ipma", bytes(4), struct.pack(">I", len(linked)), *(
        struct.pack(">HB", item, len(numbers)) + bytes(numbers) for item, numbers in linked
    ))  # fmt: skip
    infos = [(1, b"av01", b"Port Ellery\0"), (2, b"Exif", b"\0"),
             (3, b"mime", b"\0application/rdf+xml\0"), (4, b"av01", b"\0")]  # fmt: skip
    iinf = box(b"iinf", bytes(4), struct.pack(">H", len(infos)), *(
        box(b"infe", b"\2\0\0\0", struct.pack(">HH", item, 0), kind, words)
        for item, kind, words in infos
    ))  # fmt: skip
    iref = box(b"iref", bytes(4), box(b"thmb", struct.pack(">HHH", 4, 1, 1)),
               box(b"cdsc", struct.pack(">HHH", 2, 1, 1)))  # fmt: skip
    idat = box(b"idat", exif, PACKET) if method else b""
    handler = box(b"hdlr", bytes(8), b"pict", bytes(12), b"Port Ellery\0")
    ftyp = box(b"ftyp", brand, bytes(4), brand, b"mif1miaf")

    def meta(start):
        places = {1: (0, start, len(picture))}
        places[4] = (0, start, len(picture))
        if method:
            places[2], places[3] = (1, 0, len(exif)), (1, len(exif), len(PACKET))
        else:
            places[2] = (0, start + len(picture), len(exif))
            places[3] = (0, start + len(picture) + len(exif), len(PACKET))
        rows = b""
        for item, (how, at, size) in sorted(places.items()):
            parts = extents if item in {2, 3} else 1
            step = size // parts
            sizes = [step] * (parts - 1) + [size - step * (parts - 1)]
            rows += struct.pack(">HHHH", item, how, 0, parts)
            for number, length in enumerate(sizes):
                rows += struct.pack(">II", at + step * number, length)
        iloc = box(b"iloc", b"\1\0\0\0", b"\x44\0", struct.pack(">H", len(places)), rows)
        return box(b"meta", bytes(4), handler, box(b"pitm", bytes(4), b"\0\1"), iloc, iinf, iref,
                   box(b"iprp", properties, ipma), idat)  # fmt: skip

    start = len(ftyp) + len(meta(0)) + 8
    media = picture if method else picture + exif + PACKET
    video = box(b"mpvd", b"MotionPhoto " + PLACE) + box(b"uuid", bytes(16), PLACE)
    return ftyp + meta(start) + box(b"mdat", media, b"" if method else b"\0" * 3) + video


def avif(*, animated=False, **options):
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("teal", "red", "navy")]
    many = {"save_all": True, "append_images": frames[1:], "duration": 90} if animated else {}
    # Pillow's encoder crashes on a sequence that is turned.
    exif = exif_block(orientation=1 if animated else 6)
    frames[0].save(out, "AVIF", speed=10, exif=exif, xmp=PACKET, **many, **options)
    return out.getvalue()


def with_user_data(data):
    """Return a sequence whose movie has the place that phones write beside a film."""
    at = data.find(b"moov") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    place = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", 20, 0), b"+50.1534-005.0688/"))
    grown = struct.pack(">I", size + len(place)) + data[at + 4 : at + size] + place
    moved = data[:at] + grown + data[at + size :]
    # Frames lie behind the movie: their places move with them.
    found = moved.find(b"stco")
    while found >= 0:
        count = int.from_bytes(moved[found + 8 : found + 12], "big")
        numbers = struct.unpack_from(f">{count}I", moved, found + 12)
        shifted = struct.pack(f">{count}I", *(number + len(place) for number in numbers))
        moved = moved[: found + 12] + shifted + moved[found + 12 + 4 * count :]
        found = moved.find(b"stco", found + 4)
    return shift_items(moved, at + size, len(place))


def shift_items(data, behind, by):
    """Move the places of items that lie behind an offset (iloc, version 0, four bytes)."""
    found = data.find(b"iloc")
    while found >= 0:
        at = found + 12
        for _ in range(int.from_bytes(data[found + 10 : found + 12], "big")):
            extents = int.from_bytes(data[at + 4 : at + 6], "big")
            at += 6
            for _ in range(extents):
                offset = int.from_bytes(data[at : at + 4], "big")
                if offset >= behind:
                    data = data[:at] + struct.pack(">I", offset + by) + data[at + 4 :]
                at += 8
        found = data.find(b"iloc", found + 4)
    return data


def avifs():
    return {
        "EXIF, XMP and profile": avif(icc_profile=PROFILE),
        "in the file": assembled_avif(),
        "in the box": assembled_avif(method=1),
        "in pieces": assembled_avif(extents=3),
        "sequence": avif(animated=True),
        "sequence with a place beside it": with_user_data(avif(animated=True)),
    }


def heics():
    out = io.BytesIO()
    picture = Image.linear_gradient("L").resize((64, 48)).convert("RGB")
    heif = pillow_heif.from_pillow(picture)
    heif.save(out, exif=exif_block(), xmp=PACKET, quality=60)
    data = out.getvalue()
    return {
        "EXIF and XMP": data,
        "motion and trailer": data + box(b"mpvd", b"MotionPhoto" + PLACE) + b"SEFH" + PLACE,
    }


BUILDERS = {
    "jpeg": jpegs, "png": pngs, "webp": webps, "gif": gifs, "tiff": tiffs, "avif": avifs,
    "heic": heics,
}  # fmt: skip


@functools.cache
def every_picture():
    """Return all pictures as {(container, carrier): bytes}."""
    return {
        (container, carrier): data
        for container, build in BUILDERS.items()
        for carrier, data in build().items()
    }
