"""Categories, tags and other terms."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any
from urllib.parse import unquote

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _

from comments.write_lock import write_transaction
from pages.models import Term as TermRow
from pages.models.menus import NAV_MENU
from pages.models.terms import CATEGORY, TAG
from pages.services.importing import add_term, change_term, free_numbers
from wordpress.importing.keeping import code_of_skip, keep, meta_of
from wordpress.importing.naming import EDITED_OR_DELETED, LISTED_TWICE, name_of_term
from wordpress.importing.records import Known, digest_of, judge
from wordpress.importing.report import Fate, Report
from wordpress.models import Kind
from wordpress.wxr.records import Filing, Item, Term

SUBJECTS = {CATEGORY: "categories", TAG: "tags", NAV_MENU: "terms"}
# What WordPress once called tags in items.
SPELLINGS = {"tag": TAG}
AT_A_TIME = 200


def slug_of(term: Term | Filing) -> str:
    typed = unquote(term.slug.strip())
    return slugify(typed, allow_unicode=True)[:200] or slugify(term.name, allow_unicode=True)[:200]


class Terms:
    """Knows which row here stands for a term, by taxonomy and slug."""

    def __init__(self, known: Known, report: Report) -> None:
        self._known = known
        self._report = report
        self._rows: dict[tuple[str, str], int] = {}
        self._numbers: dict[tuple[str, str], int] = {}

    def bring_in(self, terms: Iterable[Term]) -> None:
        """Bring in the terms that a file lists, parents before their children."""
        own: list[Term] = []
        others: list[Term] = []
        for term in once(terms):
            (own if term.taxonomy in SUBJECTS else others).append(term)
        ordered = parents_first(own)
        for at in range(0, len(ordered), AT_A_TIME):
            some = ordered[at : at + AT_A_TIME]
            with write_transaction():
                free = free_numbers(TermRow, [term.id for term in some])
                for term in some:
                    number = term.id if term.id in free else None
                    free.discard(term.id)
                    self._report.count(SUBJECTS[term.taxonomy], self._bring_in(term, number))
                self._known.flush()
        with write_transaction():
            for term in others:
                self._report.count("terms", self._keep(term))
            self._known.flush()

    def of(self, item: Item, taxonomy: str) -> tuple[int, ...]:
        """Return the rows of the terms of a taxonomy that an item is filed under.

        A term that the file did not list is made; call it inside a transaction.
        """
        found: dict[int, None] = {}
        for filing in filings_of(item):
            if filing.taxonomy == taxonomy and (slug := slug_of(filing)):
                row = self._row(taxonomy, slug, filing)
                if row is not None:
                    found[row] = None
        return tuple(found)

    def row_of(self, taxonomy: str, slug: str) -> int | None:
        """Return the row of a term by its slug there."""
        return self._rows.get((taxonomy, slug))

    def all_of(self, taxonomy: str) -> list[int]:
        """Return the rows of all terms of a taxonomy that were brought in."""
        return [row for (own, _slug), row in self._rows.items() if own == taxonomy]

    def was_changed_here(self, taxonomy: str, slug: str, row_id: int) -> None:
        """Take what the import itself changed of a term for its state."""
        key = f"{taxonomy}:{slug}"
        if known := self._known.find(Kind.TERM, [key]).get(key):
            state = state_of(row_id) or ""
            self._known.remember(Kind.TERM, key, row_id, known.digest, state, known.rest)

    def numbered(self, taxonomy: str, number: str) -> int | None:
        """Return the row of a term by its number there."""
        return self._numbers.get((taxonomy, number.strip()))

    def _row(self, taxonomy: str, slug: str, filing: Filing) -> int | None:
        row = self._rows.get((taxonomy, slug))
        if row is None:
            term = Term(taxonomy, slug=slug, name=filing.name or slug)
            if self._bring_in(term, None) is Fate.CREATED:
                self._tell(
                    term, "term_not_listed",
                    _("Items are filed under it, and the file does not list it; it was made. "
                      "Nothing is to be done."),
                )  # fmt: skip
            row = self._rows.get((taxonomy, slug))
        return row

    def _bring_in(self, term: Term, number: int | None) -> Fate:
        slug = slug_of(term)
        if not slug:
            self._tell(term, "no_name", _("It has neither a name nor a slug, and was left out."))
            return Fate.SKIPPED
        place = (term.taxonomy, slug)
        parent_id = self._rows.get((term.taxonomy, slugify(unquote(term.parent.strip()),
                                                           allow_unicode=True)))  # fmt: skip
        words: dict[str, Any] = {
            "name": term.name.strip() or slug,
            "slug": slug,
            "description": term.description,
            "parent_id": parent_id if term.taxonomy == CATEGORY else None,
            "meta": meta_of(term.meta),
        }
        key, digest = ":".join(place), digest_of(*words.values())
        known = self._known.find(Kind.TERM, [key]).get(key)
        fate, code = judge(known, digest, state_of)
        if known is not None:
            row_id = known.target_id
        elif place in self._rows:
            self._tell(term, "listed_twice", LISTED_TWICE)
            return Fate.SKIPPED
        elif here := TermRow.objects.filter(taxonomy=term.taxonomy, slug=slug).first():
            # What was here already stays as it is, and is filed under.
            fate, row_id = Fate.UNCHANGED, here.pk
            self._known.remember(Kind.TERM, key, row_id, digest, "matched")
        else:
            row_id = add_term(term.taxonomy, number=number, **words).pk
            state = state_of(row_id) or ""
            self._known.remember(Kind.TERM, key, row_id, digest, state)
        if fate is Fate.UPDATED:
            row = TermRow.objects.get(pk=row_id)
            change_term(row, **words)
            state = state_of(row_id) or ""
            self._known.remember(Kind.TERM, key, row_id, digest, state)
        if code:
            self._tell(term, code, EDITED_OR_DELETED[code])
        if code != "deleted_here":
            self._rows[place] = row_id
            self._numbers[term.taxonomy, str(term.id)] = row_id
        return fate

    def _keep(self, term: Term) -> Fate:
        key = f"{term.taxonomy}:{term.slug or term.id}"
        known = self._known.find(Kind.KEPT, [key]).get(key)
        fate = keep(self._known, key, asdict(term), known, is_term=True, type=term.taxonomy,
                    wordpress_id=term.id)  # fmt: skip
        if fate is Fate.SKIPPED and known is not None:
            code = code_of_skip(known)
            self._tell(term, code, EDITED_OR_DELETED[code])
        return fate

    def _tell(self, term: Term, code: str, message: str | Promise) -> None:
        self._report.tell(name_of_term(term), code, message)


def once(terms: Iterable[Term]) -> Iterator[Term]:
    """Yield terms without those that say what another one has said.

    Where a WordPress has no taxonomies of plugins, it lists categories and tags a second time as
    terms of any taxonomy.
    """
    seen = set()
    for term in terms:
        term.taxonomy = SPELLINGS.get(term.taxonomy, term.taxonomy)
        said = (term.taxonomy, term.slug, term.parent, term.name, term.description)
        if said not in seen:
            seen.add(said)
            yield term


def filings_of(item: Item) -> list[Filing]:
    """Return what an item is filed under, with taxonomies as they are called today.

    WXR 1.0 wrote each category twice, once without its taxonomy; older files only so.
    """
    named = [Filing(SPELLINGS.get(one.taxonomy, one.taxonomy), one.slug, one.name)
             for one in item.filings if one.taxonomy]  # fmt: skip
    if named:
        return named
    return [Filing(CATEGORY, one.slug, one.name) for one in item.filings]


def parents_first(terms: list[Term]) -> list[Term]:
    """Return terms in an order in which parents come first; what goes round in a circle, last."""
    waiting: dict[tuple[str, str], list[Term]] = {}
    listed = {(term.taxonomy, term.slug) for term in terms}
    ready: list[Term] = []
    for term in terms:
        above = (term.taxonomy, term.parent)
        if term.parent and above in listed and term.parent != term.slug:
            waiting.setdefault(above, []).append(term)
        else:
            ready.append(term)
    for term in ready:
        ready.extend(waiting.pop((term.taxonomy, term.slug), ()))
    return ready + [term for some in waiting.values() for term in some]


def state_of(row_id: int) -> str | None:
    row = TermRow.objects.filter(pk=row_id).values_list("name", "slug", "description", "parent_id")
    found = row.first()
    return found and digest_of(*found)
