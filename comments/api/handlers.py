"""Handlers of wp/v2/comments."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from comments import author_tokens, errors, scopes, services
from comments.api.items import comment_item, in_clear, pictures_of, row_of, wp_base
from comments.api.listing import STATES, list_rows, newest_below
from comments.form_tokens import age_of, make_form_token
from comments.forms import HONEYPOT
from comments.models import DiscussionSettings, ModerationAct, Status, VisitorComment
from comments.paging import comment_links
from comments.sanitising import render
from comments.scopes import Scope
from comments.screening import proof_of_work
from comments.screening.form import FASTEST_SECONDS
from core.extensions.acceptance import AcceptanceRequiredError
from core.extensions.commentables import CommentTarget, Standing, comment_targets
from core.extensions.content_kinds import COMMENT, shown_keys
from core.extensions.people import (
    AgreementAwaitedError,
    capabilities,
    notice_recipients,
    public_authors,
)
from core.extensions.site import site_provider
from core.generations import answer_privately, comments_of, depend_on
from core.rest.arguments import ArgumentError, invalid_parameters, is_email
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.meta import changed_meta, refused_key
from core.rest.urls import rest_url

MODERATE = "moderate_comments"
# WordPress answers these parameters only to who may edit; an address is asked for by nobody else.
PROTECTED = ("author", "author_exclude", "author_email", "type", "status")
HARMLESS = {"type": {"comment"}, "status": {"approve", "approved"}}
PREVIOUS_OF = {"unspam": Status.SPAM, "untrash": Status.TRASH}
EDIT_TOKEN, HELD_TOKEN = "X-Candour-Edit-Token", "X-Candour-Moderation-Hash"


def moderated(request: RestRequest) -> Scope | None:
    """Return where the asker may moderate: by WordPress's capability or a group's permission."""
    user = request.user
    if not hasattr(user, "_moderates"):
        may = MODERATE in capabilities.get().of(user) or scopes.may_moderate(user)
        # Asked several times a request: kept with the user object.
        user._moderates = scopes.scope_of(user) if may else None
    found: Scope | None = user._moderates
    return found


def may_moderate(request: RestRequest, target_id: int) -> bool:
    """Tell whether the asker may moderate what stands under a target."""
    scope = moderated(request)
    return scope is not None and scope.covers(target_id)


def refusal(code: str, message: str, request: RestRequest) -> RestError:
    return RestError(code, message, 403 if request.user.is_authenticated else 401)


def list_comments(request: RestRequest) -> RestResponse:
    """Answer the approved comments; other states only to moderators.

    `unapproved` and `moderation-hash` add the one comment that waits to what its author sees.
    """
    held = shown_to_author(request)
    opened = request.found or {}
    found = list_rows(request, held=held, scope=scope_asked_for(request), opened=opened)
    return RestResponse(show(found.rows, request), total=found.total, pages=found.pages)


def lists_of_targets(requests: Sequence[RestRequest]) -> list[RestResponse | RestError]:
    """Answer several lists of the approved comments of one target each, for `_embed`."""
    together = requests[0]
    keys = sorted({request.params["post"][0] for request in requests
                   if len(request.params["post"]) == 1})  # fmt: skip
    together.found = opened_to(together, keys) if keys else {}
    rows = newest_below(together.found, together.params["per_page"])
    items = {item["id"]: item for item in show(rows, together)}
    shown: dict[int, list[dict[str, Any]]] = {key: [] for key in together.found}
    for row in rows:
        shown[row["target_id"]].append(items[row["xtdcomment_ptr_id"]])
    return [
        RestResponse(shown[key])
        if len(request.params["post"]) == 1 and (key := request.params["post"][0]) in shown
        else alone(request)
        for request in requests
    ]


def alone(request: RestRequest) -> RestResponse | RestError:
    try:
        require_read(request)
        return list_comments(request)
    except RestError as error:
        return error


def scope_asked_for(request: RestRequest) -> Scope | None:
    """Return where the list may show what only moderators see, None for the public list.

    Who moderates a part of the site gets that part for what only moderators may ask, and for
    everything else the public list.
    """
    scope = moderated(request)
    if scope is None or scope.is_whole_site:
        return scope
    return scope if request.context == "edit" or asks_more(request) else None


def shown_to_author(request: RestRequest) -> int | None:
    """Return the number of the comment that the asker has the token for, or None."""
    held = author_tokens.held_key(request.params)
    if held is not None:
        answer_privately()
    return held


def show(rows: list[dict[str, Any]], request: RestRequest) -> list[dict[str, Any]]:
    """Return rows as items; those below what the public may not read only to moderators."""
    targets = dict(comment_targets.get().get_many({row["target_id"] for row in rows}))
    targets |= request.found or {}
    hidden = {row["target_id"] for row in rows} - targets.keys()
    hidden = {target_id for target_id in hidden if not may_moderate(request, target_id)}
    if hidden:
        rows = [row for row in rows if row["target_id"] not in hidden]
    links = comment_links(
        [(row["xtdcomment_ptr_id"], row["path"], row["target_id"]) for row in rows], targets
    )
    zone = ZoneInfo(site_provider.get().identity().timezone)
    shows_pictures = DiscussionSettings.current().show_avatars
    pictures = pictures_of(row["user_name"] for row in rows) if shows_pictures else {}
    base, context = wp_base(), request.context
    if context == "edit":
        rows = in_clear(rows, request.user)
    items = []
    for row in rows:
        if not row["fragment_version"]:
            row["rendered"] = render(row["comment"], row["markup"])
        target = targets.get(row["target_id"])
        items.append(
            comment_item(
                row, links.get(row["xtdcomment_ptr_id"], ""), context=context, zone=zone,
                pictures=pictures.get(row["user_name"]), base=base,
                post_type=target.post_type if target else "post",
            )
        )  # fmt: skip
    return items


def find(request: RestRequest) -> VisitorComment:
    comment = VisitorComment.objects.filter(pk=request.params["id"]).first()
    if comment is None:
        raise RestError("rest_comment_invalid_id", "Invalid comment ID.", 404)
    return comment


def answer(comment: VisitorComment, request: RestRequest, status: int = 200) -> RestResponse:
    shown = show([row_of(comment)], request)
    if not shown:
        raise cannot_read_post(request)
    return RestResponse(shown[0], status=status)


def cannot_read(request: RestRequest) -> RestError:
    return refusal("rest_cannot_read", "Sorry, you are not allowed to read this comment.", request)


def cannot_read_post(request: RestRequest) -> RestError:
    return refusal(
        "rest_cannot_read_post",
        "Sorry, you are not allowed to read the post for this comment.",
        request,
    )


def standings_of(request: RestRequest, target_ids: list[int]) -> Mapping[int, Standing]:
    """Return how targets stand to the asker; a password is for one target alone."""
    given = request.params.get("password") if len(target_ids) == 1 else ""
    password = given if isinstance(given, str) else ""
    return comment_targets.get().standings(target_ids, user=request.user, password=password)


def opened_to(request: RestRequest, target_ids: list[int]) -> dict[int, CommentTarget]:
    """Return those of the targets that the asker may read, also where the public may not."""
    public = comment_targets.get().get_many(target_ids)
    if len(public) == len(set(target_ids)):
        return dict(public)
    standings = standings_of(request, target_ids)
    return {key: each.target for key, each in standings.items() if each.target is not None}


def require_get(request: RestRequest) -> None:
    """Let everybody read an approved comment below what they may read; moderators any; and its
    author, who is signed in or has its token, also one that waits."""
    comment = find(request)
    depend_on(comments_of(comment.target_id))
    is_moderator = may_moderate(request, comment.target_id)
    if request.context == "edit" and not is_moderator:
        raise forbidden_context(request)
    opened = opened_to(request, [comment.target_id])
    if not is_moderator and comment.target_id not in opened:
        raise cannot_read(request)
    if comment.status != Status.APPROVED and not is_moderator:
        is_own = comment.user_id is not None and comment.user_id == request.user.pk
        if not is_own and shown_to_author(request) != comment.pk:
            raise cannot_read(request)
        hide_judgement(comment)
    request.found = comment, opened


def get_comment(request: RestRequest) -> RestResponse:
    """Answer one comment."""
    comment, request.found = request.found
    return answer(comment, request)


def hide_judgement(comment: VisitorComment) -> None:
    # Who sends spam is not told that it was seen.
    comment.status = Status.HOLD


def require_read(request: RestRequest) -> None:
    """Let everybody read what is public, and what stands below targets that they may read."""
    if isinstance(request.params.get("post"), list):
        require_targets(request, request.params["post"])
    if moderated(request) is not None:
        return
    if request.context == "edit":
        raise forbidden_context(request)
    # Without the defaults of a list it is a write that asks what else is allowed, and WordPress
    # counts the state of its comments as asked for.
    if request.params.get("status") is None:
        raise refusal("rest_forbidden_param", "Query parameter not permitted: status", request)
    if forbidden := asks_more(request):
        raise refusal(
            "rest_forbidden_param",
            f"Query parameter not permitted: {', '.join(forbidden)}",
            request,
        )


def require_targets(request: RestRequest, target_ids: list[int]) -> None:
    """Refuse the comments of a target that the asker may not read; unknown ones have none."""
    request.found = opened_to(request, target_ids)
    unread = [key for key in target_ids
              if key not in request.found and not may_moderate(request, key)]  # fmt: skip
    if unread and standings_of(request, unread):
        raise cannot_read_post(request)


def forbidden_context(request: RestRequest) -> RestError:
    return refusal(
        "rest_forbidden_context", "Sorry, you are not allowed to edit comments.", request
    )


def asks_more(request: RestRequest) -> list[str]:
    """Return the parameters by which a request asks for what only moderators see."""
    return [
        name
        for name in PROTECTED
        if request.params.get(name) and request.params[name] not in HARMLESS.get(name, ())
    ]


def require_create(request: RestRequest) -> None:
    """Check in WordPress's order who may write, and where."""
    params, user = request.params, request.user
    own = DiscussionSettings.current()
    # What is allowed is told beside a refused parameter too, whatever it is.
    key = params.get("post")
    key = key if isinstance(key, int) else 0
    if not user.is_authenticated and (own.comment_registration or not own.anonymous_rest):
        raise RestError(
            "rest_comment_login_required", "Sorry, you must be logged in to comment.", 401
        )
    if not may_moderate(request, key):
        for name in ("author", "author_ip", "status"):
            if name in request.given and params.get(name) not in (None, "", 0, user.pk):
                raise refusal(
                    f"rest_comment_invalid_{name}",
                    f"Sorry, you are not allowed to edit '{name}' for comments.",
                    request,
                )
    target = comment_targets.get().get_many([key]).get(key) if key else None
    if target is None:
        raise no_target(request, key)
    if not services.is_open(target, own):
        raise RestError("rest_comment_closed", "Sorry, comments are closed for this item.", 403)


