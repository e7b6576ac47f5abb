"""Routes of the types and taxonomies that are declared."""

from functools import lru_cache, partial

from core.extensions.content_kinds import (
    ContentKinds,
    CustomTaxonomy,
    CustomType,
    content_kinds,
    custom_taxonomies,
    custom_types,
    taxonomies_of,
)
from core.rest.arguments import (
    CONTEXT_ARG,
    ID_ARG,
    OFFSET_ARG,
    SLUG_ARG,
    id_arg,
    order_args,
)
from core.rest.declare import Arg, Endpoint, Route, RouteSource
from core.rest.meta import judge_meta
from core.rest.schemas import write_args
from pages.api.arguments import (
    FIRST,
    MENU_ORDER_ARG,
    ORDERBY,
    PARENT_ARGS,
    PASSWORD_ARG,
    TAX_RELATION_ARG,
    status_arg,
    terms_arg,
)
from pages.api.terms import FORCE_ARG as TERM_FORCE_ARG
from pages.api.terms import list_args as term_list_args
from pages.api.writing import FORCE_ARG
from pages.statuses import STATUSES
from wordpress.api import items, term_writing, terms, writing
from wordpress.api.schemas import item_args, taxonomy_schema, type_schema

NAMESPACE = "wp/v2"
# WordPress's schema leaves out what can be asked for and not be written.
SHOWN = {"status": {"enum": list(STATUSES)}}


def list_args(kind: CustomType) -> tuple[Arg, ...]:
    """Return the parameters of a type's collection, after what it supports."""
    is_ordered = "page-attributes" in kind.supports
    taxonomies = taxonomies_of(kind)
    return (
        *(arg for arg in FIRST
          if "author" in kind.supports or arg.name not in ("author", "author_exclude")),
        *((MENU_ORDER_ARG,) if is_ordered else ()),
        OFFSET_ARG,
        *order_args(*ORDERBY, *(("menu_order",) if is_ordered else ())),
        *(PARENT_ARGS if kind.hierarchical else ()),
        SLUG_ARG, status_arg("post"),
        *((TAX_RELATION_ARG,) if taxonomies else ()),
        *(terms_arg(each.base, is_tree=each.hierarchical, is_exclude=is_exclude)
          for each in taxonomies for is_exclude in (False, True)),
    )  # fmt: skip


def type_routes(kind: CustomType) -> list[Route]:
    """Return collection and item of a type."""
    schema, written = partial(type_schema, kind), item_args(kind)
    return [
        Route(
            pattern=f"/wp/v2/{kind.base}", namespace=NAMESPACE, schema=schema,
            corrects=SHOWN, endpoints=[
                Endpoint(methods=("GET",), handler=partial(items.list_items, kind),
                         args=list_args(kind), allow_batch=True,
                         permission=partial(items.require_list, kind)),
                Endpoint(methods=("POST",), handler=partial(writing.create, kind), args=written,
                         permission=partial(writing.require_create, kind), allow_batch=True,
                         answers=(201,)),
            ],
        ),
        Route(
            pattern=f"/wp/v2/{kind.base}/(?P<id>[\\d]+)", namespace=NAMESPACE, schema=schema,
            corrects=SHOWN, endpoints=[
                Endpoint(methods=("GET",), handler=partial(items.get_item, kind),
                         args=(ID_ARG, CONTEXT_ARG, PASSWORD_ARG), allow_batch=True,
                         permission=partial(items.require_item, kind)),
                Endpoint(methods=("POST", "PUT", "PATCH"), handler=partial(writing.update, kind),
                         args=(ID_ARG, *written), allow_batch=True,
                         permission=partial(writing.require_update, kind)),
                Endpoint(methods=("DELETE",), handler=partial(writing.delete, kind),
                         args=(ID_ARG, FORCE_ARG), allow_batch=True,
                         permission=partial(writing.require_delete, kind), refusals=(410,)),
            ],
        ),
    ]  # fmt: skip


def taxonomy_routes(taxonomy: CustomTaxonomy) -> list[Route]:
    """Return collection and item of a taxonomy."""
    permission, key = partial(terms.require_view, taxonomy), id_arg("term")
    shape, judges = taxonomy_schema(taxonomy), {"meta": judge_meta}
    schema = partial(taxonomy_schema, taxonomy)
    return [
        Route(
            pattern=f"/wp/v2/{taxonomy.base}", namespace=NAMESPACE, schema=schema,
            endpoints=[
                Endpoint(methods=("GET",), handler=partial(terms.list_terms, taxonomy),
                         args=term_list_args(is_tree=taxonomy.hierarchical),
                         permission=permission, allow_batch=True,
                         many=partial(terms.lists_of_items, taxonomy)),
                Endpoint(methods=("POST",), handler=partial(term_writing.create, taxonomy),
                         args=write_args(shape, creating=True, judges=judges),
                         permission=partial(term_writing.require_create, taxonomy),
                         allow_batch=True, answers=(201,)),
            ],
        ),
        Route(
            pattern=f"/wp/v2/{taxonomy.base}/(?P<id>[\\d]+)", namespace=NAMESPACE, schema=schema,
            endpoints=[
                Endpoint(methods=("GET",), handler=partial(terms.get_term, taxonomy),
                         args=(key, CONTEXT_ARG), permission=permission, allow_batch=True),
                Endpoint(methods=("POST", "PUT", "PATCH"),
                         handler=partial(term_writing.update, taxonomy),
                         args=(key, *write_args(shape, creating=False, judges=judges)),
                         permission=partial(term_writing.require_change, taxonomy, "edit"),
                         allow_batch=True),
                Endpoint(methods=("DELETE",), handler=partial(term_writing.delete, taxonomy),
                         args=(key, TERM_FORCE_ARG),
                         permission=partial(term_writing.require_change, taxonomy, "delete"),
                         allow_batch=True, refusals=(501,)),
            ],
        ),
    ]  # fmt: skip


@lru_cache(maxsize=4)
def routes_of(declared: tuple[ContentKinds, ...]) -> tuple[Route, ...]:
    """Return the routes of all declared types and taxonomies."""
    return (
        *(route for kind in custom_types().values() for route in type_routes(kind)),
        *(route for each in custom_taxonomies().values() for route in taxonomy_routes(each)),
    )


KEPT_ROUTES = RouteSource(
    identifier="wordpress.kept", routes=lambda: routes_of(tuple(content_kinds))
)
