"""Handlers of wp/v2/media: list, read, upload, change, delete."""

from collections.abc import Mapping
from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import RequestDataTooBig
from django.http.request import RawPostDataException
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.extensions.commentables import comment_targets
from core.extensions.people import capabilities
from core.extensions.site import site_provider
from core.rest.arguments import ArgumentError, as_list, check_value
from core.rest.collections import paginate
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.urls import rest_url
from media import services
from media.api.items import attachment
from media.api.library import Library, Reader, shown_row
from media.errors import SENTENCES, UploadRefusedError
from media.models import SiteDocument, SiteImage

# WordPress says this of a file whose type it does not take, with the status of a server's fault.
NOT_TAKEN = frozenset({"unknown_type", "raw_photo"})
LONGEST = 255
# Columns that a row has of itself when it is made.
WITH_A_ROW = ("created_at", "slug", "uploaded_by_user_id")
STATUSES = ("inherit", "private", "trash")
# What a request says of a file, and the column that keeps it.
WORDS = {"title": "title", "alt_text": "description", "caption": "caption",
         "description": "details"}  # fmt: skip


def reader_of(request: RestRequest) -> Reader:
    return Reader(request.user.pk, capabilities.get().of(request.user))


def refused(code: str, sentence: str, request: RestRequest) -> RestError:
    """Return a refusal: 401 to strangers, 403 to those who are signed in."""
    return RestError(code, sentence, 403 if request.user.is_authenticated else 401)


def list_media(request: RestRequest) -> RestResponse:
    """Answer what the asker may read, or in the context of editing what they may edit."""
    reader = reader_of(request)
    library = Library(reader.editable() if request.context == "edit" else reader.readable())
    total = library.count(request.params)
    offset, limit, pages = paginate(total, request)
    rows = library.page(request.params, offset, limit)
    return RestResponse([show(row, request) for row in rows], total=total, pages=pages)


def show(row: Mapping[str, Any], request: RestRequest) -> dict[str, Any]:
    identity = site_provider.get().identity()
    return attachment(
        row, site_url=settings.SITE_URL, zone=ZoneInfo(identity.timezone), context=request.context
    )


def find(request: RestRequest) -> SiteImage | SiteDocument:
    found = Library().find(request.params["id"])
    if found is None:
        raise RestError("rest_post_invalid_id", "Invalid post ID.", 404)
    return found


def answer(found: SiteImage | SiteDocument, request: RestRequest, **changes: Any) -> RestResponse:
    item = show(shown_row(found), request)
    return RestResponse(item, links=[("alternate", item["link"], "type=text/html")], **changes)


def get_media(request: RestRequest) -> RestResponse:
    return answer(find(request), request)


def create_media(request: RestRequest) -> RestResponse:
    name, data = uploaded_file(request)
    words = writable_words(request)
    later = {field: words.pop(field) for field in WITH_A_ROW if field in words}
    try:
        made = services.store_attachment(data, name=name, uploaded_by=request.user, **words)
    except UploadRefusedError as error:
        raise refusal(error) from error
    if later:
        services.update_attachment(made, **later)
    request.params["context"] = "edit"
    response = answer(made, request, status=201)
    number = response.data["id"]
    response.links.clear()
    response.headers["Location"] = rest_url(f"/wp/v2/media/{number}")
    response.headers["X-WP-Upload-Attachment-ID"] = str(number)
    return response


def refusal(error: UploadRefusedError) -> RestError:
    """Return WordPress's error for a file that is not taken, in words that say what to do."""
    if error.code == "too_large":
        return RestError("rest_upload_file_too_big", str(error), 400, reason=error.code)
    if error.code in NOT_TAKEN:
        return RestError("rest_upload_sideload_error", str(error), 500)
    return RestError("rest_upload_sideload_error", str(error), 400, reason=error.code)


def update_media(request: RestRequest) -> RestResponse:
    found = find(request)
    services.update_attachment(found, **writable_words(request))
    request.params["context"] = "edit"
    return answer(found, request)


def delete_media(request: RestRequest) -> RestResponse:
    found = find(request)
    if not request.params.get("force"):
        raise RestError(
            "rest_trash_not_supported",
            "The post does not support trashing. Set 'force=true' to delete.",
            501,
        )
    request.params["context"] = "edit"
    previous = answer(found, request).data
    previous.pop("_links")
    services.delete_attachment(found)
    return RestResponse({"deleted": True, "previous": previous})