def no_target(request: RestRequest, key: int) -> RestError:
    """Return why nobody can comment on what the public may not read, in WordPress's words."""
    standing = standings_of(request, [key]).get(key) if key else None
    if standing is None:
        return RestError(
            "rest_comment_invalid_post_id",
            "Sorry, you are not allowed to create this comment without a post.",
            403,
        )
    if standing.status in ("draft", "trash"):
        return RestError(
            f"rest_comment_{standing.status}_post",
            "Sorry, you are not allowed to create a comment on this post.",
            403,
        )
    if standing.target is None:
        return cannot_read_post(request)
    return RestError("rest_comment_closed", "Sorry, comments are closed for this item.", 403)


def parent_of(request: RestRequest) -> int:
    """Return the comment that is answered; WordPress takes a moderator's answer to one that is not
    there, which stands by itself here."""
    key = int(request.params.get("parent") or 0)
    if key and may_moderate(request, request.params["post"]):
        there = VisitorComment.objects.filter(pk=key, target_id=request.params["post"])
        return key if there.exists() else 0
    return key


def asked_state(request: RestRequest) -> Status | None:
    """Return the state in which a moderator wants a new comment; others are asked for none."""
    word = request.params.get("status")
    if not word or word in PREVIOUS_OF or not may_moderate(request, request.params["post"]):
        return None
    if word not in STATES:
        sentence = f"status is not one of {', '.join(STATES)}."
        raise invalid_parameters({"status": ArgumentError("rest_not_in_enum", sentence)})
    return STATES[word]


