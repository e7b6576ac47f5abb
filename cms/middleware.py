"""What happens around every request: the visitor's address, the language, the headers."""

import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation

from cms.frontends import read_visitor
from core.extensions.site import site_provider
from core.generations import (
    USUAL,
    Dependencies,
    collect_dependencies,
    collected_dependencies,
    read_generations,
)
from core.rest.urls import api_discovery_link

GetResponse = Callable[[HttpRequest], HttpResponseBase]

PUBLIC_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
# Wagtail's admin has inline scripts and styles of its own, and previews in frames.
ADMIN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


class ClientAddressMiddleware:
    """Put the visitor's own address into REMOTE_ADDR where a trusted proxy forwards it.

    X-Forwarded-For is read from its end, past the addresses of TRUSTED_PROXIES, so that a
    visitor cannot invent an address by sending the header. A front end's signed word
    (cms.frontends) comes before it; an unsigned or wrong one is as good as none.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.trusted = [ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.trusted:
            forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            for hop in reversed([hop.strip() for hop in forwarded if hop.strip()]):
                if not self._is_trusted(request.META.get("REMOTE_ADDR", "")):
                    break
                request.META["REMOTE_ADDR"] = hop
        # The header goes either way: nothing behind this may take it for more than it is.
        said = request.META.pop("HTTP_X_CANDOUR_VISITOR", "")
        if said and settings.FRONTEND_SECRETS:
            visitor = read_visitor(said, settings.FRONTEND_SECRETS, time.time())
            if visitor is not None:
                request.META["REMOTE_ADDR"] = visitor.ip
                request.META["HTTP_USER_AGENT"] = visitor.agent
        return self.get_response(request)

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.trusted)


class GenerationsMiddleware:
    """Read each cache generation once a request, also where the read cache passes it by.

    An answer that was made for one person says so to every cache between here and there, and its
    address, which may hold a token, is told to no other site.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        collected = collected_dependencies()
        if collected is not None:
            return self._answer(request, collected)
        with collect_dependencies(read_generations(USUAL), is_stored=False) as collected:
            return self._answer(request, collected)

    def _answer(self, request: HttpRequest, collected: Dependencies) -> HttpResponseBase:
        response = self.get_response(request)
        if collected.is_private:
            response.headers["Cache-Control"] = "private, no-store"
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["X-Robots-Tag"] = "noindex"
        return response


class SiteTimeZoneMiddleware:
    """Show and read times in the site's own time zone, in which its policies take effect."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with timezone.override(ZoneInfo(site_provider.get().identity().timezone)):
            return self.get_response(request)


class LanguageByPathMiddleware(LocaleMiddleware):
    """Choose the language by the path alone, so that one address has one content.

    Django's own middleware does the same here, as the default language has no prefix, but
    announces that the answer varies by Accept-Language, which caches would believe.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response


class ContentSecurityPolicyMiddleware:
    """Set the content security policy: public pages run no inline code and ask no third party."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = ADMIN_POLICY if request.path.startswith("/admin/") else PUBLIC_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        return response


class ApiDiscoveryMiddleware:
    """Say on every page for readers where the API is, in the header that WordPress has for it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and not request.path.startswith("/admin/"):
            others = response.headers.get("Link", "")
            response.headers["Link"] = ", ".join(filter(None, [api_discovery_link(), others]))
        return response
