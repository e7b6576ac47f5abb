"""Telling a container by its first bytes, never by a name."""

import re

AVIF_BRANDS = frozenset({b"avif", b"avis"})
HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2",
     b"msf1", b"miaf", b"jpeg", b"avci", b"j2ki", b"vvic"}
)  # fmt: skip
VIDEO_BRANDS = frozenset({b"qt  ", b"mp41", b"mp42", b"M4V ", b"M4A ", b"3gp4", b"3gp5", b"crx "})
TIFF_HEADERS = frozenset({b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"})
# What each container is called on the web and by file names; the first name is the usual one.
MIME_TYPES = {
    "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif",
    "tiff": "image/tiff", "heic": "image/heic", "avif": "image/avif", "svg": "image/svg+xml",
    "pdf": "application/pdf",
}  # fmt: skip
EXTENSIONS = {
    "jpeg": (".jpg", ".jpeg", ".jpe"), "png": (".png", ".apng"), "webp": (".webp",),
    "gif": (".gif",), "tiff": (".tif", ".tiff"), "heic": (".heic", ".heif", ".hif"),
    "avif": (".avif", ".avifs"), "svg": (".svg",), "pdf": (".pdf",),
}  # fmt: skip
# What may stand before the first element of an SVG; anything else first is no SVG.
SVG_START = re.compile(
    # Atomic groups: of what stood once as white space or comment, no other reading is tried.
    rb"(?:\xef\xbb\xbf)?(?>\s++|<\?xml[^>]{0,200}\?>|<!--.{0,8000}?-->|<\?[^>]{0,400}\?>"
    rb"|<!DOCTYPE\s+svg[^\[>]{0,300}(?:\[.{0,8000}?\]\s*)?>){0,100}+<(?:svg:)?svg[\s>/]",
    re.DOTALL,
)


def sniff(data: bytes) -> str:
    """Return the container's name, or "" for bytes that are none we know."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return "gif"
    if data[:4] in TIFF_HEADERS:
        return "tiff"
    if data[4:8] == b"ftyp":
        return sniff_brands(data)
    if data.startswith(b"%PDF-"):
        return "pdf"
    if SVG_START.match(data[:32_768]):
        return "svg"
    return ""


def sniff_brands(data: bytes) -> str:
    end = min(int.from_bytes(data[:4], "big"), 512)
    major = data[8:12]
    brands = {major} | {data[at : at + 4] for at in range(16, end - 3, 4)}
    if major in VIDEO_BRANDS:
        return ""
    if brands & AVIF_BRANDS:
        return "avif"
    return "heic" if brands & HEIC_BRANDS else ""
