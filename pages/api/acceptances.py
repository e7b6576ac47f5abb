"""candour/v1: what a signed-in person agreed and consented to, and answering."""

from typing import Any

from django.db import transaction

from core.errors import CMSError
from core.extensions.acceptance import (
    ConsentPurpose,
    Person,
    acceptance_gate,
    consent_purposes,
)
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from pages.acceptances import ACTIONS, answer, events_of
from pages.errors import PolicyVersionChangedError
from pages.models import PolicyDocument
from pages.receipts import receipt_of

STATUS_OF = {
    "age_agreement_awaited": 403,
    "policy_version_changed": 409,
    "policy_nothing_to_withdraw": 409,
}


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
    found = [receipt_of(row) for row in events if row.version and row.version.document == document]
    return RestResponse(found, total=len(found), pages=1)


def create_acceptance(request: RestRequest) -> RestResponse:
    """Record an answer to the version in force or announced, and answer the receipt."""
    document = document_in(request)
    params = request.params
    version = document.versions.filter(number=params["version"]).first()
    asked_locale = params.get("locale")
    try:
        if version is None:
            raise PolicyVersionChangedError
        if asked_locale and not version.texts.filter(locale=asked_locale).exists():
            raise RestError(
                "candour_policy_locale_unknown",
                "This version has no text in that language. A translation of a former version "
                "cannot be accepted alone: name a language that this version has.",
                400,
                locales=sorted(version.texts.values_list("locale", flat=True)),
            )
        with transaction.atomic():
            row = answer(
                version,
                person=Person.of(request.user),
                locale=asked_locale or request.locale,
                surface=params["surface"],
                action=params["action"],
            )
    except CMSError as error:
        data: dict[str, Any] = error.data
        raise RestError(error.code, str(error), STATUS_OF.get(error.code, 400), **data) from error
    return RestResponse(receipt_of(row), status=201)


def consent_item(purpose: ConsentPurpose, given: frozenset[str]) -> dict[str, Any]:
    return {
        "purpose": purpose.identifier,
        "edition": purpose.edition,
        "heading": str(purpose.heading),
        "wording": str(purpose.wording),
        "consents": purpose.identifier in given,
    }


def list_consents(request: RestRequest) -> RestResponse:
    """Answer every purpose that an account may consent to, and whether it does."""
    given = acceptance_gate.get().consents(Person.of(request.user))
    found = [consent_item(each, given) for each in consent_purposes if each.is_for_accounts]
    return RestResponse(found, total=len(found), pages=1)


def answer_consent(request: RestRequest) -> RestResponse:
    """Record the answer to one purpose, and answer where it stands."""
    params, gate = request.params, acceptance_gate.get()
    purpose = consent_purposes.get(params["purpose"])
    if purpose is None or not purpose.is_for_accounts:
        raise RestError(
            "candour_purpose_unknown", "There is no such purpose. The list has those there are.",
            404,
        )  # fmt: skip
    person = Person.of(request.user)
    try:
        with transaction.atomic():
            gate.consent(purpose, person=person, locale=request.locale,
                         surface=params["surface"], action=params["action"])  # fmt: skip
    except CMSError as error:
        raise RestError(error.code, str(error), STATUS_OF.get(error.code, 400)) from error
    return RestResponse(consent_item(purpose, gate.consents(person)), status=201)


SURFACE = Arg(name="surface", default="api", has_default=True,
              pattern=r"^[a-z][a-z0-9-]{0,39}$",
              description="Where the person was asked, such as checkout.")  # fmt: skip
LANGUAGE = Arg(name="lang", description="The language of the words that were shown.")
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
                answers=(201,),
                refusals=(409,),
                permission=require_account,
                args=(
                    SLUG,
                    Arg(name="version", type="integer", required=True,
                        description="The number of the version that was shown."),
                    Arg(name="locale", description="The language of the text that was shown."),
                    Arg(name="action", required=True, enum=ACTIONS,
                        description="What the person does."),
                    SURFACE,
                ),
            ),
        ],
    ),
    Route(
        pattern="/candour/v1/consents",
        namespace="candour/v1",
        endpoints=[
            Endpoint(methods=("GET",), handler=list_consents, permission=require_account,
                     args=(LANGUAGE,)),
            Endpoint(
                methods=("POST",),
                handler=answer_consent,
                answers=(201,),
                refusals=(404, 409),
                permission=require_account,
                args=(
                    Arg(name="purpose", required=True, description="The purpose's identifier."),
                    Arg(name="action", required=True, enum=("consent", "decline", "withdraw"),
                        description="What the person does."),
                    SURFACE,
                    LANGUAGE,
                ),
            ),
        ],
    ),
]  # fmt: skip
