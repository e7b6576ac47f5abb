"""Handlers of wp/v2/comments."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from comments import errors, services
from comments.api.items import COLUMNS, comment_item, wp_base
from comments.form_tokens import age_of, make_form_token
from comments.forms import HONEYPOT
from comments.models import DiscussionSettings, Status, VisitorComment
from comments.screening import proof_of_work
from comments.screening.form import FASTEST_SECONDS
from core.extensions.acceptance import AcceptanceRequiredError
from core.extensions.commentables import comment_targets
from core.extensions.people import avatars, capabilities
from core.extensions.site import site_provider
from core.generations import COMMENTS, comments_of, depend_on
from core.rest.arguments import ArgumentError, invalid_parameters, is_email
from core.rest.collections import paginate
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.urls import rest_url

ORDERINGS = {"date": "submit_date", "date_gmt": "submit_date", "id": "pk", "post": "target_id",
             "parent": "parent_id", "type": "pk", "include": "pk"}  # fmt: skip
STATES = {"approve": Status.APPROVED, "approved": Status.APPROVED, "hold": Status.HOLD,
          "spam": Status.SPAM, "trash": Status.TRASH}  # fmt: skip
MODERATE = "moderate_comments"


def may_moderate(request: RestRequest) -> bool:
    return MODERATE in capabilities.get().of(request.user)


def refusal(code: str, message: str, request: RestRequest) -> RestError:
    return RestError(code, message, 403 if request.user.is_authenticated else 401)


def list_comments(request: RestRequest) -> RestResponse:
    """Answer the approved comments; other states only to moderators."""
    params = request.params
    names = [comments_of(key) for key in params.get("post") or ()] or [COMMENTS]
    depend_on(*names)
    status = STATES.get(params.get("status") or "approve", Status.APPROVED)
    comments = VisitorComment.objects.filter(status=status)
    comments = filtered(comments, params)
    total = comments.count()
    offset, limit, pages = paginate(total, request, refuses_past_end=False)
    direction = "" if params["order"] == "asc" else "-"
    ordering = ORDERINGS[params["orderby"]]
    rows = list(
        comments.order_by(f"{direction}{ordering}", f"{direction}pk").values(*COLUMNS)[
            offset : offset + limit
        ]
    )
    return RestResponse(show(rows, request), total=total, pages=pages)


def filtered(comments: Any, params: dict[str, Any]) -> Any:
    if params.get("post"):
        comments = comments.filter(target_id__in=params["post"])
    if params.get("parent"):
        wanted = params["parent"]
        comments = (
            comments.filter(level=0)
            if wanted == [0]
            else comments.filter(parent_id__in=wanted, level__gt=0)
        )
    if params.get("author"):
        comments = comments.filter(user_id__in=params["author"])
    if params.get("search"):
        # WordPress also searches addresses, by which a stranger learns who has commented.
        comments = comments.filter(comment__icontains=params["search"])
    if params.get("include"):
        comments = comments.filter(pk__in=params["include"])
    if params.get("exclude"):
        comments = comments.exclude(pk__in=params["exclude"])
    if params.get("after"):
        comments = comments.filter(submit_date__gt=params["after"])
    if params.get("before"):
        comments = comments.filter(submit_date__lt=params["before"])
    return comments


def show(rows: list[dict[str, Any]], request: RestRequest) -> list[dict[str, Any]]:
    targets = comment_targets.get().get_many({row["target_id"] for row in rows})
    zone = ZoneInfo(site_provider.get().identity().timezone)
    draw, base = avatars.get(), wp_base()
    return [
        comment_item(
            row, targets.get(row["target_id"]), context=request.context, zone=zone, draw=draw,
            base=base,
        )
        for row in rows
    ]  # fmt: skip


def find(request: RestRequest) -> VisitorComment:
    comment = VisitorComment.objects.filter(pk=request.params["id"]).first()
    if comment is None:
        raise RestError("rest_comment_invalid_id", "Invalid comment ID.", 404)
    return comment


def answer(comment: VisitorComment, request: RestRequest, status: int = 200) -> RestResponse:
    rows: QuerySet[Any, Any] = VisitorComment.objects.filter(pk=comment.pk).values(*COLUMNS)
    return RestResponse(show(list(rows), request)[0], status=status)


def get_comment(request: RestRequest) -> RestResponse:
    """Answer one comment; one that is not approved only to moderators."""
    comment = find(request)
    depend_on(comments_of(comment.target_id))
    if comment.status != Status.APPROVED and not may_moderate(request):
        raise refusal(
            "rest_cannot_read", "Sorry, you are not allowed to read this comment.", request
        )
    return answer(comment, request)


def require_read(request: RestRequest) -> None:
    """Let everybody read what is public."""
    if may_moderate(request):
        return
    if request.context == "edit":
        raise refusal(
            "rest_forbidden_context", "Sorry, you are not allowed to edit comments.", request
        )
    if (request.params.get("status") or "approve") not in {"approve", "approved"}:
        raise refusal("rest_forbidden_param", "Query parameter not permitted: status", request)


def require_create(request: RestRequest) -> None:
    """Check in WordPress's order who may write, and where."""
    params, user = request.params, request.user
    own = DiscussionSettings.load()
    if not user.is_authenticated and (own.comment_registration or not own.anonymous_rest):
        raise RestError(
            "rest_comment_login_required", "Sorry, you must be logged in to comment.", 401
        )
    if not may_moderate(request):
        for name in ("author", "author_ip", "status"):
            if name in request.given and params.get(name) not in (None, "", 0, user.pk):
                raise refusal(
                    f"rest_comment_invalid_{name}",
                    f"Sorry, you are not allowed to edit '{name}' for comments.",
                    request,
                )
    if not params.get("post"):
        raise RestError(
            "rest_comment_invalid_post_id",
            "Sorry, you are not allowed to create this comment without a post.",
            403,
        )
    target = comment_targets.get().get_many([params["post"]]).get(params["post"])
    if target is None:
        raise RestError(
            "rest_comment_invalid_post_id",
            "Sorry, you are not allowed to create this comment without a post.",
            403,
        )
    if not services.is_open(target, own):
        raise RestError("rest_comment_closed", "Sorry, comments are closed for this item.", 403)


