"""Routes of wp/v2/comments and of the form token."""

from dataclasses import replace

from comments.api import editing, following, handlers, proof, reacting
from comments.api.schema import comment_schema
from comments.forms import HONEYPOT
from comments.screening.proof_of_work import FIELD as PROOF
from core.rest.arguments import (
    COLLECTION_ARGS,
    CONTEXT_ARG,
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    date_args,
    id_arg,
    order_args,
)
from core.rest.declare import Arg, Endpoint, Route
from core.rest.meta import judge_meta
from core.rest.schemas import as_written

IDS = {"type": "integer"}
ID_ARG = id_arg("comment")
PASSWORD = Arg(name="password",
               description="The password for the post if it is password protected.")  # fmt: skip
PARENT_PASSWORD = Arg(name="password", description="The password for the parent post of the "
                      "comment (if the post is password protected).")  # fmt: skip
# WordPress has no word for these: the two that show a comment which waits to its author.
HELD = (
    Arg(name="unapproved", type="integer", is_ours=True,
        description="A comment that waits, shown to who has its moderation-hash."),
    Arg(name="moderation-hash", is_ours=True, description="The token for a comment that waits."),
)  # fmt: skip


def id_list(name: str, description: str, *, is_empty_by_default: bool = False) -> Arg:
    return Arg(name=name, type="array", items=IDS, default=() if is_empty_by_default else None,
               has_default=is_empty_by_default, description=description)  # fmt: skip


LIST_ARGS = (
    *COLLECTION_ARGS,
    *date_args(of="comments published"),
    id_list("author", "Limit result set to comments assigned to specific user IDs. Requires "
            "authorization."),
    id_list("author_exclude", "Ensure result set excludes comments assigned to specific user IDs. "
            "Requires authorization."),
    Arg(name="author_email", format="email", has_default=True,
        description="Limit result set to that from a specific author email. Requires "
        "authorization."),
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    *order_args("date", "date_gmt", "id", "include", "post", "parent", "type", default="date_gmt",
                of="comment"),
    id_list("parent", "Limit result set to comments of specific parent IDs.",
            is_empty_by_default=True),
    id_list("parent_exclude", "Ensure result set excludes specific parent IDs.",
            is_empty_by_default=True),
    id_list("post", "Limit result set to comments assigned to specific post IDs.",
            is_empty_by_default=True),
    Arg(name="status", default="approve",
        description="Limit result set to comments assigned a specific status. Requires "
        "authorization."),
    Arg(name="type", default="comment",
        description="Limit result set to comments assigned a specific type. Requires "
        "authorization."),
    PASSWORD,
    *HELD,
)  # fmt: skip
CONTENT = {
    "raw": {"description": "Content for the comment, as it exists in the database.",
            "type": "string", "context": ["edit"]},
    "rendered": {"description": "HTML content for the comment, transformed for display.",
                 "type": "string", "context": ["view", "edit", "embed"], "readonly": True},
}  # fmt: skip
ITEM_ARGS = (
    Arg(name="author", type="integer",
        description="The ID of the user object, if author was a user."),
    Arg(name="author_email", description="Email address for the comment author.",
        format="email"),
    Arg(name="author_ip", description="IP address for the comment author.", format="ip"),
    Arg(name="author_name", description="Display name for the comment author."),
    Arg(name="author_url", description="URL for the comment author.", format="uri"),
    Arg(name="author_user_agent", description="User agent for the comment author."),
    Arg(name="content", type="object", properties=CONTENT, judge=as_written,
        description="The content for the comment."),
    Arg(name="date", format="date-time",
        description="The date the comment was published, in the site's timezone."),
    Arg(name="date_gmt", format="date-time",
        description="The date the comment was published, as GMT."),
    Arg(name="parent", type="integer", description="The ID for the parent of the comment."),
    Arg(name="post", type="integer", description="The ID of the associated post object."),
    Arg(name="status", description="State of the comment."),
    Arg(name="meta", type="object", description="Meta fields.", properties={}, judge=judge_meta),
)  # fmt: skip
CREATE_ARGS = (
    *(
        replace(arg, default=0, has_default=True) if arg.name in {"parent", "post"} else arg
        for arg in ITEM_ARGS
    ),
    Arg(
        name="agreements",
        type="array",
        items={"type": "string"},
        description="Policy versions that the author agrees to, as slug@number.",
        is_ours=True,
    ),
    Arg(name="form_token", description="The token of the comment form.", is_ours=True),
    Arg(
        name=PROOF,
        description="The answer to a challenge, as ALTCHA's clients write it.",
        is_ours=True,
    ),
    Arg(name=HONEYPOT, description="Left empty by people.", is_ours=True),
)
FORCE = Arg(name="force", type="boolean", default=False, has_default=True,
            description="Whether to bypass Trash and force deletion.")  # fmt: skip