def create_comment(request: RestRequest) -> RestResponse:
    """Take a comment through the same service as the form.

    The body has WordPress's keys. What its author needs to change the comment, and to see it while
    it waits, comes in headers of our own.
    """
    params, http = request.params, request.http
    if params.get("id"):
        raise RestError("rest_comment_exists", "Cannot create existing comment.", 400)
    if params.get("type") not in (None, "", "comment"):
        raise RestError("rest_invalid_comment_type", "Cannot create a comment with that type.", 400)
    text = raw_content(params.get("content"))
    if not text.strip():
        raise RestError("rest_comment_content_invalid", "Invalid comment content.", 400)
    if params.get("author"):
        account_of(params["author"])
    fields = written_meta(request, {}, params["post"]) or {}
    secret = author_tokens.author_secret(http.COOKIES.get(author_tokens.AUTHOR_COOKIE, ""))
    try:
        comment = services.submit_comment(
            services.NewComment(
                target_id=params["post"],
                parent_id=parent_of(request),
                text=text,
                author_name=params.get("author_name") or "",
                author_email=checked_email(params.get("author_email")),
                author_url=params.get("author_url") or "",
                ip_address=http.META.get("REMOTE_ADDR", ""),
                user_agent=http.headers.get("User-Agent", ""),
                referrer=author_tokens.without_token(http.headers.get("Referer", "")),
                channel="rest",
                honeypot=str(params.get(HONEYPOT) or ""),
                form_age_seconds=age_of(str(params.get("form_token") or ""), params["post"]),
                has_proof_of_work=proof_of_work.check(
                    str(params.get(proof_of_work.FIELD) or ""), params["post"]
                ),
                agreements=given_agreements(params.get("agreements") or ()),
                author_key=author_tokens.author_key(secret),
                is_remembered=bool(secret),
                user=request.user,
                meta=fields,
                wanted=asked_state(request),
            )
        )
    except (AcceptanceRequiredError, AgreementAwaitedError) as error:
        raise RestError(error.code, str(error), 403, **error.data) from error
    except errors.AddressUnconfirmedError as asked:
        body = {"code": asked.code, "message": str(asked), "data": {"status": 202}}
        return RestResponse(body, status=202)
    except errors.CommentRefusedError as error:
        raise rest_error(error) from error
    if may_moderate(request, comment.target_id):
        request.params["context"] = "edit"
    response = answer(comment, request, status=201)
    response.headers["Location"] = rest_url(f"/wp/v2/comments/{comment.pk}")
    token, _ = author_tokens.edit_token(comment)
    if token:
        response.headers[EDIT_TOKEN] = token
    if comment.status != Status.APPROVED:
        response.headers[HELD_TOKEN] = author_tokens.held_token(comment)
    return response


