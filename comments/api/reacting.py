"""Reactions and flags over REST, for readers without an account as well."""

from collections.abc import Callable

from comments import errors
from comments.models import FlagReason
from comments.services import reacting
from core.errors import CMSError
from core.generations import COMMENTS, depend_on
from core.origin import ForeignOriginError, require_same_origin
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError

STATUS_OF: dict[type[CMSError], int] = {
    errors.CommentUnknownError: 404,
    errors.ReactionUnknownError: 400,
    errors.FlagReasonUnknownError: 400,
    ForeignOriginError: 403,
}
UNCACHED = {"Cache-Control": "no-store"}


def guarded(act: Callable[[RestRequest], RestResponse]) -> Callable[[RestRequest], RestResponse]:
    """Let only our own pages and allowed front ends act, and answer refusals as REST does."""

    def handle(request: RestRequest) -> RestResponse:
        try:
            if request.method != "GET":
                require_same_origin(request.http)
            return act(request)
        except CMSError as error:
            if isinstance(error, RestError):
                raise
            raise RestError(error.code, str(error), STATUS_OF.get(type(error), 400)) from error

    return handle


def who(request: RestRequest) -> dict[str, object]:
    return {"user": request.user, "ip_address": request.http.META.get("REMOTE_ADDR", "")}


@guarded
def list_reactions(request: RestRequest) -> RestResponse:
    """Answer the counts, and which reactions the asker gave; never cached, since it is theirs."""
    depend_on(COMMENTS)
    counts, own = reacting.reactions_of(request.params["id"], **who(request))
    offered = reacting.offered_reactions()
    body = {"offered": offered, "counts": counts, "own": own}
    return RestResponse(body, headers=dict(UNCACHED))


@guarded
def react(request: RestRequest) -> RestResponse:
    """Add the asker's reaction."""
    counts = reacting.react(request.params["id"], request.params["kind"], **who(request))
    return RestResponse({"counts": counts}, status=201, headers=dict(UNCACHED))


@guarded
def take_back(request: RestRequest) -> RestResponse:
    """Take the asker's reaction back."""
    counts = reacting.take_back(request.params["id"], request.params["kind"], **who(request))
    return RestResponse({"counts": counts}, headers=dict(UNCACHED))


@guarded
def flag(request: RestRequest) -> RestResponse:
    """Note the asker's flag; the answer does not tell whether it is the first."""
    reacting.flag(
        request.params["id"], request.params["reason"], request.params.get("note") or "",
        **who(request),
    )  # fmt: skip
    return RestResponse({"status": "noted"}, status=202, headers=dict(UNCACHED))


ID = Arg(name="id", type="integer", description="Unique identifier for the comment.")
KIND = Arg(name="kind", required=True, description="One of the reactions that the site offers.")

ROUTES = [
    Route(
        pattern=r"/candour/v1/comments/(?P<id>[\d]+)/reactions",
        namespace="candour/v1",
        endpoints=[
            Endpoint(methods=("GET",), handler=list_reactions, args=(ID,)),
            Endpoint(methods=("POST",), handler=react, args=(ID, KIND), answers=(201,)),
            Endpoint(methods=("DELETE",), handler=take_back, args=(ID, KIND)),
        ],
    ),
    Route(
        pattern=r"/candour/v1/comments/(?P<id>[\d]+)/flags",
        namespace="candour/v1",
        endpoints=[
            Endpoint(methods=("POST",), handler=flag, answers=(202,), args=(
                ID,
                Arg(name="reason", required=True, enum=tuple(FlagReason.values),
                    description="Why a moderator should look at the comment."),
                Arg(name="note", description="What else a moderator should know."),
            )),
        ],
    ),
]  # fmt: skip
