"""Addresses of a former site that its paths do not tell: item numbers, and sizes of pictures."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from core.generations import PAGES, depend_on
from pages.visible import published
from wordpress.importing.media_files import UPLOADS
from wordpress.importing.redirects import paths_of
from wordpress.importing.texts import SCALED_IN_NAME, SIZE_IN_NAME
from wordpress.models import ImportedRecord, Kind

ITEM_NUMBERS = ("p", "page_id")
LONGEST_NUMBER = 18


def lead_on(get_response: Callable[[HttpRequest], HttpResponse]) -> (
    Callable[[HttpRequest], HttpResponse]
):  # fmt: skip
    """Middleware: lead `/?p=12` to its post or page, and an old picture's size to the picture.

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
    """Return the path of what was brought in with the number that a query names, and its rest.

    Numbers of this site's own are the first page's matter.
    """
    name = next((each for each in ITEM_NUMBERS if request.GET.get(each, "").isdecimal()), None)
    if name is None or "preview" in request.GET:
        return None
    number = request.GET[name]
    if not number.isascii() or len(number) > LONGEST_NUMBER:
        return None
    depend_on(PAGES)
    brought = ImportedRecord.objects.filter(kind__in=(Kind.POST, Kind.PAGE), key=str(int(number)))
    known = Page.objects.filter(pk__in=brought.values_list("target_id")[:1])
    public = published(known, "postpage", "standardpage")
    path = next(iter(paths_of(public.values_list("pk", flat=True)).values()), None)
    rest = {key: values for key, values in request.GET.lists() if key != name}
    return f"{path}?{urlencode(rest, doseq=True)}" if path and rest else path


def link_of_size(path: str) -> str | None:
    """Return where the picture is of which a path names a size that is not here."""
    plain = SIZE_IN_NAME.sub("", path)
    names = [Redirect.normalise_path(each) for each in (plain, SCALED_IN_NAME.sub("", plain))]
    found = Redirect.objects.filter(old_path__in=names).exclude(redirect_link="")
    return found.values_list("redirect_link", flat=True).first()