def create_comment(request: RestRequest) -> RestResponse:
    """Take a comment through the same service as the form."""
    params, http = request.params, request.http
    if params.get("id"):
        raise RestError("rest_comment_exists", "Cannot create existing comment.", 400)
    if params.get("type") not in (None, "", "comment"):
        raise RestError("rest_invalid_comment_type", "Cannot create a comment with that type.", 400)
    text = params.get("content") or ""
    text = str(text.get("raw") or "") if isinstance(text, dict) else str(text)
    if not text.strip():
        raise RestError("rest_comment_content_invalid", "Invalid comment content.", 400)
    email = params.get("author_email") or ""
    if email and not is_email(email):
        raise invalid_parameters(
            {"author_email": ArgumentError("rest_invalid_email", "Invalid email address.")}
        )
    try:
        comment = services.submit_comment(
            services.NewComment(
                target_id=params["post"],
                parent_id=params.get("parent") or 0,
                text=text,
                author_name=params.get("author_name") or "",
                author_email=email,
                author_url=params.get("author_url") or "",
                ip_address=http.META.get("REMOTE_ADDR", ""),
                user_agent=http.headers.get("User-Agent", ""),
                referrer=http.headers.get("Referer", ""),
                channel="rest",
                honeypot=str(params.get(HONEYPOT) or ""),
                form_age_seconds=age_of(str(params.get("form_token") or ""), params["post"]),
                has_proof_of_work=proof_of_work.check(
                    str(params.get(proof_of_work.FIELD) or ""), params["post"]
                ),
                agreements=given_agreements(params.get("agreements") or ()),
                user=request.user,
            )
        )
    except AcceptanceRequiredError as error:
        raise RestError(error.code, str(error), 403, **error.data) from error
    except errors.CommentRefusedError as error:
        raise rest_error(error) from error
    response = answer(comment, request, status=201)
    response.headers["Location"] = rest_url(f"/wp/v2/comments/{comment.pk}")
    return response


