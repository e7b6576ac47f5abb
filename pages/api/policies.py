"""candour/v1: policies, their versions, and what was in force when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.generations import expire_at
from core.rest.arguments import PAGE_ARG, PER_PAGE_ARG
from core.rest.collections import paginate
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.urls import rest_url
from pages.models import PolicyDocument, PolicyVersion
from pages.policies import all_versions, status_of, switch_at, version_in_force

NAMESPACE = "candour/v1"
BASE = "/candour/v1/policies"


def version_url(document: PolicyDocument, number: int) -> str:
    return rest_url(f"{BASE}/{document.slug}/versions/{number}")


def version_item(
    version: PolicyVersion, versions: Sequence[PolicyVersion], document: PolicyDocument, locale: str
) -> dict[str, Any]:
    """Return a version with the names of the promised surface. `versions` has all, newest first."""
    now = timezone.now()
    text = version.text_for(locale)
    links = {relation: url for relation, url, *_ in relations(version, versions, document)}
    return {
        "number": version.number,
        "title": text.title,
        "locale": text.locale,
        "updated_on": version.updated_on.isoformat() if version.updated_on else None,
        "effective_at": version.effective_at.isoformat() if version.effective_at else None,
        "published_at": version.published_at.isoformat(),
        "status": status_of(version, version_in_force(versions, now), now),
        "correction": False,
        "recorded_later": version.is_recorded_later,
        "material": version.material,
        "reduces_rights": version.reduces_rights,
        "acceptance": version.acceptance,
        "summary": text.summary,
        "clauses": text.clauses,
        "html": text.html,
        "text": text.text,
        "sha256": version.sha256,
        "text_sha256": text.sha256,
        "previous_sha256": version.previous_sha256 or None,
        "links": {"self": version_url(document, version.number), **links},
    }


def relations(
    version: PolicyVersion, versions: Sequence[PolicyVersion], document: PolicyDocument
) -> list[tuple[str, ...]]:
    """Return the links of RFC 5829: latest, neighbours and history."""
    numbers = {each.number for each in versions}
    links: list[tuple[str, ...]] = [
        ("version-history", rest_url(f"{BASE}/{document.slug}/versions")),
        ("latest-version", version_url(document, max(numbers))),
    ]
    if version.number - 1 in numbers:
        links.append(("predecessor-version", version_url(document, version.number - 1)))
    if version.number + 1 in numbers:
        links.append(("successor-version", version_url(document, version.number + 1)))
    return links


def find_document(request: RestRequest) -> tuple[PolicyDocument, list[PolicyVersion]]:
    document = PolicyDocument.objects.filter(slug=request.params["slug"]).first()
    versions = all_versions(document) if document else []
    if document is None or not versions:
        raise RestError(
            "candour_policy_unknown",
            "There is no policy of this name. The list of policies has the names there are.",
            404,
        )
    switch_at(versions, timezone.now())
    return document, versions


def answer(
    version: PolicyVersion,
    versions: Sequence[PolicyVersion],
    document: PolicyDocument,
    request: RestRequest,
) -> RestResponse:
    return RestResponse(
        version_item(version, versions, document, request.locale),
        links=relations(version, versions, document),
    )


def policy_item(
    document: PolicyDocument, versions: Sequence[PolicyVersion], locale: str
) -> dict[str, Any]:
    now = timezone.now()
    switch_at(versions, now)
    in_force = version_in_force(versions, now)
    coming = [version for version in versions if version.holds_from > now]
    shown = in_force or versions[-1]
    return {
        "slug": document.slug,
        "kind": document.kind,
        "title": shown.text_for(locale).title,
        "in_force": in_force.number if in_force else None,
        "announced": min(coming, key=lambda each: each.holds_from).number if coming else None,
        "versions": len(versions),
        "locales": sorted({text.locale for version in versions for text in version.texts.all()}),
        "links": {
            "self": rest_url(f"{BASE}/{document.slug}"),
            "versions": rest_url(f"{BASE}/{document.slug}/versions"),
            "in-force": rest_url(f"{BASE}/{document.slug}/in-force"),
        },
    }


def list_policies(request: RestRequest) -> RestResponse:
    """Answer every policy that has a version."""
    by_document: dict[int, list[PolicyVersion]] = {}
    for version in (
        PolicyVersion.objects.select_related("document")
        .prefetch_related("texts")
        .order_by("-number")
    ):
        by_document.setdefault(version.document_id, []).append(version)
    total = len(by_document)
    offset, limit, pages = paginate(total, request)
    items = [
        policy_item(versions[0].document, versions, request.locale)
        for _, versions in sorted(by_document.items())[offset : offset + limit]
    ]
    return RestResponse(items, total=total, pages=pages)


def get_policy(request: RestRequest) -> RestResponse:
    """Answer one policy."""
    document, versions = find_document(request)
    return RestResponse(
        policy_item(document, versions, request.locale),
        links=[("version-history", rest_url(f"{BASE}/{document.slug}/versions"))],
    )


def list_versions(request: RestRequest) -> RestResponse:
    """Answer a policy's versions, newest first."""
    document, versions = find_document(request)
    offset, limit, pages = paginate(len(versions), request)
    items = [
        version_item(version, versions, document, request.locale)
        for version in versions[offset : offset + limit]
    ]
    return RestResponse(items, total=len(versions), pages=pages)


def get_version(request: RestRequest) -> RestResponse:
    """Answer one version."""
    document, versions = find_document(request)
    version = next((each for each in versions if each.number == request.params["number"]), None)
    if version is None:
        raise RestError(
            "candour_version_unknown",
            f"This policy has the versions 1 to {versions[0].number}.",
            404,
        )
    return answer(version, versions, document, request)


def get_in_force(request: RestRequest) -> RestResponse:
    """Answer the version in force at a moment: 404 before the first, 416 past the last known."""
    document, versions = find_document(request)
    now = timezone.now()
    at: datetime = request.params.get("at") or now
    known_until = max([now, *(version.holds_from for version in versions)])
    if at > known_until:
        expire_at(at)
        raise RestError(
            "candour_moment_unknown",
            "Nobody knows yet what will be in force then. Ask for a moment up to the last "
            "announced one.",
            416,
        )
    version = version_in_force(versions, at)
    if version is None:
        raise RestError("candour_nothing_in_force", "No version was in force at that moment.", 404)
    return answer(version, versions, document, request)


def route(pattern: str, handler: Any, *args: Arg) -> Route:
    language = Arg(name="lang", description="The language of the text, such as zh-hans.")
    return Route(
        pattern=f"{BASE}{pattern}",
        namespace=NAMESPACE,
        endpoints=[Endpoint(methods=("GET",), handler=handler, args=(*args, language))],
    )


SLUG = Arg(name="slug", description="The policy's name in addresses.")
POLICY_ROUTES = [
    route("", list_policies, PAGE_ARG, PER_PAGE_ARG),
    route(r"/(?P<slug>[\w-]+)", get_policy, SLUG),
    route(r"/(?P<slug>[\w-]+)/versions", list_versions, SLUG, PAGE_ARG, PER_PAGE_ARG),
    route(r"/(?P<slug>[\w-]+)/versions/(?P<number>[\d]+)", get_version, SLUG,
          Arg(name="number", type="integer", description="The version's number.")),
    route(r"/(?P<slug>[\w-]+)/in-force", get_in_force, SLUG,
          Arg(name="at", format="date-time", description="The moment, in ISO 8601.")),
]  # fmt: skip
