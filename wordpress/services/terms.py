"""Writing terms of declared taxonomies, with the rules of pages.services.terms."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypedDict, Unpack
from urllib.parse import unquote

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from core.extensions.content_kinds import CustomTaxonomy
from core.generations import PAGES, raise_generations
from pages.errors import ParentTermError, TermExistsError, TermSlugTakenError
from pages.services.terms import clean_name
from pages.services.writing import take_turn
from pages.slugs import make_slug
from wordpress.importing.keeping import replaced
from wordpress.kept import terms_in
from wordpress.models import KeptFiling, KeptRecord
from wordpress.wxr.records import Term

AT_A_TIME = 200


class Changes(TypedDict, total=False):
    """What a write changes; `parent` is the number of the term above, 0 for none.

    `meta` has all custom fields by name, each with its values as text.
    """

    name: str
    slug: str
    description: str
    parent: int
    meta: Mapping[str, list[str]]


@transaction.atomic
def create_term(
    taxonomy: CustomTaxonomy, /, *, user: Any, **changes: Unpack[Changes]
) -> KeptRecord:
    """Make a term with WordPress's rules of wp_insert_term().

    Raises TermNameError, TermExistsError and ParentTermError.
    """
    take_turn()
    name, slug = clean_name(changes.get("name", "")), changes.get("slug", "")
    above = term_at(taxonomy, changes.get("parent", 0))
    wanted = make_slug(slug or name)
    same = terms_in(taxonomy).filter(title__iexact=name)
    if taxonomy.hierarchical:
        same = same.filter(fields__parent__in=spellings(above) if above else [""])
    found = same.first()
    if found is not None and (not slug or found.slug == wanted):
        raise TermExistsError(term_id=found.number, is_tree=taxonomy.hierarchical)
    now = timezone.now()
    term = KeptRecord(is_term=True, type=taxonomy.name, wordpress_id=0, published_at=now,
                      modified_at=now, written_at=now)  # fmt: skip
    term.number = term.wordpress_id = term.free_number()
    term.title, term.slug = name, free_slug(taxonomy, wanted, above)
    term.fields = asdict(Term(
        taxonomy.name, term.number, term.slug, above.fields["slug"] if above else "", name,
        changes.get("description", ""),
    ))  # fmt: skip
    term.fields["meta"] = replaced([], changes.get("meta", {}))
    term.save()
    log(term, "wagtail.create", user=user)
    return term


@transaction.atomic
def update_term(
    taxonomy: CustomTaxonomy, number: int, /, *, user: Any, **changes: Unpack[Changes]
) -> KeptRecord:
    """Change a term, and what items and terms say of it; all or nothing.

    Raises TermNameError, ParentTermError, TermSlugTakenError, and DoesNotExist.
    """
    take_turn()
    term = terms_in(taxonomy).get(number=number)
    fields, before, named = term.fields, spellings(term), term.fields["name"]
    if "parent" in changes:
        above = term_at(taxonomy, changes["parent"])
        is_below = above is not None and number in numbers_above(taxonomy, above)
        # As in WordPress, what is put below itself stands at the top.
        fields["parent"] = above.fields["slug"] if above and not is_below else ""
    if "name" in changes:
        fields["name"] = term.title = clean_name(changes["name"])
    if "description" in changes:
        fields["description"] = changes["description"]
    if "meta" in changes:
        fields["meta"] = replaced(fields["meta"], changes["meta"])
    if "slug" in changes:
        slug = make_slug(changes["slug"]) or make_slug(term.title)
        if slug != term.slug:
            if terms_in(taxonomy).filter(slug=slug).exists():
                raise TermSlugTakenError(slug=slug)
            twins_of(term).delete()
            fields["slug"] = slug
    term.modified_at = term.written_at = timezone.now()
    if fields["slug"] not in before or fields["name"] != named:
        say_anew(term, before, Term(taxonomy.name, slug=fields["slug"], name=fields["name"]))
    term.slug = unquote(fields["slug"])
    term.save()
    log(term, "wagtail.edit", user=user, content_changed=True)
    return term


@transaction.atomic
def delete_term(taxonomy: CustomTaxonomy, number: int, /, *, user: Any) -> None:
    """Delete a term; what is below it moves up, and nothing is filed under it any more.

    Raises DoesNotExist.
    """
    take_turn()
    term = terms_in(taxonomy).get(number=number)
    say_anew(term, spellings(term), None)
    twins_of(term).delete()
    log(term, "wagtail.delete", user=user, deleted=True)
    term.delete()
    raise_generations(PAGES)


def term_at(taxonomy: CustomTaxonomy, number: int) -> KeptRecord | None:
    """Return the term above, None for the top."""
    if not number:
        return None
    found = terms_in(taxonomy).filter(number=number).first()
    if found is None:
        raise ParentTermError
    return found


def numbers_above(taxonomy: CustomTaxonomy, term: KeptRecord) -> set[int]:
    """Return a term's number and those of all above it."""
    rows = terms_in(taxonomy).values_list("slug", "number", "fields__parent")
    known = {slug: (number, unquote(parent or "")) for slug, number, parent in rows}
    found: set[int] = set()
    slug = term.slug
    while slug in known and known[slug][0] not in found:
        number, slug = known[slug]
        found.add(number)
    return found


