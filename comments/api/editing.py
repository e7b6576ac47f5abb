"""An author's changes over REST, by the edit token that came with the comment."""

from collections.abc import Callable

from comments import errors
from comments.author_tokens import edit_until
from comments.models import VisitorComment
from comments.services import editing
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError

STATUS_OF = {
    errors.EditClosedError: 403,
    errors.LinkUnknownError: 404,
    errors.SanctionedError: 403,
}
UNCACHED = {"Cache-Control": "no-store"}


def answered(act: Callable[[RestRequest], RestResponse]) -> Callable[[RestRequest], RestResponse]:
    def handle(request: RestRequest) -> RestResponse:
        try:
            if editing.own_comment(token_of(request)).pk != request.params["id"]:
                raise errors.EditClosedError
            return act(request)
        except errors.CommentRefusedError as error:
            status = STATUS_OF.get(type(error), 400)
            raise RestError(error.code, str(error), status) from error

    return handle


def token_of(request: RestRequest) -> str:
    given = request.http.headers.get("X-Candour-Edit-Token") or request.params.get("token")
    return str(given or "")


def shown(comment: VisitorComment) -> dict[str, object]:
    until = edit_until(comment)
    return {
        "id": comment.pk,
        "status": comment.status,
        "content": {"raw": comment.comment, "rendered": comment.rendered},
        "edit_until": until.isoformat() if until else None,
    }


@answered
def read(request: RestRequest) -> RestResponse:
    """Answer the asker's own comment, in whatever state it is."""
    comment = editing.own_comment(token_of(request))
    return RestResponse(shown(comment), headers=dict(UNCACHED))


@answered
def edit(request: RestRequest) -> RestResponse:
    """Give the asker's own comment another text."""
    comment = editing.edit_comment(token_of(request), request.params["content"])
    return RestResponse(shown(comment), headers=dict(UNCACHED))


@answered
def withdraw(request: RestRequest) -> RestResponse:
    """Take the asker's own comment back for good."""
    editing.withdraw_comment(token_of(request))
    return RestResponse({"deleted": True}, headers=dict(UNCACHED))


ID = Arg(name="id", type="integer", description="Unique identifier for the comment.")
TOKEN = Arg(name="token", description="The edit token, where the header X-Candour-Edit-Token is "
            "not sent.")  # fmt: skip

ROUTES = [
    Route(
        pattern=r"/candour/v1/comments/(?P<id>[\d]+)",
        namespace="candour/v1",
        endpoints=[
            Endpoint(methods=("GET",), handler=read, args=(ID, TOKEN)),
            Endpoint(methods=("PATCH", "POST", "PUT"), handler=edit, args=(
                ID, TOKEN,
                Arg(name="content", required=True, description="The new text."),
            )),
            Endpoint(methods=("DELETE",), handler=withdraw, args=(ID, TOKEN)),
        ],
    ),
]  # fmt: skip
