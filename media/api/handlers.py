"""Handlers of wp/v2/media: list, read, upload, change, delete."""

import re
from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import Q, QuerySet
from django.http.request import RawPostDataException
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from wagtail.models import CollectionViewRestriction, Page

from core.extensions.people import capabilities
from core.extensions.site import site_provider
from core.rest.collections import paginate, sort
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.urls import rest_url
from media import services
from media.api.items import COLUMNS, attachment
from media.errors import SENTENCES, UploadRefusedError
from media.kinds import BY_EXTENSION
from media.models import SiteImage

MIME_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
ORDERINGS = {
    "date": "created_at", "id": "pk", "modified": "modified_at", "title": "title", "slug": "slug",
    "author": "uploaded_by_user_id", "parent": "attached_to_id", "relevance": "created_at",
}  # fmt: skip
# WordPress says this of a file whose type it does not take, with the status of a server's fault.
NOT_TAKEN = frozenset({"unknown_type", "raw_photo"})
LONGEST = 255


def is_uploader(request: RestRequest) -> bool:
    return "upload_files" in capabilities.get().of(request.user)


def visible_images(request: RestRequest) -> QuerySet[SiteImage]:
    """Return the images that a person may see.

    Those of no restricted collection; and unless the person may upload, of no page that is not
    public.
    """
    images = SiteImage.objects.all()
    for restriction in CollectionViewRestriction.objects.select_related("collection"):
        images = images.exclude(collection__path__startswith=restriction.collection.path)
    if is_uploader(request):
        return images
    public = Page.objects.live().public()
    return images.filter(Q(attached_to=None) | Q(attached_to__in=public))


def list_media(request: RestRequest) -> RestResponse:
    params = request.params
    images = visible_images(request)
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
    if params.get("modified_after"):
        images = images.filter(modified_at__gt=params["modified_after"])
    if params.get("modified_before"):
        images = images.filter(modified_at__lt=params["modified_before"])
    if params.get("parent"):
        wanted = Q(attached_to_id__in=params["parent"])
        images = images.filter(wanted | Q(attached_to=None) if 0 in params["parent"] else wanted)
    if params.get("parent_exclude"):
        images = images.exclude(attached_to_id__in=params["parent_exclude"])
    images = of_kind(images, params.get("media_type"), params.get("mime_type"))
    total = images.count()
    offset, limit, pages = paginate(total, request)
    rows = sort(images, params, ORDERINGS).values(*COLUMNS)
    return RestResponse(
        [show(row, request) for row in rows[offset : offset + limit]], total=total, pages=pages
    )


def of_kind(
    images: QuerySet[SiteImage], media_type: str | None, mime_type: str | None
) -> QuerySet[SiteImage]:
    """Return the images of a kind; WordPress overlooks a media type that it does not know."""
    if media_type not in (None, "image"):
        return images.none()
    if not mime_type or not MIME_TYPE.fullmatch(mime_type):
        return images
    named = Q(pk__in=())
    for extension, kind in BY_EXTENSION.items():
        if kind == mime_type:
            named |= Q(file__iendswith=extension)
    return images.filter(named)


def show(row: dict[str, Any], request: RestRequest) -> dict[str, Any]:
    identity = site_provider.get().identity()
    return attachment(
        row, site_url=identity.url, zone=ZoneInfo(identity.timezone), context=request.context
    )


def find(request: RestRequest, images: QuerySet[SiteImage] | None = None) -> SiteImage:
    found = visible_images(request) if images is None else images
    image = found.filter(pk=request.params["id"]).first()
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
        raise refusal(error) from error
    request.params["context"] = "edit"
    response = answer(image, request, status=201)
    response.links.clear()
    response.headers["Location"] = rest_url(f"/wp/v2/media/{image.pk}")
    response.headers["X-WP-Upload-Attachment-ID"] = str(image.pk)
    return response