def written_meta(
    request: RestRequest, stored: Mapping[str, Any], target_id: int
) -> dict[str, Any] | None:
    """Return the custom fields as a request leaves them, None where it names none.

    As in WordPress only who may edit a comment writes them: its author does not.
    """
    if not (given := request.params.get("meta")):
        return None
    found = changed_meta(COMMENT, COMMENT, stored, given, request.user)
    named = [key for key in shown_keys(COMMENT, COMMENT) if key.key in given]
    if named and not may_moderate(request, target_id):
        raise refused_key(named[0], request.user, is_deleted=given[named[0].key] is None)
    return found


def raw_content(content: Any) -> str:
    return str(content.get("raw") or "") if isinstance(content, dict) else str(content or "")


def checked_email(email: Any) -> str:
    if email and not is_email(email):
        raise invalid_parameters(
            {"author_email": ArgumentError("rest_invalid_email", "Invalid email address.")}
        )
    return email or ""


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
        case errors.DiscardedError():
            return RestError("akismet_rest_comment_discarded", "Comment discarded.", 400)
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
        case errors.SanctionedError():
            return RestError(error.code, str(error), 403, **error.data)
    return RestError(error.code, str(error), 400)


FIELD_CODES = {"author_name": "author", "author_email": "author_email",
               "author_url": "author_url", "content": "content"}  # fmt: skip


def require_moderator(request: RestRequest) -> None:
    """Let moderators change comments that are there, in WordPress's words for others."""
    find(request)
    if moderated(request) is None:
        raise cannot_change(request)


def find_moderated(request: RestRequest) -> VisitorComment:
    """Return the comment that the asker may change, or raise what WordPress answers."""
    comment = find(request)
    if not may_moderate(request, comment.target_id):
        raise cannot_change(request)
    return comment


