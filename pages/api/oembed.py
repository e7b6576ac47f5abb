"""oembed/1.0: what another site shows of a post or page where it is linked, without a frame."""

from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape as escape_xml

from django.conf import settings
from django.http import HttpResponse

from core.extensions.people import capabilities, public_authors
from core.extensions.site import site_provider
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from pages.api.access import refused
from pages.commentables import keys_at
from pages.models import Entry, PostPage, StandardPage
from pages.visible import readable

NARROWEST, WIDEST = 200, 600


def embed(request: RestRequest) -> RestResponse:
    """Answer what a page of this site is, for a site that links to it."""
    page = page_at(str(request.params["url"]))
    if page is None:
        raise RestError("oembed_invalid_url", "Not Found", 404)
    data = embed_data(page, width_of(request.params.get("maxwidth")))
    if request.params.get("format") == "xml":
        return RestResponse(None, file=as_xml(data))
    return RestResponse(data)


def require_author(request: RestRequest) -> None:
    if "edit_posts" not in capabilities.get().of(request.user):
        sentence = "Sorry, you are not allowed to make proxied oEmbed requests."
        raise refused("rest_forbidden", sentence, request.user)


def page_at(url: str) -> Entry | None:
    """Return the public post or page at an address of this site or of its front end."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    own = {urlsplit(settings.SITE_URL).netloc, urlsplit(settings.FRONTEND_URL or "").netloc}
    if parts.scheme not in {"http", "https"} or parts.netloc not in own:
        return None
    number = parse_qs(parts.query).get("p", [""])[0]
    is_by_number = parts.path in {"", "/"} and number.isdecimal() and len(number) < 19
    for key in [int(number)] if is_by_number else keys_at(parts.path):
        for model in (PostPage, StandardPage):
            if found := readable(model.objects.filter(pk=key)).first():
                return found
    return None


def width_of(asked: Any) -> int:
    return min(max(int(asked) if str(asked).isdecimal() else WIDEST, NARROWEST), WIDEST)


def embed_data(page: Entry, width: int) -> dict[str, Any]:
    """Return the answer; its HTML is a quotation with a link, which loads nothing from here."""
    identity = site_provider.get().identity()
    author = public_authors.get().get_many([page.author_id] if page.author_id else [])
    person = author.get(page.author_id or 0)
    url = str(page.full_url)
    title = escape(page.title, quote=False)
    return {
        "version": "1.0",
        "provider_name": identity.name,
        "provider_url": identity.url,
        "author_name": person.name if person else identity.name,
        "author_url": person.link if person else identity.url,
        "title": title,
        "type": "rich",
        "width": width,
        "height": round(width * 9 / 16),
        "html": f'<blockquote class="wp-embedded-content"><a href="{escape(url)}">{title}</a>'
        "</blockquote>",
    }


def as_xml(data: dict[str, Any]) -> HttpResponse:
    inner = "".join(f"<{name}>{escape_xml(str(value))}</{name}>" for name, value in data.items())
    body = f'<?xml version="1.0" encoding="utf-8"?><oembed>{inner}</oembed>'
    return HttpResponse(body, content_type="text/xml; charset=utf-8")


URL_ARG = Arg(name="url", format="uri", required=True,
              description="The URL of the resource for which to fetch oEmbed data.")  # fmt: skip
FORMAT_ARG = Arg(name="format", type="", default="json", has_default=True)
WIDTH_ARG = Arg(name="maxwidth", type="", default=WIDEST, has_default=True)
EITHER = ("application/json", "text/xml")
ROUTES = [
    Route(
        pattern="/oembed/1.0/embed", namespace="oembed/1.0",
        endpoints=[Endpoint(methods=("GET",), handler=embed,
                            args=(URL_ARG, FORMAT_ARG, WIDTH_ARG),
                            refusals=(404,), media_types=EITHER)],
    ),
    # WordPress asks other sites here; this site calls nobody, and knows its own pages.
    Route(
        pattern="/oembed/1.0/proxy", namespace="oembed/1.0",
        endpoints=[Endpoint(methods=("GET",), handler=embed, permission=require_author,
                            args=(URL_ARG, FORMAT_ARG, WIDTH_ARG),
                            refusals=(404,), media_types=EITHER)],
    ),
]  # fmt: skip