def refusal(error: UploadRefusedError) -> RestError:
    """Return WordPress's error for a file that is not taken; `reason` in its data is ours."""
    if error.code == "too_large":
        return RestError("rest_upload_file_too_big", str(error), 400, reason=error.code)
    if error.code in NOT_TAKEN:
        return RestError(
            "rest_upload_sideload_error",
            _("Sorry, you are not allowed to upload this file type."),
            500,
            reason=error.code,
            detail=str(error),
        )
    return RestError("rest_upload_sideload_error", str(error), 400, reason=error.code)


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
        if upload.size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise refusal(UploadRefusedError(SENTENCES["too_large"], code="too_large"))
        name, data = upload.name, upload.read()
        if not data:
            raise RestError(
                "rest_upload_unknown_error",
                _("File is empty. Please upload something more substantial."),
                500,
            )
    else:
        name, data = raw_file(request)
    given = http.headers.get("Content-MD5", "").strip().lower()
    if given and given != md5(data, usedforsecurity=False).hexdigest():
        raise RestError("rest_upload_hash_mismatch", "Content hash did not match expected.", 412)
    return name, data


def raw_file(request: RestRequest) -> tuple[str, bytes]:
    http = request.http
    try:
        data = http.body
    except RequestDataTooBig as error:
        raise refusal(UploadRefusedError(SENTENCES["too_large"], code="too_large")) from error
    except RawPostDataException:
        # A form without a file, or with one that has no name.
        data = b""
    if not data:
        raise RestError("rest_upload_no_data", "No data supplied.", 400)
    if not http.headers.get("Content-Type"):
        raise RestError("rest_upload_no_content_type", "No Content-Type supplied.", 400)
    disposition = http.headers.get("Content-Disposition", "")
    if not disposition:
        raise RestError(
            "rest_upload_no_content_disposition", "No Content-Disposition supplied.", 400
        )
    name = named_in(disposition)
    if not name:
        raise RestError(
            "rest_upload_invalid_disposition",
            "Invalid Content-Disposition supplied. Content-Disposition needs to be formatted as "
            '`attachment; filename="image.png"` or similar.',
            400,
        )
    return name, data


def named_in(disposition: str) -> str:
    try:
        return str(parse_header_parameters(disposition)[1].get("filename", "")).strip()
    except ValueError:
        return ""


def writable_words(request: RestRequest) -> dict[str, Any]:
    """Return the columns that a request sets."""
    columns = {
        "title": "title",
        "alt_text": "description",
        "caption": "caption",
        "description": "details",
    }
    words: dict[str, Any] = {}
    for name, column in columns.items():
        if name in request.given:
            value = request.params[name]
            words[column] = value.get("raw", "") if isinstance(value, dict) else str(value)
            if column in {"title", "description"} and len(words[column]) > LONGEST:
                sentence = _("%(name)s must be at most %(number)d characters long.")
                detail = sentence % {"name": name, "number": LONGEST}
                raise RestError(
                    "rest_invalid_param", f"Invalid parameter(s): {name}", 400,
                    params={name: detail},
                )  # fmt: skip
    if words.get("description"):
        words["is_decorative"] = False
    if "post" in request.given:
        words["attached_to_id"] = parent_of(request)
    return words


def parent_of(request: RestRequest) -> int | None:
    key: int = request.params["post"] or 0
    if key and not Page.objects.filter(pk=key, depth__gt=1).exists():
        raise RestError("rest_invalid_param", "Invalid parent type.", 400)
    return key or None


def require_upload(request: RestRequest) -> None:
    if not is_uploader(request):
        raise RestError(
            "rest_cannot_create",
            "Sorry, you are not allowed to create posts as this user.",
            403 if request.user.is_authenticated else 401,
        )


def require_edit(request: RestRequest) -> None:
    if not is_uploader(request):
        verb = "delete" if request.method == "DELETE" else "edit"
        raise RestError(
            f"rest_cannot_{verb}",
            f"Sorry, you are not allowed to {verb} this post.",
            403 if request.user.is_authenticated else 401,
        )


def require_context(request: RestRequest) -> None:
    if request.context == "edit" and not is_uploader(request):
        raise RestError(
            "rest_forbidden_context",
            "Sorry, you are not allowed to edit posts in this post type.",
            403 if request.user.is_authenticated else 401,
        )