def cannot_change(request: RestRequest) -> RestError:
    verb = "delete" if request.method == "DELETE" else "edit"
    return refusal(
        f"rest_cannot_{verb}", f"Sorry, you are not allowed to {verb} this comment.", request
    )


def update_comment(request: RestRequest) -> RestResponse:
    """Moderate a comment: change its words, its author, its date and its status."""
    comment = find_moderated(request)
    params = {name: request.params.get(name) for name in request.given}
    refuse_moves(comment, params)
    # Whoever sends back what was read names the same author again, which changes no address.
    is_other = params.get("author") and params["author"] != comment.user_id
    account = account_of(params["author"]) if is_other else {}
    amendment = services.Amendment(
        text=raw_content(params["content"]) if params.get("content") is not None else None,
        author_id=account.get("id"),
        author_name=params.get("author_name", account.get("name")),
        author_email=checked_email(params.get("author_email")) or account.get("email"),
        author_url=params.get("author_url"),
        author_ip=params.get("author_ip"),
        user_agent=params.get("author_user_agent"),
        submitted_at=params.get("date_gmt") or params.get("date"),
        meta=written_meta(request, comment.meta, comment.target_id),
    )
    try:
        if amendment != services.Amendment():
            comment = services.amend_comment(comment.pk, amendment)
    except errors.CommentRefusedError as error:
        raise rest_error(error) from error
    if params.get("status") is not None:
        services.change_status(
            [comment.pk], wanted_state(comment, str(params["status"])), by=request.user
        )
        comment.refresh_from_db()
    request.params["context"] = "edit"
    return answer(comment, request)


def refuse_moves(comment: VisitorComment, params: dict[str, Any]) -> None:
    """A comment keeps its place: replies stand by it."""
    if params.get("type") not in (None, "comment"):
        raise RestError(
            "rest_comment_invalid_type", "Sorry, you are not allowed to change the comment type.",
            404,
        )  # fmt: skip
    parent = comment.parent_id if comment.depth else 0
    if params.get("post") not in (None, comment.target_id):
        raise RestError(
            "rest_comment_invalid_post_id", "A comment cannot be moved to another post.", 400
        )
    if params.get("parent") not in (None, parent):
        raise RestError(
            "rest_comment_invalid_parent", "A comment cannot be moved below another one.", 400
        )


def account_of(user_id: int) -> dict[str, Any]:
    """Return number, name and address of the account that a moderator names as the author."""
    author = public_authors.get().get_many([user_id]).get(user_id)
    if author is None:
        raise RestError("rest_comment_author_invalid", "Invalid comment author ID.", 400)
    recipient = notice_recipients.get().get_many([user_id]).get(user_id)
    return {"id": user_id, "name": author.name, "email": recipient.email if recipient else ""}


def wanted_state(comment: VisitorComment, wanted: str) -> Status:
    """Return the state that a word of WordPress names; unspam and untrash lead back."""
    if wanted in PREVIOUS_OF:
        left = PREVIOUS_OF[wanted]
        last = (
            ModerationAct.objects.filter(comment=comment, new_status=left).order_by("-pk").first()
        )
        if comment.status != left:
            return Status(comment.status)
        return Status(last.old_status) if last and last.old_status else Status.HOLD
    if wanted not in STATES:
        raise RestError("rest_comment_failed_edit", "Updating comment status failed.", 500)
    return STATES[wanted]


def delete_comment(request: RestRequest) -> RestResponse:
    """Move a comment to the trash, or delete it with `force`."""
    comment = find_moderated(request)
    request.params["context"] = "edit"
    if request.params.get("force"):
        # By WordPress's capability alone one may; a group's permission to moderate is not enough.
        if scopes.may_moderate(request.user) and not request.user.has_perm(scopes.DELETE):
            raise cannot_change(request)
        previous = answer(comment, request).data
        previous.pop("_links")
        if not services.delete_comments([comment.pk]):
            held = errors.HeldError()
            raise RestError(held.code, str(held), 409)
        return RestResponse({"deleted": True, "previous": previous})
    if comment.status == Status.TRASH:
        raise RestError("rest_already_trashed", "The comment has already been trashed.", 410)
    services.change_status([comment.pk], Status.TRASH, by=request.user)
    comment.refresh_from_db()
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
