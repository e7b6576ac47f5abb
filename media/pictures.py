"""The library's images as other rooms show them."""

from collections.abc import Iterable, Mapping

from django.conf import settings

from core.extensions.pictures import Picture
from media.models import SiteImage

WIDTH_ORDER = ("medium", "medium_large", "large")


class LibraryPictures:
    """Answers core.extensions.pictures from the image library."""

    def get_many(self, ids: Iterable[int]) -> Mapping[int, Picture]:
        wanted = set(ids)
        if not wanted:
            return {}
        rows = SiteImage.objects.filter(pk__in=wanted).values(
            "pk", "file", "width", "height", "description", "caption", "sizes"
        )
        return {row["pk"]: picture_of(row) for row in rows}


def picture_of(row: Mapping[str, object]) -> Picture:
    sizes = row["sizes"]
    assert isinstance(sizes, dict)  # noqa: S101  a JSON column whose only writer makes a mapping
    candidates = [
        f"{settings.MEDIA_URL}{sizes[name]['path']} {sizes[name]['width']}w"
        for name in WIDTH_ORDER
        if name in sizes
    ]
    url = f"{settings.MEDIA_URL}{row['file']}"
    if candidates:
        candidates.append(f"{url} {row['width']}w")
    return Picture(
        id=int(str(row["pk"])),
        url=url,
        width=int(str(row["width"])),
        height=int(str(row["height"])),
        alt=str(row["description"]),
        caption=str(row["caption"]),
        srcset=", ".join(candidates),
    )
