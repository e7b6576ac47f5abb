"""candour/v1: policies, their versions, and what was in force when."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from core.extensions.acceptance import Person
from core.generations import expire_at
from core.rest.arguments import PAGE_ARG, PER_PAGE_ARG
from core.rest.collections import paginate
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.urls import rest_url
from pages.acceptances import applies_to
from pages.comparing import compare, counts
from pages.feeds import policy_feed
from pages.links import site_zone
from pages.models import PolicyDocument, PolicyVersion
from pages.policies import (
    SUPERSEDED,
    Timeline,
    public_documents,
    texts_to_compare,
    timeline_of,
    timelines_of,
    version_of,
)

NAMESPACE = "candour/v1"
KINDS = {"=": "equal", "-": "delete", "+": "insert"}
BASE = "/candour/v1/policies"
# Where a policy stands changes by itself: caches ask each time, and mostly hear "not modified".
FRESH = {"Cache-Control": "public, max-age=0, must-revalidate"}
# A version that another has followed changes no more; even its translations are closed.
LASTING = {"Cache-Control": "public, max-age=86400"}


def version_url(document: PolicyDocument, number: int) -> str:
    return rest_url(f"{BASE}/{document.slug}/versions/{number}")


def version_item(version: PolicyVersion, timeline: Timeline, locale: str) -> dict[str, Any]:
    """Return a version with the names of the promised surface."""
    text = version.text_for(locale)
    links = {relation: url for relation, url, *_ in relations(version, timeline)}
    return {
        "number": version.number,
        "label": version.label,
        "title": text.title,
        "locale": text.locale,
        "updated_on": version.updated_on.isoformat() if version.updated_on else None,
        "effective_at": version.effective_at.isoformat() if version.effective_at else None,
        "published_at": version.published_at.isoformat(),
        "status": timeline.status_of(version),
        "effective_zone": version.effective_zone,
        "correction": version.is_correction,
        "recorded_later": version.is_recorded_later,
        "material": version.material,
        "reduces_rights": version.reduces_rights,
        "acceptance": version.acceptance,
        "triggers": version.triggers,
        "new_functions": version.new_functions,
        "entity": version.entity,
        "summary": text.summary,
        "clauses": text.clauses,
        "html": text.html,
        "text": text.text,
        "sha256": version.sha256,
        "text_sha256": text.sha256,
        "previous_sha256": version.previous_sha256 or None,
        "links": {"self": version_url(timeline.document, version.number), **links},
    }


def relations(version: PolicyVersion, timeline: Timeline) -> list[tuple[str, ...]]:
    """Return the links of RFC 5829: latest, neighbours and history."""
    document = timeline.document
    links: list[tuple[str, ...]] = [
        ("version-history", rest_url(f"{BASE}/{document.slug}/versions")),
        ("latest-version", version_url(document, timeline.newest.number)),
    ]
    if version.number > 1:
        links.append(("predecessor-version", version_url(document, version.number - 1)))
    if version.number < timeline.newest.number:
        links.append(("successor-version", version_url(document, version.number + 1)))
    return links


def find_timeline(request: RestRequest) -> Timeline:
    timeline = timeline_of(public_documents().filter(slug=request.params["slug"]))
    if timeline is None:
        raise RestError(
            "candour_policy_unknown",
            "There is no policy of this name. The list of policies has the names there are.",
            404,
        )
    return timeline


def answer(version: PolicyVersion, timeline: Timeline, request: RestRequest) -> RestResponse:
    return RestResponse(
        version_item(version, timeline, request.locale),
        links=relations(version, timeline),
        headers=dict(FRESH),
    )


def policy_item(timeline: Timeline, locale: str) -> dict[str, Any]:
    document = timeline.document
    return {
        "slug": document.slug,
        "kind": document.kind,
        "title": timeline.shown.text_for(locale).title,
        "in_force": timeline.in_force.number if timeline.in_force else None,
        "announced": timeline.coming.number if timeline.coming else None,
        "versions": timeline.newest.number,
        "locales": sorted(text.locale for text in timeline.shown.texts.all()),
        "links": {
            "self": rest_url(f"{BASE}/{document.slug}"),
            "versions": rest_url(f"{BASE}/{document.slug}/versions"),
            "in-force": rest_url(f"{BASE}/{document.slug}/in-force"),
            "diff": rest_url(f"{BASE}/{document.slug}/diff"),
        },
    }


def list_policies(request: RestRequest) -> RestResponse:
    """Answer every policy that has a version."""
    documents = (
        public_documents()
        .filter(Exists(PolicyVersion.objects.filter(document=OuterRef("pk"))))
        .order_by("pk")
    )
    total = documents.count()
    offset, limit, pages = paginate(total, request)
    timelines = timelines_of(documents[offset : offset + limit])
    items = [policy_item(timeline, request.locale) for timeline in timelines]
    return RestResponse(items, total=total, pages=pages, headers=dict(FRESH))


def get_policy(request: RestRequest) -> RestResponse:
    """Answer one policy."""
    timeline = find_timeline(request)
    return RestResponse(
        policy_item(timeline, request.locale),
        links=[("version-history", rest_url(f"{BASE}/{timeline.document.slug}/versions"))],
        headers=dict(FRESH),
    )


def list_versions(request: RestRequest) -> RestResponse:
    """Answer a policy's versions, newest first."""
    timeline = find_timeline(request)
    total = timeline.newest.number
    offset, limit, pages = paginate(total, request)
    versions = timeline.document.versions.with_texts().order_by("-number")
    items = [
        version_item(version, timeline, request.locale)
        for version in versions[offset : offset + limit]
    ]
    return RestResponse(items, total=total, pages=pages, headers=dict(FRESH))


