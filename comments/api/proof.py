"""The challenge whose answer may come with a comment."""

from comments.screening.proof_of_work import make_challenge
from core.rest.declare import RestRequest, RestResponse


def challenge(request: RestRequest) -> RestResponse:
    """Answer a sum for a browser to do; never cached, since each is used once."""
    body = make_challenge(request.params["post"])
    return RestResponse(body, headers={"Cache-Control": "no-store"})