def given_agreements(references: Iterable[str]) -> list[tuple[str, int]]:
    """Return versions named as `slug@number`."""
    parts = [str(reference).rpartition("@") for reference in references]
    return [(slug, int(number)) for slug, _, number in parts
            if number.isdecimal() and len(number) < 10]  # fmt: skip


def rest_error(error: errors.CommentRefusedError) -> RestError:
    """Return WordPress's error for a refusal of the service."""
    match error:
        case errors.AuthorMissingError():
            return RestError(
                "rest_comment_author_data_required",
                "Creating a comment requires valid author name and email values.",
                400,
            )
        case errors.FieldTooLongError():
            return RestError(
                f"comment_{FIELD_CODES[error.data['field']]}_column_length",
                "Comment field exceeds maximum length allowed.",
                400,
            )
        case errors.DuplicateCommentError():
            return RestError(
                "comment_duplicate",
                "Duplicate comment detected; it looks as though you&#8217;ve already said that!",
                409,
            )
        case errors.FloodError():
            return RestError(
                "comment_flood", "You are posting comments too quickly. Slow down.", 400
            )
        case errors.TextMissingError():
            return RestError("rest_comment_content_invalid", "Invalid comment content.", 400)
        case errors.CommentsClosedError():
            return RestError(
                "rest_comment_closed", "Sorry, comments are closed for this item.", 403
            )
        case errors.ParentUnknownError():
            return RestError("rest_comment_invalid_parent", str(error), 400)
    return RestError(error.code, str(error), 400)


FIELD_CODES = {"author_name": "author", "author_email": "author_email",
               "author_url": "author_url", "content": "content"}  # fmt: skip


def require_moderator(request: RestRequest) -> None:
    """Let moderators change comments, in WordPress's words for others."""
    if not may_moderate(request):
        verb = "delete" if request.method == "DELETE" else "edit"
        raise refusal(
            f"rest_cannot_{verb}", f"Sorry, you are not allowed to {verb} this comment.", request
        )


def update_comment(request: RestRequest) -> RestResponse:
    """Moderate a comment: change its status."""
    comment = find(request)
    wanted = request.params.get("status")
    if wanted is not None:
        if wanted not in STATES:
            raise RestError("rest_comment_failed_edit", "Updating comment failed.", 500)
        services.change_status([comment.pk], STATES[wanted], by=request.user)
    request.params["context"] = "edit"
    return answer(comment, request)


def delete_comment(request: RestRequest) -> RestResponse:
    """Move a comment to the trash, or delete it with `force`."""
    comment = find(request)
    request.params["context"] = "edit"
    if request.params.get("force"):
        previous = answer(comment, request).data
        previous.pop("_links")
        services.delete_comments([comment.pk])
        return RestResponse({"deleted": True, "previous": previous})
    if comment.status == Status.TRASH:
        raise RestError("rest_already_trashed", "The comment has already been trashed.", 410)
    services.change_status([comment.pk], Status.TRASH, by=request.user)
    return answer(comment, request)


def form_token(request: RestRequest) -> RestResponse:
    """Answer a token for a target's comment form; never cached, since it tells the time."""
    token, expires_at = make_form_token(request.params["post"])
    body = {
        "token": token,
        "minimum_age_seconds": FASTEST_SECONDS,
        "expires_at": expires_at.isoformat(),
        "honeypot_field": HONEYPOT,
    }
    return RestResponse(body, headers={"Cache-Control": "no-store"})