def get_version(request: RestRequest) -> RestResponse:
    """Answer one version."""
    timeline = find_timeline(request)
    version = version_of(timeline.document, request.params["number"])
    if version is None:
        raise version_unknown(timeline)
    found = answer(version, timeline, request)
    if found.data["status"] == SUPERSEDED and version.number < timeline.newest.number:
        found.headers |= LASTING
    return found


def moment(value: str) -> datetime:
    """Return the moment that a query names; a date alone means midnight, as in policies."""
    try:
        # A plus sign that was not escaped arrives as a space.
        found = datetime.fromisoformat(value.strip().replace(" ", "+"))
        found = found if found.tzinfo else found.replace(tzinfo=site_zone())
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RestError(
            "rest_invalid_param",
            "Invalid parameter(s): at",
            400,
            params={"at": "Invalid date. It looks like 2026-10-07 or 2026-10-07T09:30:00+08:00."},
        ) from error


def get_in_force(request: RestRequest) -> RestResponse:
    """Answer the version in force at a moment: 404 before the first, 416 past the last known."""
    timeline = find_timeline(request)
    document, now = timeline.document, timeline.now
    at: datetime = request.params.get("at") or now
    if at > now:
        last = document.versions.coming_after(now).last()
        if last is None or at > last.holds_from:
            expire_at(at)
            raise RestError(
                "candour_moment_unknown",
                "Nobody knows yet what will be in force then. Ask for a moment up to the last "
                "announced one.",
                416,
            )
    version = document.versions.reached_at(at).latest_first().with_texts().first()
    if version is None:
        raise RestError("candour_nothing_in_force", "No version was in force at that moment.", 404)
    if request.params.get("subject") != "me":
        return answer(version, timeline, request)
    if not request.user.is_authenticated:
        raise RestError("rest_not_logged_in", "You are not currently logged in.", 401)
    holding = applies_to(document.slug, Person.of(request.user), version.number, at)
    held = version_of(document, holding.number) or version
    found = answer(held, timeline, request)
    found.data["subject"] = {
        "accepted": holding.has_accepted,
        "in_force": version.number,
        "refused_functions": holding.refused,
    }
    return found


def get_diff(request: RestRequest) -> RestResponse:
    """Answer what changed between two versions, clause by clause and word by word."""
    timeline = find_timeline(request)
    document = timeline.document
    old = version_of(document, request.params["from"])
    new = version_of(document, request.params["to"])
    if old is None or new is None:
        raise version_unknown(timeline)
    before, after = texts_to_compare(old, new, request.locale)
    compared = compare(before.clauses, after.clauses)
    found = counts(compared)
    return RestResponse(
        {
            "from": old.number,
            "to": new.number,
            "locale": after.locale,
            "from_sha256": before.sha256,
            "to_sha256": after.sha256,
            "correction": new.is_correction,
            "summary": after.summary,
            "counts": {
                state: found[state] for state in ("added", "removed", "changed", "unchanged")
            },
            "clauses": [
                {
                    "anchor": each.clause["anchor"],
                    "label": each.clause["label"].strip(),
                    "heading": each.clause["heading"],
                    "state": each.state,
                    "marks": each.marks,
                    "numbers": {"from": each.numbers[0], "to": each.numbers[1]},
                    "spans": [{"kind": KINDS[sign], "text": words} for sign, words in each.spans],
                }
                for each in compared
            ],
            "links": {
                "from": version_url(document, old.number),
                "to": version_url(document, new.number),
            },
        },
        headers=dict(LASTING if max(old.number, new.number) < timeline.newest.number else FRESH),
    )


def get_feed(request: RestRequest) -> RestResponse:
    """Answer the Atom feed of versions of every policy, without corrections."""
    feed = policy_feed(request.http)
    feed.headers["Cache-Control"] = FRESH["Cache-Control"]
    return RestResponse(None, file=feed)


def version_unknown(timeline: Timeline) -> RestError:
    return RestError(
        "candour_version_unknown",
        f"This policy has the versions 1 to {timeline.newest.number}.",
        404,
    )


def route(pattern: str, handler: Any, *args: Arg, **more: Any) -> Route:
    language = Arg(name="lang", description="The language of the text, such as zh-hans.")
    return Route(
        pattern=f"{BASE}{pattern}",
        namespace=NAMESPACE,
        endpoints=[Endpoint(methods=("GET",), handler=handler, args=(*args, language), **more)],
    )


SLUG = Arg(name="slug", description="The policy's name in addresses.")
POLICY_ROUTES = [
    route("", list_policies, PAGE_ARG, PER_PAGE_ARG),
    route("/feed", get_feed, media_types=("application/atom+xml",)),
    route(r"/(?P<slug>[\w-]+)", get_policy, SLUG),
    route(r"/(?P<slug>[\w-]+)/versions", list_versions, SLUG, PAGE_ARG, PER_PAGE_ARG),
    route(r"/(?P<slug>[\w-]+)/versions/(?P<number>[\d]+)", get_version, SLUG,
          Arg(name="number", type="integer", description="The version's number.")),
    route(r"/(?P<slug>[\w-]+)/diff", get_diff, SLUG,
          Arg(name="from", type="integer", required=True, description="The older version."),
          Arg(name="to", type="integer", required=True, description="The newer version.")),
    route(r"/(?P<slug>[\w-]+)/in-force", get_in_force, SLUG,
          Arg(name="at", sanitise=moment,
              description="The moment, in ISO 8601; without a time zone, the site's."),
          Arg(name="subject", enum=("me",),
              description="Answer the version that holds for who is signed in."),
          refusals=(401, 416)),
]  # fmt: skip
