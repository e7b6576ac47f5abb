"""Following a discussion over REST: the same answer whoever asks."""

from comments import errors
from comments.services import following
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError


def follow(request: RestRequest) -> RestResponse:
    """Take an address down; its mailbox is asked, and nothing tells whether it is known."""
    user = request.user if request.user.is_authenticated else None
    try:
        following.follow(request.params["post"], request.params["email"], user=user)
    except errors.TargetUnknownError as error:
        raise RestError(error.code, str(error), 404) from error
    return RestResponse({"status": "asked"}, status=202, headers={"Cache-Control": "no-store"})


def confirm(request: RestRequest) -> RestResponse:
    """Begin to send mail to who holds the token of the question."""
    try:
        following.confirm(request.params["token"])
    except errors.LinkUnknownError as error:
        raise RestError(error.code, str(error), 404) from error
    return RestResponse({"status": "following"})


def end(request: RestRequest) -> RestResponse:
    """Send no more mail to who holds the token of a mail."""
    try:
        following.end(request.params["token"], everywhere=bool(request.params.get("everywhere")))
    except errors.LinkUnknownError as error:
        raise RestError(error.code, str(error), 404) from error
    return RestResponse({"status": "ended"})
