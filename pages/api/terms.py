"""Categories and tags over wp/v2: reading, and writing through pages.services.terms."""

from collections.abc import Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from core.alphabetical import Alphabetical
from core.errors import CMSError
from core.extensions.content_kinds import TERM
from core.extensions.people import capabilities
from core.rest.arguments import (
    COLLECTION_ARGS,
    CONTEXT_ARG,
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    id_arg,
    order_args,
    slug_arg,
)
from core.rest.collections import paginate, sort
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.entities import unescaped
from core.rest.errors import RestError
from core.rest.meta import changed_meta, judge_meta, meta_of, meta_schema
from core.rest.schemas import read_json, write_args
from core.rest.urls import page_url, rest_url
from core.statements import wait_turn
from pages.api.access import may_not, refused, require_post_of_terms
from pages.api.items import CURIES
from pages.errors import ParentTermError, TermExistsError
from pages.models import PostPage, Term
from pages.models.terms import CATEGORY, TAG
from pages.reading_rights import rights_for
from pages.services.terms import MODELS, create_term, delete_term, update_term
from pages.statuses import with_status
from pages.visible import published

DATA = Path(__file__).with_name("data")
ORDERINGS = {
    "id": "pk", "name": Alphabetical("name"), "slug": Alphabetical("slug"), "count": "posts",
    "description": Alphabetical("description"), "term_group": "pk", "date": "name",
}  # fmt: skip
PLURALS = {CATEGORY: "categories", TAG: "tags"}
SCHEMAS = {CATEGORY: DATA / "category.json", TAG: DATA / "tag.json"}


def terms_of(taxonomy: str) -> QuerySet[Any]:
    """Return a taxonomy's terms with the number of published posts of each."""
    kind = "category" if taxonomy == CATEGORY else "tag"
    through = PostPage.categories.through if taxonomy == CATEGORY else PostPage.tags.through
    relation = through._meta.get_field(kind).related_query_name()
    public = published(PostPage.objects.all()).values("pk")
    counted = Count(relation, filter=Q(**{f"{relation}__postpage__in": public}))
    return MODELS[taxonomy].objects.annotate(posts=counted)


def term_item(term: Any, taxonomy: str, context: str) -> dict[str, Any]:
    """Return a term with WordPress's keys in their order."""
    plural = PLURALS[taxonomy]
    base = rest_url("/wp/v2")
    item: dict[str, Any] = {"id": term.pk}
    if context != "embed":
        item |= {"count": term.posts, "description": escape(term.description, quote=False)}
    item |= {
        "link": page_url(term.get_absolute_url()),
        "name": escape(term.name, quote=False),
        "slug": term.slug,
        "taxonomy": taxonomy,
    }
    if context != "embed":
        if taxonomy == CATEGORY:
            item["parent"] = term.parent_id or 0
        item["meta"] = meta_of(TERM, taxonomy, term.meta)
    links: dict[str, Any] = {
        "self": [{"href": f"{base}/{plural}/{term.pk}"}],
        "collection": [{"href": f"{base}/{plural}"}],
        "about": [{"href": f"{base}/taxonomies/{taxonomy}"}],
    }
    if term.parent_id and taxonomy == CATEGORY:
        links["up"] = [{"embeddable": True, "href": f"{base}/{plural}/{term.parent_id}"}]
    links["wp:post_type"] = [{"href": f"{base}/posts?{plural}={term.pk}"}]
    links["curies"] = CURIES
    return item | {"_links": links}


def list_terms(taxonomy: str, request: RestRequest) -> RestResponse:
    """Answer a taxonomy's collection."""
    params, terms = request.params, terms_of(taxonomy)
    if params.get("search"):
        terms = terms.filter(
            Q(name__icontains=unescaped(params["search"])) | Q(slug__icontains=params["search"])
        )
    if params.get("include"):
        terms = terms.filter(pk__in=params["include"])
    if params.get("exclude"):
        terms = terms.exclude(pk__in=params["exclude"])
    if params.get("slug"):
        terms = terms.filter(slug__in=params["slug"])
    if params.get("hide_empty"):
        terms = terms.filter(posts__gt=0)
    if params.get("parent") is not None and taxonomy == CATEGORY:
        terms = terms.filter(parent_id=params["parent"] or None)
    if params.get("post"):
        through = PostPage.categories.through if taxonomy == CATEGORY else PostPage.tags.through
        column = "category_id" if taxonomy == CATEGORY else "tag_id"
        chosen = through.objects.filter(postpage_id=params["post"]).values(column)
        terms = terms.filter(pk__in=chosen)
    total = terms.count()
    offset, limit, pages = paginate(total, request, refuses_past_end=False)
    shown = sort(terms, params, ORDERINGS)[offset : offset + limit]
    return RestResponse(
        [term_item(term, taxonomy, request.context) for term in shown], total=total, pages=pages
    )


def find_term(taxonomy: str, request: RestRequest) -> Any:
    term = terms_of(taxonomy).filter(pk=request.params["id"]).first()
    if term is None:
        raise gone()
    return term


