"""The library's images as other rooms show them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.files.base import File

from core.extensions.pictures import Picture, Size, Source
from media.fields import strip_file
from media.models import SiteImage

WIDTH_ORDER = ("medium", "medium_large", "large")


class LibraryPictures:
    """Answers core.extensions.pictures from the image library."""

    def get_many(self, ids: Iterable[int]) -> Mapping[int, Picture]:
        wanted = set(ids)
        if not wanted:
            return {}
        rows = SiteImage.objects.filter(pk__in=wanted).values(
            "pk",
            "file",
            "width",
            "height",
            "description",
            "caption",
            "sizes",
            "alternatives",
            "is_decorative",
        )
        return {row["pk"]: picture_of(row) for row in rows}

    def attached_to(self, page_id: int) -> Sequence[int]:
        rows = SiteImage.objects.filter(attached_to_id=page_id).order_by("pk")
        return list(rows.values_list("pk", flat=True))

    def stripped(self, upload: "File[Any]") -> "File[Any]":
        return strip_file(upload)


def picture_of(row: Mapping[str, Any]) -> Picture:
    shown = shown_file(row)
    smaller = [row["sizes"][name] for name in WIDTH_ORDER if name in row["sizes"]]
    return Picture(
        id=row["pk"],
        url=f"{settings.MEDIA_URL}{shown['path']}",
        width=shown["width"],
        height=shown["height"],
        alt=row["description"],
        caption=row["caption"],
        srcset=srcset([*smaller, shown]) if smaller else "",
        sources=tuple(
            Source(f"image/{name}", srcset(row["alternatives"][name]))
            for name in settings.MEDIA_PICTURE_FORMATS
            if row["alternatives"].get(name)
        ),
        is_decorative=row["is_decorative"],
        sizes={
            name: Size(f"{settings.MEDIA_URL}{size['path']}", size["width"], size["height"])
            for name, size in row["sizes"].items()
        },
    )


def shown_file(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return path, width and height of the largest file that every browser shows."""
    if stand_in := row["alternatives"].get("jpeg"):
        largest: Mapping[str, Any] = stand_in[-1]
        return largest
    return {"path": row["file"], "width": row["width"], "height": row["height"]}


def srcset(sizes: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(f"{settings.MEDIA_URL}{size['path']} {size['width']}w" for size in sizes)
