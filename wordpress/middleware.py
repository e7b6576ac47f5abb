"""Addresses of a former site that its paths do not tell: item numbers, and sizes of pictures."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from core.generations import PAGES, depend_on
from pages.permalinks import NUMBERS
from pages.visible import published
from wordpress.importing.media_files import UPLOADS
from wordpress.importing.texts import SCALED_IN_NAME, SIZE_IN_NAME
from wordpress.models import ImportedRecord, Kind

LONGEST_NUMBER = 18


def lead_on(get_response: Callable[[HttpRequest], HttpResponse]) -> (
    Callable[[HttpRequest], HttpResponse]
):  # fmt: skip
    """Middleware: lead `/?p=12` to a post that has another number here, and an old picture's size
    to the picture.

    Only what everybody may read is led to: whoever tries numbers learns of nothing else.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return get_response(request)
        if request.path == "/" and (path := path_of_item(request)):
            return HttpResponsePermanentRedirect(path)
        response = get_response(request)
        if response.status_code == 404 and request.path.startswith(UPLOADS):
            link = link_of_size(request.path)
            return HttpResponsePermanentRedirect(link) if link else response
        return response

    return middleware


def path_of_item(request: HttpRequest) -> str | None:
    """Return the path of the item that had a number there, where it has another one here.

    Who kept its number is found by pages.permalinks.
    """
    asked = next((request.GET[name] for name in NUMBERS if request.GET.get(name)), "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_NUMBER):
        return None
    depend_on(PAGES)
    brought = ImportedRecord.objects.filter(kind__in=(Kind.POST, Kind.PAGE), key=str(int(asked)))
    moved = brought.exclude(target_id=int(asked)).values("target_id")[:1]
    page = published(Page.objects.filter(pk__in=moved), "postpage", "standardpage").first()
    return str(page.specific.get_url(request) or "/") if page is not None else None


def link_of_size(path: str) -> str | None:
    """Return where the picture is of which a path names a size that is not here."""
    plain = SIZE_IN_NAME.sub("", path)
    names = [Redirect.normalise_path(each) for each in (plain, SCALED_IN_NAME.sub("", plain))]
    found = Redirect.objects.filter(old_path__in=names).exclude(redirect_link="")
    return found.values_list("redirect_link", flat=True).first()