MAIL_TOKEN = Arg(name="token", required=True, description="The token of the link in the mail.")

ROUTES = [
    Route(
        pattern="/wp/v2/comments",
        namespace="wp/v2",
        schema=comment_schema,
        endpoints=[
            Endpoint(methods=("GET",), handler=handlers.list_comments, args=LIST_ARGS,
                     permission=handlers.require_read, many=handlers.lists_of_targets),
            Endpoint(methods=("POST",), handler=handlers.create_comment, args=CREATE_ARGS,
                     permission=handlers.require_create, answers=(201, 202), refusals=(409,)),
        ],
    ),
    Route(
        pattern=r"/wp/v2/comments/(?P<id>[\d]+)",
        namespace="wp/v2",
        schema=comment_schema,
        endpoints=[
            Endpoint(methods=("GET",), handler=handlers.get_comment,
                     args=(ID_ARG, CONTEXT_ARG, PARENT_PASSWORD, *HELD),
                     permission=handlers.require_get),
            Endpoint(methods=("POST", "PUT", "PATCH"), handler=handlers.update_comment,
                     args=(ID_ARG, *ITEM_ARGS), permission=handlers.require_moderator,
                     refusals=(500,)),
            Endpoint(methods=("DELETE",), handler=handlers.delete_comment,
                     args=(ID_ARG, FORCE, PARENT_PASSWORD), permission=handlers.require_moderator,
                     refusals=(409, 410)),
        ],
    ),
    Route(
        pattern="/candour/v1/comments/form-token",
        namespace="candour/v1",
        endpoints=[
            Endpoint(methods=("GET",), handler=handlers.form_token,
                     args=(Arg(name="post", type="integer", required=True,
                               description="The post to comment on."),)),
        ],
    ),
    Route(
        pattern="/candour/v1/comments/challenge",
        namespace="candour/v1",
        endpoints=[
            Endpoint(methods=("GET",), handler=proof.challenge,
                     args=(Arg(name="post", type="integer", required=True,
                               description="The post to comment on."),)),
        ],
    ),
    Route(
        pattern="/candour/v1/comments/subscriptions",
        namespace="candour/v1",
        endpoints=[
            Endpoint(methods=("POST",), handler=following.follow, answers=(202,),
                     refusals=(404,), args=(
                Arg(name="post", type="integer", required=True,
                    description="The post whose comments are followed."),
                Arg(name="email", required=True, format="email",
                    description="The address that is asked and then gets the mails."),
            )),
            Endpoint(methods=("DELETE",), handler=following.end, refusals=(404,), args=(
                MAIL_TOKEN,
                Arg(name="everywhere", type="boolean", default=False, has_default=True,
                    description="Whether to end the mails about every discussion."),
            )),
        ],
    ),
    Route(
        pattern="/candour/v1/comments/subscriptions/confirm",
        namespace="candour/v1",
        endpoints=[Endpoint(methods=("POST",), handler=following.confirm, args=(MAIL_TOKEN,),
                            refusals=(404,))],
    ),
    *editing.ROUTES,
    *reacting.ROUTES,
]  # fmt: skip
