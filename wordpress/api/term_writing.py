"""Writing terms of custom taxonomies over wp/v2, with WordPress's checks in its order."""

from typing import Any, cast

from django.db import transaction

from core.errors import CMSError
from core.extensions.content_kinds import TERM, CustomTaxonomy
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.meta import changed_meta
from core.rest.urls import rest_url
from pages.api.terms import as_rest, given_of, require_manager
from pages.api.terms import require_create as require_making
from pages.services.writing import take_turn
from wordpress.api.terms import counted, find_term, term_items
from wordpress.importing.keeping import meta_of
from wordpress.models import KeptRecord
from wordpress.services.terms import Changes, create_term, delete_term, update_term


def require_create(taxonomy: CustomTaxonomy, request: RestRequest) -> None:
    """Let those make terms who may make WordPress's own."""
    require_making(request, is_tree=taxonomy.hierarchical)


def require_change(taxonomy: CustomTaxonomy, verb: str, request: RestRequest) -> None:
    """Let managers edit and delete terms that are there."""
    find_term(taxonomy, request)
    require_manager(verb, request)


def changes_of(taxonomy: CustomTaxonomy, request: RestRequest, stored: Any = None) -> Changes:
    """Return what a request sets of a term."""
    changes = given_of(request, is_tree=taxonomy.hierarchical)
    if given := request.params.get("meta"):
        fields = meta_of(stored.fields["meta"]) if stored else {}
        changes["meta"] = changed_meta(TERM, taxonomy.name, fields, given, request.user)
    return cast(Changes, changes)


def create(taxonomy: CustomTaxonomy, request: RestRequest) -> RestResponse:
    """Make a term."""
    try:
        made = create_term(taxonomy, user=request.user, **changes_of(taxonomy, request))
    except CMSError as error:
        raise as_rest(error) from error
    location = rest_url(f"/wp/v2/{taxonomy.base}/{made.number}")
    return RestResponse(shown(taxonomy, made.number), status=201, headers={"Location": location})


def update(taxonomy: CustomTaxonomy, request: RestRequest) -> RestResponse:
    """Change a term."""
    try:
        with transaction.atomic():
            # Fields that the request does not name stay as whoever wrote before has left them.
            take_turn()
            stored = find_term(taxonomy, request)
            update_term(
                taxonomy, stored.number, user=request.user, **changes_of(taxonomy, request, stored)
            )
    except CMSError as error:
        raise as_rest(error) from error
    except KeptRecord.DoesNotExist:
        raise gone() from None
    return RestResponse(shown(taxonomy, stored.number))


def delete(taxonomy: CustomTaxonomy, request: RestRequest) -> RestResponse:
    """Delete a term for good; terms have no trash."""
    term = find_term(taxonomy, request)
    if not request.params["force"]:
        raise RestError(
            "rest_trash_not_supported",
            "Terms do not support trashing. Set 'force=true' to delete.",
            501,
        )
    previous = shown(taxonomy, term.number)
    del previous["_links"]
    try:
        delete_term(taxonomy, term.number, user=request.user)
    except KeptRecord.DoesNotExist:
        raise gone() from None
    return RestResponse({"deleted": True, "previous": previous})


def gone() -> RestError:
    """Return the refusal where somebody else has deleted a term in this moment."""
    return RestError("rest_term_invalid", "Term does not exist.", 404)


def shown(taxonomy: CustomTaxonomy, number: int) -> dict[str, Any]:
    term = counted(taxonomy).get(number=number)
    return term_items(taxonomy, [term], "view")[0]