def gone() -> RestError:
    return RestError("rest_term_invalid", "Term does not exist.", 404)


def get_term(taxonomy: str, request: RestRequest) -> RestResponse:
    """Answer one term."""
    return RestResponse(term_item(find_term(taxonomy, request), taxonomy, request.context))


def may(request: RestRequest, capability: str) -> bool:
    return capability in capabilities.get().of(request.user)


def require_view(taxonomy: str, request: RestRequest) -> None:
    """Let everybody read; only those who manage terms read the edit context."""
    is_item = "id" in request.in_path
    if is_item:
        find_term(taxonomy, request)
    else:
        require_post_of_terms(request)
    if request.context == "edit" and not may(request, "manage_categories"):
        what = "this term" if is_item else "terms in this taxonomy"
        raise may_not("rest_forbidden_context", f"edit {what}", request.user)


def require_create(request: RestRequest, *, is_tree: bool) -> None:
    """Let managers make terms; where they form no tree whoever files posts may, as in WordPress."""
    if not may(request, "manage_categories" if is_tree else "edit_posts"):
        raise refused(
            "rest_cannot_create",
            "Sorry, you are not allowed to create terms in this taxonomy.",
            request.user,
        )


def require_change(taxonomy: str, verb: str, request: RestRequest) -> None:
    """Let managers change and delete terms that are there."""
    find_term(taxonomy, request)
    require_manager(verb, request)


def require_manager(verb: str, request: RestRequest) -> None:
    """Let managers alone edit and delete terms."""
    if not may(request, "manage_categories"):
        code = "update" if verb == "edit" else verb
        raise may_not(f"rest_cannot_{code}", f"{verb} this term", request.user)


def given_of(request: RestRequest, *, is_tree: bool) -> dict[str, Any]:
    """Return name, slug, description and parent as far as a request gives them."""
    given = {
        name: request.params[name]
        for name in ("name", "slug", "description")
        if name in request.given and request.params.get(name) is not None
    }
    given |= {name: unescaped(given[name]) for name in ("name", "description") if name in given}
    if "parent" in request.given and request.params.get("parent") is not None:
        if not is_tree:
            raise RestError(
                "rest_taxonomy_not_hierarchical",
                "Cannot set parent term, taxonomy is not hierarchical.",
                400,
            )
        given["parent"] = request.params["parent"]
    return given


def term_schema(taxonomy: str) -> dict[str, Any]:
    """Return the JSON schema of a term."""
    schema = read_json(SCHEMAS[taxonomy])
    return {
        **schema, "properties": {**schema["properties"], "meta": meta_schema(TERM, taxonomy)},
    }  # fmt: skip


def changes_of(taxonomy: str, request: RestRequest, term: Any = None) -> dict[str, Any]:
    """Return what a request sets of a term."""
    changes = given_of(request, is_tree=taxonomy == CATEGORY)
    if given := request.params.get("meta"):
        stored = term.meta if term else {}
        changes["meta"] = changed_meta(TERM, taxonomy, stored, given, request.user)
    if "parent" in changes:
        changes["parent_id"] = changes.pop("parent")
    return changes


def as_rest(error: CMSError) -> RestError:
    """Return a service's error as WordPress words it."""
    match error:
        case TermExistsError():
            words = "with this parent" if error.data["is_tree"] else "in this taxonomy"
            key = error.data["term_id"]
            found = RestError(
                "term_exists",
                f"A term with the name provided already exists {words}.",
                400,
                term_id=key,
            )
            found.additional_data = [key, key]
            return found
        case ParentTermError():
            return RestError("rest_term_invalid", "Parent term does not exist.", 400)
    return RestError(error.code, str(error), 400)


def create(taxonomy: str, request: RestRequest) -> RestResponse:
    """Make a term."""
    try:
        made = create_term(taxonomy, **changes_of(taxonomy, request))
    except CMSError as error:
        raise as_rest(error) from error
    term = terms_of(taxonomy).get(pk=made.pk)
    location = rest_url(f"/wp/v2/{PLURALS[taxonomy]}/{term.pk}")
    return RestResponse(
        term_item(term, taxonomy, "view"), status=201, headers={"Location": location}
    )


def update(taxonomy: str, request: RestRequest) -> RestResponse:
    """Change a term."""
    try:
        with transaction.atomic():
            # Fields that the request does not name stay as whoever wrote before has left them.
            wait_turn(f"terms {taxonomy}")
            term = find_term(taxonomy, request)
            update_term(term, **changes_of(taxonomy, request, term))
    except CMSError as error:
        raise as_rest(error) from error
    except Term.DoesNotExist:
        raise gone() from None
    return RestResponse(term_item(find_term(taxonomy, request), taxonomy, "view"))


