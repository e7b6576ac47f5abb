"""Old addresses of entries, which WordPress finds by a post's former slugs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from wagtail.contrib.redirects.models import Redirect

from wordpress.importing.survey import OLD_PATH, OLD_SLUG


def old_paths_among(keys: Sequence[int]) -> dict[int, list[str]]:
    """Return the paths that lead to these pages for good, in their order."""
    rows = Redirect.objects.filter(
        redirect_page_id__in=keys, is_permanent=True, redirect_page_route_path=""
    )
    found: dict[int, list[str]] = {}
    for key, path in rows.order_by("old_path").values_list("redirect_page_id", "old_path"):
        found.setdefault(key, []).append(path)
    return found


def with_old_paths(meta: Mapping[str, Any], paths: Iterable[str], path: str) -> dict[str, Any]:
    """Return custom fields that also tell the old paths of what is at `path` now, "" for nowhere.

    A path beside it is told as WordPress tells a former slug, any other in a field of our own.
    """
    beside = path.rstrip("/").rpartition("/")[0]
    kept = meta.get(OLD_SLUG, [])
    slugs, others = list(kept) if isinstance(kept, list) else [kept], []
    for old in paths:
        above, _, slug = old.rpartition("/")
        if beside and above == beside:
            slugs += [] if (told := quote(slug).lower()) in slugs else [told]
        else:
            others.append(old)
    more = {OLD_SLUG: slugs, OLD_PATH: others}
    return {**meta, **{key: values for key, values in more.items() if values}}
