"""Old addresses: they lead to where their content is now."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from comments.write_lock import write_transaction
from pages.links import dated_path, site_zone
from pages.models import PostPage
from wordpress.importing.attachments import old_path
from wordpress.models import ImportedRecord, Kind, Source

AT_A_TIME = 500
LONGEST_PATH = 255


def paths_of(keys: Iterable[int]) -> dict[int, str]:
    """Return the paths at which pages are read; of posts by date, of others by their place."""
    wanted = list(keys)
    zone = site_zone()
    posts = PostPage.objects.filter(pk__in=wanted)
    found = {
        pk: dated_path(at, slug, locale, zone)
        for pk, at, slug, locale in posts.values_list("pk", "published_at", "slug", "locale_id")
    }
    for page in Page.objects.filter(pk__in=[key for key in wanted if key not in found]):
        parts = page.get_url_parts()
        if parts is not None:
            found[page.pk] = parts[2]
    return found


def redirect_items(source: Source, by_path: Mapping[str, int]) -> int:
    """Redirect the old paths of items whose address is another now; return how many. Idempotent."""
    made = 0
    pairs = sorted(by_path.items())
    for at in range(0, len(pairs), AT_A_TIME):
        some = dict(pairs[at : at + AT_A_TIME])
        rows = ImportedRecord.objects.filter(
            source=source, kind__in=(Kind.POST, Kind.PAGE), key__in=map(str, some.values())
        )
        pages = {int(key): target for key, target in rows.values_list("key", "target_id")}
        here = paths_of(pages.values())
        wanted = {
            path: Redirect(redirect_page_id=pages[number])
            for path, number in some.items()
            if number in pages and here.get(pages[number]) not in {None, path}
        }
        made += add(wanted)
    return made


def redirect_files(source: Source, links: Mapping[int, str]) -> int:
    """Redirect the old paths of files; `links` has their addresses here by number there."""
    rows = ImportedRecord.objects.filter(source=source, kind__in=(Kind.IMAGE, Kind.DOCUMENT))
    made, wanted = 0, {}
    for row in rows.iterator():
        if (path := old_path(row)) and (link := links.get(int(row.key))):
            wanted[path] = Redirect(redirect_link=link)
        if len(wanted) >= AT_A_TIME:
            made, wanted = made + add(wanted), {}
    return made + add(wanted)


def add(wanted: Mapping[str, Redirect]) -> int:
    """Add redirects from paths that have none; what editors made stays."""
    rows = {}
    for path, redirect in wanted.items():
        redirect.old_path = Redirect.normalise_path(path)
        if len(redirect.old_path) <= LONGEST_PATH:
            rows[redirect.old_path] = redirect
    taken = Redirect.objects.filter(old_path__in=list(rows)).values_list("old_path", flat=True)
    new = [redirect for path, redirect in rows.items() if path not in set(taken)]
    with write_transaction():
        Redirect.objects.bulk_create(new)
    return len(new)


def own_path(address: str) -> str:
    """Return an address of this site as a path."""
    return address.removeprefix(settings.SITE_URL)
