"""Handlers of wp/v2/media: list, read, upload, change, delete."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from wagtail.models import CollectionViewRestriction

from core.extensions.people import capabilities
from core.extensions.site import site_provider
from core.rest.collections import paginate
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.urls import rest_url
from media import services
from media.api.items import COLUMNS, attachment
from media.errors import UploadRefusedError
from media.models import SiteImage

ORDERINGS = {
    "date": "created_at", "id": "pk", "modified": "modified_at", "title": "title", "slug": "slug",
    "author": "uploaded_by_user_id",
}  # fmt: skip
FILENAME = re.compile(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)\"?", re.IGNORECASE)


def public_images() -> QuerySet[SiteImage]:
    """Return the images that everybody may see: those in no restricted collection."""
    restricted = CollectionViewRestriction.objects.select_related("collection")
    images = SiteImage.objects.all()
    for restriction in restricted:
        images = images.exclude(collection__path__startswith=restriction.collection.path)
    return images


def list_media(request: RestRequest) -> RestResponse:
    params = request.params
    images = public_images()
    if params.get("search"):
        images = images.filter(
            Q(title__icontains=params["search"]) | Q(caption__icontains=params["search"])
        )
    for name, lookup in (
        ("include", "pk__in"),
        ("slug", "slug__in"),
        ("author", "uploaded_by_user_id__in"),
    ):
        if params.get(name):
            images = images.filter(**{lookup: params[name]})
    if params.get("exclude"):
        images = images.exclude(pk__in=params["exclude"])
    if params.get("author_exclude"):
        images = images.exclude(uploaded_by_user_id__in=params["author_exclude"])
    if params.get("after"):
        images = images.filter(created_at__gt=params["after"])
    if params.get("before"):
        images = images.filter(created_at__lt=params["before"])
    if params.get("media_type") not in (None, "image") or params.get("mime_type") not in (
        None,
        "image/jpeg",
    ):
        images = images.none()
    if params.get("parent"):
        images = images.none()
    direction = "" if params["order"] == "asc" else "-"
    ordering = ORDERINGS.get(params["orderby"], "created_at")
    total = images.count()
    offset, limit, pages = paginate(total, request)
    rows = images.order_by(f"{direction}{ordering}", f"{direction}pk").values(*COLUMNS)
    return RestResponse(
        [show(row, request) for row in rows[offset : offset + limit]], total=total, pages=pages
    )


def show(row: dict[str, Any], request: RestRequest) -> dict[str, Any]:
    identity = site_provider.get().identity()
    return attachment(
        row, site_url=identity.url, zone=ZoneInfo(identity.timezone), context=request.context
    )


def find(request: RestRequest, images: QuerySet[SiteImage] | None = None) -> SiteImage:
    image = (public_images() if images is None else images).filter(pk=request.params["id"]).first()
    if image is None:
        raise RestError("rest_post_invalid_id", "Invalid post ID.", 404)
    return image


def answer(image: SiteImage, request: RestRequest, **changes: Any) -> RestResponse:
    row = SiteImage.objects.filter(pk=image.pk).values(*COLUMNS).get()
    item = show(row, request)
    return RestResponse(item, links=[("alternate", item["link"], "type=text/html")], **changes)


def get_media(request: RestRequest) -> RestResponse:
    return answer(find(request), request)


def create_media(request: RestRequest) -> RestResponse:
    name, data = uploaded_file(request)
    words = writable_words(request)
    try:
        image = services.store_image(data, name=name, uploaded_by=request.user, **words)
    except UploadRefusedError as error:
        raise RestError("rest_upload_sideload_error", str(error), 400, reason=error.code) from error
    request.params["context"] = "edit"
    response = answer(image, request, status=201)
    response.links.clear()
    response.headers["Location"] = rest_url(f"/wp/v2/media/{image.pk}")
    response.headers["X-WP-Upload-Attachment-ID"] = str(image.pk)
    return response


def update_media(request: RestRequest) -> RestResponse:
    image = services.update_image(find(request, SiteImage.objects.all()), **writable_words(request))
    request.params["context"] = "edit"
    return answer(image, request)


def delete_media(request: RestRequest) -> RestResponse:
    image = find(request, SiteImage.objects.all())
    if not request.params.get("force"):
        raise RestError(
            "rest_trash_not_supported",
            "The post does not support trashing. Set 'force=true' to delete.",
            501,
        )
    request.params["context"] = "edit"
    previous = answer(image, request).data
    previous.pop("_links")
    services.delete_image(image)
    return RestResponse({"deleted": True, "previous": previous})


def uploaded_file(request: RestRequest) -> tuple[str, bytes]:
    """Return name and bytes of a raw or multipart upload, or WordPress's error."""
    http = request.http
    if http.FILES:
        upload = http.FILES.get("file") or next(iter(http.FILES.values()))
        return upload.name, upload.read()
    if not http.body:
        raise RestError("rest_upload_no_data", "No data supplied.", 400)
    if not http.headers.get("Content-Type"):
        raise RestError("rest_upload_no_content_type", "No Content-Type supplied.", 400)
    disposition = http.headers.get("Content-Disposition", "")
    if not disposition:
        raise RestError(
            "rest_upload_no_content_disposition", "No Content-Disposition supplied.", 400
        )
    named = FILENAME.search(disposition)
    if named is None:
        raise RestError(
            "rest_upload_invalid_disposition",
            "Invalid Content-Disposition supplied. Content-Disposition needs to be formatted as "
            '`attachment; filename="image.png"` or similar.',
            400,
        )
    return named.group(1), http.body


def writable_words(request: RestRequest) -> dict[str, str]:
    columns = {
        "title": "title",
        "alt_text": "description",
        "caption": "caption",
        "description": "details",
    }
    words = {}
    for name, column in columns.items():
        if name in request.given:
            value = request.params[name]
            words[column] = value.get("raw", "") if isinstance(value, dict) else str(value)
    return words


def require_upload(request: RestRequest) -> None:
    if "upload_files" not in capabilities.get().of(request.user):
        raise RestError(
            "rest_cannot_create",
            "Sorry, you are not allowed to create posts as this user.",
            403 if request.user.is_authenticated else 401,
        )


def require_edit(request: RestRequest) -> None:
    if "upload_files" not in capabilities.get().of(request.user):
        verb = "delete" if request.method == "DELETE" else "edit"
        raise RestError(
            f"rest_cannot_{verb}",
            f"Sorry, you are not allowed to {verb} this post.",
            403 if request.user.is_authenticated else 401,
        )


def require_context(request: RestRequest) -> None:
    if request.context == "edit" and "upload_files" not in capabilities.get().of(request.user):
        raise RestError(
            "rest_forbidden_context",
            "Sorry, you are not allowed to edit posts in this post type.",
            403 if request.user.is_authenticated else 401,
        )