def uploaded_file(request: RestRequest) -> tuple[str, bytes]:
    """Return name and bytes of a raw or multipart upload, or WordPress's error."""
    http = request.http
    if http.content_type == "multipart/form-data" and http.FILES:
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
    """Return the columns that a request sets. As in WordPress, null says nothing."""
    given = {name: value for name, value in request.params.items() if value is not None}
    words = {
        column: value.get("raw", "") if isinstance(value := given[name], dict) else str(value)
        for name, column in WORDS.items()
        if name in given
    }
    if len(words.get("title", "")) > LONGEST:
        sentence = _("%(name)s must be at most %(number)d characters long.")
        raise invalid("title", sentence % {"name": "title", "number": LONGEST})
    if given.get("status") not in (None, "inherit", "publish"):
        # Here every attachment is seen where its page is.
        raise invalid("status", "status is not one of inherit, publish.")
    fields: dict[str, Any] = {**words}
    # A date in the site's zone comes first in the answer, and wins here too.
    if at := given.get("date") or given.get("date_gmt"):
        fields["created_at"] = at
    if given.get("slug"):
        fields["slug"] = given["slug"]
    if "author" in given:
        fields["uploaded_by_user_id"] = author_of(request)
    if "post" in given:
        fields["attached_to_id"] = parent_of(request)
    return fields


def invalid(name: str, detail: str) -> RestError:
    return RestError(
        "rest_invalid_param", f"Invalid parameter(s): {name}", 400, params={name: detail}
    )


def author_of(request: RestRequest) -> int:
    key: int = request.params["author"]
    if key == request.user.pk:
        return key
    if "edit_others_posts" not in capabilities.get().of(request.user):
        verb = "edit" if "id" in request.in_path else "create"
        sentence = f"Sorry, you are not allowed to {verb} posts as this user."
        raise RestError("rest_cannot_edit_others", sentence, 403)
    if not get_user_model().objects.filter(pk=key, is_active=True).exists():
        raise RestError("rest_invalid_author", "Invalid author ID.", 400)
    return key


def parent_of(request: RestRequest) -> int | None:
    key: int = request.params["post"] or 0
    if key and not Page.objects.filter(pk=key, depth__gt=1).exists():
        raise RestError("rest_invalid_param", "Invalid parent type.", 400)
    return key or None


def wanted_statuses(value: Any, request: RestRequest) -> list[str]:
    """Judge what a list is limited to: everybody may ask for what hangs on a page alone."""
    statuses = [str(status).lower() for status in as_list(value)]
    for status in statuses:
        if status != "inherit" and "edit_posts" not in capabilities.get().of(request.user):
            code = 403 if request.user.is_authenticated else 401
            raise ArgumentError("rest_forbidden_status", "Status is forbidden.", {"status": code})
        check_value(status, {"type": "string", "enum": list(STATUSES)}, "status")
    return statuses


def wanted_status(value: Any, request: RestRequest) -> str:
    """Judge a status that is written, of those that WordPress knows."""
    known = ["inherit", "publish", "future", "draft", "pending", "private"]
    return str(check_value(value, {"type": "string", "enum": known}, "status"))


def wanted_openness(value: Any, request: RestRequest) -> str:
    """Judge whether attachments take comments or pings: they take none."""
    return str(check_value(value, {"type": "string", "enum": ["closed"]}, "comment_status"))


def no_template(value: Any, request: RestRequest) -> str:
    """Judge a template: there are none for attachments."""
    return str(check_value(value, {"type": "string", "enum": [""]}, "template"))


def require_upload(request: RestRequest) -> None:
    """Let uploaders make attachments, and hang them on posts that they may edit."""
    if "upload_files" not in capabilities.get().of(request.user):
        sentence = "Sorry, you are not allowed to create posts as this user."
        raise refused("rest_cannot_create", sentence, request)
    key = request.params.get("post")
    if key and not may_hang_on(key, request):
        sentence = "Sorry, you are not allowed to upload media to this post."
        raise refused("rest_cannot_edit", sentence, request)


def may_hang_on(key: int, request: RestRequest) -> bool:
    standing = comment_targets.get().standings([key], user=request.user).get(key)
    if standing is None or standing.target is None:
        return False
    edits_others = "edit_others_posts" in capabilities.get().of(request.user)
    return edits_others or request.user.pk in standing.target.author_ids


def require_change(request: RestRequest) -> None:
    verb = "delete" if request.method == "DELETE" else "edit"
    if not reader_of(request).may(verb, find(request)):
        sentence = f"Sorry, you are not allowed to {verb} this post."
        raise refused(f"rest_cannot_{verb}", sentence, request)


def require_list(request: RestRequest) -> None:
    if request.context == "edit" and "edit_posts" not in capabilities.get().of(request.user):
        sentence = "Sorry, you are not allowed to edit posts in this post type."
        raise refused("rest_forbidden_context", sentence, request)


def require_get(request: RestRequest) -> None:
    """Show what hangs on a hidden page to its uploader and to editors alone."""
    found, reader = find(request), reader_of(request)
    if request.context == "edit" and not reader.may("edit", found):
        sentence = "Sorry, you are not allowed to edit this post."
        raise refused("rest_forbidden_context", sentence, request)
    if Library(reader.readable()).find(request.params["id"]) is None:
        raise refused("rest_forbidden", "Sorry, you are not allowed to do that.", request)
