"""WordPress's addresses by number: /?p=7 and /?page_id=7 lead to where a post or page is read."""

from django.http import Http404, HttpRequest
from wagtail.models import Page

from pages.models import HomePage, PolicyPage, PostPage, StandardPage
from pages.visible import published

NUMBERS = ("p", "page_id")


def asked_by_number(request: HttpRequest) -> str:
    """Return the path of the post or page that the query names by its number, "" where it does not.

    What is not published answers 404, as if it were not there.
    """
    asked = next((request.GET[name] for name in NUMBERS if request.GET.get(name)), "")
    if not asked or getattr(request, "is_preview", False):
        return ""
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise Http404
    pages = Page.objects.type(HomePage, PolicyPage, PostPage, StandardPage).filter(pk=int(asked))
    page = published(pages, "postpage", "standardpage").first()
    if page is None:
        raise Http404
    return str(page.specific.get_url(request) or "/")
