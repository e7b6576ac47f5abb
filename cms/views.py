"""Operations and site-wide answers that belong to no room."""

from datetime import timedelta

from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.static import serve
from django_tasks_db.models import DBTaskResult
from wagtail.views import serve as serve_page

from core.rest.dispatch import rest_view
from media.kinds import UNKNOWN, mime_type_of


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process runs, without asking anything else."""
    return JsonResponse({"status": "ok"})


@csrf_exempt
def front(request: HttpRequest) -> HttpResponseBase:
    """Show the first page; /?rest_route=/wp/v2/posts is WordPress's other address of its API."""
    if "rest_route" in request.GET:
        return rest_view(request, request.GET["rest_route"])
    return serve_page(request, "")


@csrf_exempt
def index_php(request: HttpRequest) -> HttpResponseBase:
    """Answer WordPress's API at the address that it has without permalinks; else lead to /."""
    if "rest_route" in request.GET:
        return rest_view(request, request.GET["rest_route"])
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"/?{query}" if query else "/")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer whether database, guards, cache, queue and storage work: 200 or 503."""
    parts = {
        "database": _database_answers,
        "guards": _guards_stand,
        "cache": _cache_answers,
        "queue": _queue_moves,
        "storage": _storage_writes,
    }
    state = {}
    for name, works in parts.items():
        try:
            state[name] = "ok" if works() else "failed"
        except Exception as error:  # noqa: BLE001  whatever fails is the answer
            state[name] = type(error).__name__
    is_ready = set(state.values()) == {"ok"}
    return JsonResponse(
        {"status": "ok" if is_ready else "failed", **state}, status=200 if is_ready else 503
    )


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _guards_stand() -> bool:
    return not checks.run_checks(tags=["database"], databases=["default"])


def _cache_answers() -> bool:
    cache.set("readyz", "ok", 5)
    return bool(cache.get("readyz") == "ok")


def _queue_moves() -> bool:
    oldest = timezone.now() - timedelta(minutes=10)
    return not DBTaskResult.objects.ready().filter(enqueued_at__lt=oldest).exists()


def _storage_writes() -> bool:
    storage = storages["private"]
    name = storage.save("readyz", ContentFile(b"ok"))
    storage.delete(name)
    return True


def upload(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve an uploaded file as what its bytes are; what is of no known kind is only saved."""
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    kind = mime_type_of(path)
    response["Content-Type"] = kind
    if kind == UNKNOWN:
        response["Content-Disposition"] = "attachment"
    if kind in {"image/svg+xml", "application/pdf"}:
        # What is opened by itself is a document, and needs nothing from anywhere.
        policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
        response["Content-Security-Policy"] = policy
    return response


def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what to leave alone and where the sitemap is."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /account/", "Disallow: /privacy/"]
    # Each comment has a link to reply to it and one to report it: the same pages again.
    lines += ["Disallow: /cart/", "Disallow: /*?replytocom=", "Disallow: /comments/*/flag/"]
    lines += ["", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
