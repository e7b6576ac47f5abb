"""Pictures made for tests, with everything that a camera or a program may hide in them."""

import io
import struct
import zlib

import piexif
from PIL import Image

XMP = (
    b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF>"
    b"<rdf:Description exif:GPSLatitude='50,9.123N' photoshop:City='Port Ellery'>"
    b"<dc:creator><rdf:Seq><rdf:li>Maren Okafor</rdf:li></rdf:Seq></dc:creator>"
    b"<xmpRights:WebStatement>https://example.org/rights</xmpRights:WebStatement>"
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def plain_jpeg(size=(640, 420), *, mode="RGB", progressive=False):
    picture = Image.linear_gradient("L").resize(size).convert(mode)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, progressive=progressive)
    return out.getvalue()


def exif_block(*, gps=True, orientation=6, thumbnail=True):
    zeroth = {
        piexif.ImageIFD.Make: b"Camera Works",
        piexif.ImageIFD.Orientation: orientation,
        piexif.ImageIFD.Copyright: b"Fernhill Tea & Clay",
        piexif.ImageIFD.Artist: b"Maren",
    }
    place = {
        piexif.GPSIFD.GPSLatitudeRef: b"N",
        piexif.GPSIFD.GPSLatitude: ((50, 1), (9, 1), (1234, 100)),
        piexif.GPSIFD.GPSLongitudeRef: b"W",
        piexif.GPSIFD.GPSLongitude: ((5, 1), (4, 1), (777, 100)),
    }
    return piexif.dump(
        {
            "0th": zeroth,
            "Exif": {piexif.ExifIFD.BodySerialNumber: b"SERIAL-0815"},
            "GPS": place if gps else {},
            "1st": {} if not thumbnail else {piexif.ImageIFD.Make: b"Camera Works"},
            "thumbnail": plain_jpeg((80, 60)) if thumbnail else None,
        }
    )


def segment(marker, content):
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def iptc(city=b"Port Ellery", credit=b"Fernhill pictures"):
    records = b"".join(
        b"\x1c\x02" + bytes((number,)) + struct.pack(">H", len(value)) + value
        for number, value in ((90, city), (110, credit))
    )
    body = records + (b"\0" if len(records) % 2 else b"")
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + body


def with_segments(jpeg, *segments, trailer=b""):
    return jpeg[:2] + b"".join(segments) + jpeg[2:] + trailer


def camera_jpeg(size=(640, 420)):
    """Return a JPEG with every carrier of a place that a JPEG has."""
    return with_segments(
        plain_jpeg(size),
        segment(0xE1, exif_block()),
        segment(0xE1, XMP),
        segment(0xED, iptc()),
        segment(0xFE, b"taken at +50.1534-005.0688/"),
        segment(0xE2, b"MPF\0" + b"II*\0" + b"\x08\0\0\0" + b"\0" * 20),
        trailer=plain_jpeg((64, 48)) + b"MotionPhoto +50.1534-005.0688/",
    )


def pixels_of_noise():
    """Return a PNG whose chunks are whole and whose pixels cannot be inflated."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((640, 420)).save(out, "PNG")
    data = out.getvalue()
    at = data.index(b"IDAT") + 4
    length = int.from_bytes(data[at - 8 : at - 4], "big")
    body = b"\x78\x9c" + b"\xff" * (length - 2)
    crc = zlib.crc32(b"IDAT" + body).to_bytes(4, "big")
    return data[:at] + body + crc + data[at + length + 4 :]