def delete(taxonomy: str, request: RestRequest) -> RestResponse:
    """Delete a term for good; terms have no trash."""
    term = find_term(taxonomy, request)
    if not request.params["force"]:
        raise RestError(
            "rest_trash_not_supported",
            "Terms do not support trashing. Set 'force=true' to delete.",
            501,
        )
    previous = term_item(term, taxonomy, "view")
    del previous["_links"]
    try:
        delete_term(term)
    except CMSError as error:
        raise RestError("rest_cannot_delete", "The term cannot be deleted.", 500) from error
    return RestResponse({"deleted": True, "previous": previous})


def lists_of_posts(
    taxonomy: str, requests: Sequence[RestRequest]
) -> list[RestResponse | RestError]:
    """Answer several lists of the terms of one post each, for `_embed`: three queries for all."""
    keys = {request.params["post"] for request in requests if request.params.get("post")}
    posts = with_status(PostPage.objects.filter(pk__in=keys))
    rights = rights_for(requests[0].user, "post")
    may_read = rights.readable("author_id", "status_before_trash")
    opened = set(posts.filter(may_read).values_list("pk", flat=True))
    through = PostPage.categories.through if taxonomy == CATEGORY else PostPage.tags.through
    column = "category_id" if taxonomy == CATEGORY else "tag_id"
    pairs = list(through.objects.filter(postpage_id__in=opened).values_list("postpage_id", column))
    terms = Term.objects.filter(pk__in={term for _, term in pairs}).order_by(
        Alphabetical("name"), "pk"
    )
    of_post: dict[int, set[int]] = {}
    for post, term in pairs:
        of_post.setdefault(post, set()).add(term)
    shown = list(terms) if pairs else []
    return [
        listed_for(request, [term for term in shown if term.pk in of_post.get(post, ())], taxonomy)
        if (post := request.params.get("post")) in opened
        else alone(taxonomy, request)
        for request in requests
    ]


def listed_for(request: RestRequest, terms: list[Term], taxonomy: str) -> RestResponse:
    shown = terms[: request.params["per_page"]]
    return RestResponse([term_item(term, taxonomy, request.context) for term in shown])


def alone(taxonomy: str, request: RestRequest) -> RestResponse | RestError:
    try:
        require_view(taxonomy, request)
        return list_terms(taxonomy, request)
    except RestError as error:
        return error


def list_args(*, is_tree: bool) -> tuple[Arg, ...]:
    """Return the parameters of a taxonomy's collection."""
    words = "Limit result set to terms assigned to a specific parent."
    return (
        *COLLECTION_ARGS, EXCLUDE_ARG, INCLUDE_ARG, *(() if is_tree else (OFFSET_ARG,)),
        *order_args("id", "include", "name", "slug", "include_slugs", "term_group", "description",
                    "count", default="name", order="asc", of="term"),
        Arg(name="hide_empty", type="boolean", default=False, has_default=True,
            description="Whether to hide terms not assigned to any posts."),
        *((Arg(name="parent", type="integer", description=words),) if is_tree else ()),
        Arg(name="post", type="integer", has_default=True,
            description="Limit result set to terms assigned to a specific post."),
        slug_arg("terms"),
    )  # fmt: skip


FORCE_ARG = Arg(
    name="force", type="boolean", default=False, has_default=True,
    description="Required to be true, as terms do not support trashing.",
)  # fmt: skip


def term_routes(taxonomy: str) -> list[Route]:
    """Return collection and item of a taxonomy."""
    schema, key = read_json(SCHEMAS[taxonomy]), id_arg("term")
    judges = {"meta": judge_meta}

    def to(handler: Any, *given: Any) -> Any:
        return partial(handler, taxonomy, *given)

    pattern = f"/wp/v2/{PLURALS[taxonomy]}"
    return [
        Route(
            pattern=pattern, namespace="wp/v2", schema=to(term_schema),
            endpoints=[
                Endpoint(methods=("GET",), handler=to(list_terms),
                         args=list_args(is_tree=taxonomy == CATEGORY),
                         permission=to(require_view), allow_batch=True,
                         many=to(lists_of_posts)),
                Endpoint(methods=("POST",), handler=to(create),
                         permission=partial(require_create, is_tree=taxonomy == CATEGORY),
                         args=write_args(schema, creating=True, judges=judges), allow_batch=True,
                         answers=(201,)),
            ],
        ),
        Route(
            pattern=f"{pattern}/(?P<id>[\\d]+)", namespace="wp/v2",
            schema=to(term_schema),
            endpoints=[
                Endpoint(methods=("GET",), handler=to(get_term), args=(key, CONTEXT_ARG),
                         permission=to(require_view), allow_batch=True),
                Endpoint(methods=("POST", "PUT", "PATCH"), handler=to(update),
                         args=(key, *write_args(schema, creating=False, judges=judges)),
                         permission=to(require_change, "edit"), allow_batch=True),
                Endpoint(methods=("DELETE",), handler=to(delete), args=(key, FORCE_ARG),
                         permission=to(require_change, "delete"), allow_batch=True,
                         refusals=(500, 501)),
            ],
        ),
    ]  # fmt: skip


TERM_ROUTES: list[Route] = [*term_routes(CATEGORY), *term_routes(TAG)]
