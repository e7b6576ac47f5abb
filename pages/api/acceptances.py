"""candour/v1: what a signed-in person agreed to, and agreeing."""

from typing import Any

from django.db import transaction

from core.errors import CMSError
from core.extensions.acceptance import Person
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from pages.acceptances import ACTIONS, append, events_of, is_offered, receipt_of
from pages.errors import PolicyVersionChangedError
from pages.models import PolicyDocument

STATUS_OF = {"policy_version_changed": 409}


def require_account(request: RestRequest) -> None:
    """Let signed-in people in: an agreement is somebody's."""
    if not request.user.is_authenticated:
        raise RestError("rest_not_logged_in", "You are not currently logged in.", 401)


def document_in(request: RestRequest) -> PolicyDocument:
    document = PolicyDocument.objects.filter(slug=request.params["slug"]).first()
    if document is None:
        raise RestError(
            "candour_policy_unknown",
            "There is no policy of this name. The list of policies has the names there are.",
            404,
        )
    return document


def list_acceptances(request: RestRequest) -> RestResponse:
    """Answer one's own receipts for a policy, newest first."""
    document = document_in(request)
    events = events_of(Person(user_id=request.user.pk))
    found = [receipt_of(row) for row in events if row.version.document_id == document.pk]
    return RestResponse(found, total=len(found), pages=1)


def create_acceptance(request: RestRequest) -> RestResponse:
    """Record an answer to the version in force or announced, and answer the receipt."""
    document = document_in(request)
    params = request.params
    version = document.versions.filter(number=params["version"]).first()
    locale = params.get("locale") or request.locale
    try:
        if version is None or not is_offered(document, version):
            raise PolicyVersionChangedError
        if not version.texts.filter(locale=locale).exists():
            raise RestError(
                "candour_policy_locale_unknown",
                "This version has no text in that language. A translation of a former version "
                "cannot be accepted alone: name a language that this version has.",
                400,
                locales=sorted(version.texts.values_list("locale", flat=True)),
            )
        with transaction.atomic():
            row = append(
                version,
                person=Person(user_id=request.user.pk),
                locale=locale,
                surface=params["surface"],
                action=params["action"],
            )
    except CMSError as error:
        data: dict[str, Any] = error.data
        raise RestError(error.code, str(error), STATUS_OF.get(error.code, 400), **data) from error
    return RestResponse(receipt_of(row), status=201)


SLUG = Arg(name="slug", description="The policy's name in addresses.")
ACCEPTANCE_ROUTES = [
    Route(
        pattern=r"/candour/v1/policies/(?P<slug>[\w-]+)/acceptances",
        namespace="candour/v1",
        endpoints=[
            Endpoint(
                methods=("GET",), handler=list_acceptances, permission=require_account, args=(SLUG,)
            ),
            Endpoint(
                methods=("POST",),
                handler=create_acceptance,
                permission=require_account,
                args=(
                    SLUG,
                    Arg(name="version", type="integer", required=True,
                        description="The number of the version that was shown."),
                    Arg(name="locale", description="The language of the text that was shown."),
                    Arg(name="action", required=True, enum=ACTIONS,
                        description="What the person does."),
                    Arg(name="surface", default="api", has_default=True,
                        pattern=r"^[a-z][a-z0-9-]{0,39}$",
                        description="Where the person was asked, such as checkout."),
                ),
            ),
        ],
    ),
]  # fmt: skip
