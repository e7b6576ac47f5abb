"""What happens around every request: the visitor's address, the language, the headers."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation

from core.extensions.site import site_provider
from core.generations import collect_dependencies, is_collecting

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
    visitor cannot invent an address by sending the header.
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
        return self.get_response(request)

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.trusted)


class GenerationsMiddleware:
    """Read each cache generation once a request, also where the read cache passes it by."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_collecting():
            return self.get_response(request)
        with collect_dependencies():
            return self.get_response(request)


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
