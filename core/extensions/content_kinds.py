"""Types, taxonomies and custom fields beyond WordPress's own: what a site or a plugin declares."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from core.extensions.registry import Registry

POST, TERM, USER, COMMENT = "post", "term", "user", "comment"
OBJECT_TYPES = (POST, TERM, USER, COMMENT)
# What a field without a value is shown as, by its type.
EMPTY: Mapping[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False}
SUPPORTS = ("title", "editor")


class ContentKindError(ValueError):
    """A declaration that cannot be meant; its text is a sentence."""


@dataclass(frozen=True, kw_only=True)
class CustomType:
    """A type of items, with the names and defaults of WordPress's register_post_type().

    Its items are those that imports have kept of this type. `labels` has `name` and
    `singular_name`, and more where they are to be other than WordPress's own. `taxonomies` are
    names of CustomTaxonomy; `supports` are WordPress's words, such as title, editor, author,
    excerpt, thumbnail, page-attributes and custom-fields.
    """

    name: str
    rest_base: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    hierarchical: bool = False
    has_archive: bool | str = False
    menu_icon: str | None = None
    taxonomies: Sequence[str] = ()
    supports: Sequence[str] = SUPPORTS

    @property
    def base(self) -> str:
        """The last part of its collection's address."""
        return self.rest_base or self.name


@dataclass(frozen=True, kw_only=True)
class CustomTaxonomy:
    """A taxonomy of custom types, with the names and defaults of register_taxonomy().

    `types` names the custom types whose items are filed under its terms; a type may name it too.
    """

    name: str
    rest_base: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    hierarchical: bool = False
    types: Sequence[str] = ()

    @property
    def base(self) -> str:
        """The last part of its collection's address."""
        return self.rest_base or self.name


@dataclass(frozen=True, kw_only=True)
class MetaKey:
    """A custom field, with the names and defaults of WordPress's register_meta().

    `object_type` is post, for items of all types, term, user or comment; `subtype` is one type or
    taxonomy, "" all of them. `type` is string, integer, number or boolean; where it is not
    `single`, the value is a list of them. What is not declared with `show_in_rest` is shown to
    nobody, what is, to everybody who sees what it is of. Who may edit that may write it, and needs
    `capability` besides where one is named; a protected key, one that begins with an underscore,
    is written by nobody where it names none.
    """

    key: str
    object_type: str = POST
    subtype: str = ""
    type: str = "string"
    single: bool = False
    default: Any = None
    description: str = ""
    show_in_rest: bool = False
    capability: str = ""

    def __post_init__(self) -> None:
        if self.object_type not in OBJECT_TYPES:
            raise ContentKindError(
                f"The meta key {self.key} has the object type {self.object_type!r}. "
                f"It should be one of {', '.join(OBJECT_TYPES)}."
            )
        if self.type not in EMPTY:
            raise ContentKindError(
                f"The meta key {self.key} has the type {self.type!r}. "
                f"It should be one of {', '.join(EMPTY)}."
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class ContentKinds:
    """What one plugin, or the site's setting, declares together."""

    identifier: str
    types: Sequence[CustomType] = ()
    taxonomies: Sequence[CustomTaxonomy] = ()
    meta: Sequence[MetaKey] = ()


content_kinds: Registry[ContentKinds] = Registry("content kinds")

D = TypeVar("D")


def custom_types() -> dict[str, CustomType]:
    """Return every custom type by its name."""
    return {kind.name: kind for kinds in content_kinds for kind in kinds.types}


def custom_taxonomies() -> dict[str, CustomTaxonomy]:
    """Return every custom taxonomy by its name."""
    return {each.name: each for kinds in content_kinds for each in kinds.taxonomies}


def taxonomies_of(kind: CustomType) -> list[CustomTaxonomy]:
    """Return the taxonomies under whose terms a type's items are filed."""
    return [
        each
        for each in custom_taxonomies().values()
        if each.name in kind.taxonomies or kind.name in each.types
    ]


def types_of(taxonomy: CustomTaxonomy) -> list[CustomType]:
    """Return the types whose items are filed under a taxonomy's terms."""
    return [kind for kind in custom_types().values() if taxonomy in taxonomies_of(kind)]


def shown_keys(object_type: str, subtype: str) -> list[MetaKey]:
    """Return the custom fields that a type or a taxonomy shows, a more particular one last."""
    found = {
        each.key: each
        for is_particular in (False, True)
        for kinds in content_kinds
        for each in kinds.meta
        if each.show_in_rest and each.object_type == object_type
        and bool(each.subtype) is is_particular and each.subtype in ("", subtype)
    }  # fmt: skip
    return list(found.values())


def kinds_from(identifier: str, data: Mapping[str, Any]) -> ContentKinds:
    """Return what data such as JSON declares: lists of `types`, `taxonomies` and `meta`.

    Raises ContentKindError.
    """
    if unknown := set(data) - {"types", "taxonomies", "meta"}:
        raise ContentKindError(
            f"{', '.join(sorted(unknown))} is none of types, taxonomies and meta."
        )
    return ContentKinds(
        identifier=identifier,
        types=tuple(made(CustomType, data.get("types", ()))),
        taxonomies=tuple(made(CustomTaxonomy, data.get("taxonomies", ()))),
        meta=tuple(made(MetaKey, data.get("meta", ()))),
    )


def made(model: type[D], given: Iterable[Mapping[str, Any]]) -> Iterable[D]:
    known = {each.name for each in fields(model)}  # type: ignore[arg-type]
    for values in given:
        if unknown := set(values) - known:
            raise ContentKindError(
                f"{', '.join(sorted(unknown))} is not known of a {model.__name__}, which has "
                f"{', '.join(sorted(known))}."
            )
        try:
            yield model(**values)
        except TypeError as error:
            raise ContentKindError(f"A {model.__name__} is incomplete: {error}.") from error
