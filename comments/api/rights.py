"""candour/v1/comments: reports of illegal content, and appeals against removals."""

from django.utils import translation

from comments import errors
from comments.models import ReportSubject
from comments.services import removing, reporting
from comments.views_rights import STATUS_OF
from core.errors import CMSError
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError

NAMESPACE = "candour/v1"
PRIVATE = {"Cache-Control": "private, no-store"}
LANG = Arg(name="lang", description="The language of mails and sentences.")


def create_report(request: RestRequest) -> RestResponse:
    """Take a report down; the answer is the same for every comment."""
    refuse_in_query(request, "email")
    params = request.params
    with translation.override(request.locale):
        try:
            reference = reporting.receive_report(
                reporting.NewReport(
                    comment_id=params["comment"],
                    about=params["about"],
                    explanation=params["explanation"],
                    name=params.get("name") or "",
                    email=params.get("email") or "",
                    language=request.locale,
                    source=request.http.META.get("REMOTE_ADDR", ""),
                )
            )
        except (errors.ReportRefusedError, errors.CommentRefusedError) as error:
            raise rest_error(error) from None
    return RestResponse({"reference": reference}, 202, dict(PRIVATE))


def create_appeal(request: RestRequest) -> RestResponse:
    """Take an appeal, once."""
    refuse_in_query(request, "token")
    with translation.override(request.locale):
        try:
            removing.appeal(request.params["token"], request.params["text"])
        except errors.AppealError as error:
            raise rest_error(error) from None
    return RestResponse({"status": "received"}, 201, dict(PRIVATE))


def refuse_in_query(request: RestRequest, name: str) -> None:
    """An address or token in a URL ends up in logs: it is taken from the body only."""
    if name in request.http.GET:
        raise RestError(
            "candour_body_only", f"Send {name} in the body of the request, not in its address.", 400
        )


def rest_error(error: CMSError) -> RestError:
    status = next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), 400)
    return RestError(f"candour_{error.code}", str(error), status)


ROUTES = (
    Route(
        pattern=f"/{NAMESPACE}/comments/reports",
        namespace=NAMESPACE,
        endpoints=[
            Endpoint(
                methods=("POST",),
                handler=create_report,
                answers=(202,),
                refusals=(429,),
                args=(
                    Arg(name="comment", type="integer", required=True, minimum=1,
                        description="The comment that is reported."),
                    Arg(name="about", required=True, enum=tuple(ReportSubject.values),
                        description="What kind of law it breaks."),
                    Arg(name="explanation", required=True,
                        description="Why it is illegal; up to 5,000 characters."),
                    Arg(name="name", description="The reporter's name."),
                    Arg(name="email", description="Where the decision is mailed."),
                    LANG,
                ),
            )
        ],
    ),
    Route(
        pattern=f"/{NAMESPACE}/comments/appeals",
        namespace=NAMESPACE,
        endpoints=[
            Endpoint(
                methods=("POST",),
                handler=create_appeal,
                answers=(201,),
                refusals=(404, 409, 410),
                args=(
                    Arg(name="token", required=True,
                        description="The token from the link's fragment in the mail, or the code."),
                    Arg(name="text", required=True,
                        description="Why the comment should come back; up to 5,000 characters."),
                    LANG,
                ),
            )
        ],
    ),
)  # fmt: skip