def spellings(term: KeptRecord) -> list[str]:
    """Return how a term's slug may be written by what refers to it."""
    return [term.slug, term.fields["slug"]]


def twins_of(term: KeptRecord) -> QuerySet[KeptRecord]:
    """Return the same term of other former sites, which is one with it here."""
    twins = KeptRecord.objects.filter(is_term=True, type=term.type, slug=term.slug)
    return twins.exclude(slug="").exclude(pk=term.pk)


def free_slug(taxonomy: CustomTaxonomy, wanted: str, above: KeptRecord | None) -> str:
    """Return the slug, or the first free one after it, as wp_unique_term_slug() does."""
    taken = set(terms_in(taxonomy).filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted in taken and above is not None:
        wanted = f"{wanted}-{above.slug}"
    slug, number = wanted, 2
    while slug in taken:
        slug = f"{wanted}-{number}"
        number += 1
    return slug


def say_anew(term: KeptRecord, before: list[str], after: Term | None) -> None:
    """Have items and terms that name a term by its slug name it as it is now, or no more.

    Where it is gone, those below it stand below the one that was above.
    """
    above = after.slug if after is not None else term.fields["parent"]
    below = KeptRecord.objects.filter(is_term=True, type=term.type, fields__parent__in=before)
    for child in below.exclude(pk=term.pk):
        KeptRecord.objects.filter(pk=child.pk).update(fields=child.fields | {"parent": above})
    filings = KeptFiling.objects.filter(taxonomy=term.type[:64], slug=term.slug)
    keys = list(filings.values_list("record_id", flat=True))
    for at in range(0, len(keys), AT_A_TIME):
        records = list(KeptRecord.objects.filter(pk__in=keys[at : at + AT_A_TIME]))
        for record in records:
            record.fields["filings"] = [
                refiled(one, after) if is_under(one, term, before) else one
                for one in record.fields["filings"]
                if after is not None or not is_under(one, term, before)
            ]
        KeptRecord.objects.bulk_update(records, ["fields"])
    if after is None:
        filings.delete()
    else:
        filings.update(slug=unquote(after.slug))


def is_under(filing: Mapping[str, str], term: KeptRecord, before: list[str]) -> bool:
    return filing["taxonomy"] == term.type and filing["slug"] in before


def refiled(filing: Mapping[str, str], after: Term | None) -> Mapping[str, str]:
    if after is None:
        return filing
    return {**filing, "slug": after.slug, "name": after.name}
