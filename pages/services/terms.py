"""Writing terms: the one way for REST, imports and commands."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.statements import wait_row, wait_turn
from pages.errors import (
    DefaultTermError,
    ParentTermError,
    TermExistsError,
    TermNameError,
    TermSlugTakenError,
)
from pages.models import PostPage, Term
from pages.models.terms import CATEGORY, Category, Tag
from pages.slugs import make_slug

MODELS: Mapping[str, type[Term]] = {CATEGORY: Category, "post_tag": Tag}
LONGEST_NAME = 200
DEFAULT_SLUG = "uncategorized"


def create_term(
    taxonomy: str,
    *,
    name: str,
    slug: str = "",
    description: str = "",
    parent_id: int = 0,
    **fields: Any,
) -> Term:
    """Create a term with WordPress's rules of wp_insert_term().

    A name may be used once in a taxonomy, or once below each parent in a tree. A slug that is
    taken gets its parent's slug or a number behind it. Raises TermNameError, TermExistsError,
    ParentTermError.
    """
    name = clean_name(name)
    is_tree = taxonomy == CATEGORY
    with transaction.atomic():
        wait_turn(f"terms {taxonomy}")
        parent = find_parent(taxonomy, parent_id)
        same = Term.objects.filter(taxonomy=taxonomy, name__iexact=name)
        if is_tree:
            same = same.filter(parent=parent)
        wanted = make_slug(slug or name)
        found = same.first()
        if found is not None and (not slug or found.slug == wanted):
            raise TermExistsError(term_id=found.pk, is_tree=is_tree)
        term = MODELS.get(taxonomy, Term)(
            taxonomy=taxonomy, name=name, description=description, parent=parent,
            slug=free_slug(taxonomy, wanted, parent), **fields,
        )  # fmt: skip
        term.save()
    return term


def update_term(term: Term, **changes: Any) -> Term:
    """Change a term's name, slug, description or parent (`parent_id`), all or nothing.

    Raises TermNameError, ParentTermError, TermSlugTakenError, and DoesNotExist where it is gone.
    """
    with transaction.atomic():
        wait_turn(f"terms {term.taxonomy}")
        wait_row(term)
        if "parent_id" in changes:
            changes["parent"] = find_parent(term.taxonomy, changes.pop("parent_id"), of=term)
        if "name" in changes:
            changes["name"] = clean_name(changes["name"])
        if "slug" in changes:
            changes["slug"] = make_slug(changes["slug"]) or make_slug(
                changes.get("name", term.name)
            )
            taken = Term.objects.filter(taxonomy=term.taxonomy, slug=changes["slug"])
            if taken.exclude(pk=term.pk).exists():
                raise TermSlugTakenError(slug=changes["slug"])
        for name, value in changes.items():
            setattr(term, name, value)
        term.save()
    return term


def delete_term(term: Term) -> None:
    """Delete a term; what is below it moves up, and posts without another category get the default.

    Raises DefaultTermError for the default category, which cannot go, and DoesNotExist.
    """
    with transaction.atomic():
        wait_turn(f"terms {term.taxonomy}")
        wait_row(term)
        if term.taxonomy == CATEGORY:
            default = default_category()
            if default is not None and default.pk == term.pk:
                raise DefaultTermError
            for child in Term.objects.filter(parent=term):
                update_term(child, parent_id=term.parent_id or 0)
            through = PostPage.categories.through
            filed = through.objects.filter(category_id=term.pk).values_list("postpage_id")
            elsewhere = through.objects.filter(postpage_id__in=filed).exclude(category_id=term.pk)
            alone = set(filed.values_list("postpage_id", flat=True)) - set(
                elsewhere.values_list("postpage_id", flat=True)
            )
            if default is not None:
                through.objects.bulk_create(
                    [through(postpage_id=key, category_id=default.pk) for key in sorted(alone)]
                )
        term.delete()


def default_category() -> Category | None:
    """Return WordPress's category of posts that have no other, where the site has it."""
    return Category.objects.filter(slug=DEFAULT_SLUG).first()


def clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise TermNameError
    return name


def find_parent(taxonomy: str, parent_id: int, *, of: Term | None = None) -> Term | None:
    """Return the term above, or None for the top; a term can be neither its own parent nor below
    what is below it."""
    if not parent_id:
        return None
    parent = Term.objects.filter(taxonomy=taxonomy, pk=parent_id).first()
    if parent is None:
        raise ParentTermError
    above: Term | None = parent
    while of is not None and above is not None:
        if above.pk == of.pk:
            raise ParentTermError
        above = above.parent
    return parent


def free_slug(taxonomy: str, wanted: str, parent: Term | None = None) -> str:
    """Return the slug, or the first free one after it, as wp_unique_term_slug() does."""
    taken = set(
        Term.objects.filter(taxonomy=taxonomy, slug__startswith=wanted).values_list(
            "slug", flat=True
        )
    )
    slug, above = wanted, parent
    while slug in taken and above is not None:
        slug = f"{slug}-{above.slug}"
        above = above.parent
    base, number = slug, 2
    while slug in taken:
        slug = f"{base}-{number}"
        number += 1
    return slug
