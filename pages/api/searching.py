"""What WordPress understands by a search: words, quoted phrases, words left out, and relevance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from html import escape
from operator import and_, or_

from django.db.models import Case, IntegerField, Q, Value, When

from core.texturize import texturize

TERM = re.compile(r'".*?(?:"|$)|(?:(?<=[\t ",+])|^)[^\t ",+]+')
STOPWORDS = frozenset({
    "about", "an", "are", "as", "at", "be", "by", "com", "for", "from", "how", "in", "is", "it",
    "of", "on", "or", "that", "the", "this", "to", "was", "what", "when", "where", "who", "will",
    "with", "www",
})  # fmt: skip
MOST_TERMS = 9
MOST_TERMS_ORDERED = 6
LONGEST = 1_600


@dataclass(frozen=True)
class Columns:
    """The columns that are searched, in WordPress's order: titles, excerpts, texts."""

    titles: tuple[str, ...] = ("title",)
    excerpts: tuple[str, ...] = ("excerpt",)
    texts: tuple[str, ...] = ("rendered_body",)


class Search:
    """A search as it was typed."""

    def __init__(self, typed: str, columns: Columns) -> None:
        self.columns = columns
        # WordPress looks for nothing where more was typed than anybody types.
        self.sentence = re.sub(r"[\r\n]", "", typed) if len(typed.encode()) <= LONGEST else ""
        found = TERM.findall(self.sentence)
        terms = [term for term in map(cleaned, found) if is_telling(term)]
        is_sentence = not terms or len(terms) > MOST_TERMS
        self.count = len(found) or 1
        self.terms = [self.sentence] if is_sentence else terms
        self.wanted = [term for term in self.terms if not term.startswith("-")]
        self.unwanted = [term[1:] for term in self.terms if term.startswith("-")]

    def condition(self) -> Q:
        """Return the condition that an item has every wanted word and none of the unwanted."""
        columns = (*self.columns.titles, *self.columns.excerpts, *self.columns.texts)
        conditions = [having(columns, term) for term in self.wanted]
        conditions += [~having(columns, term) for term in self.unwanted if term]
        return reduce(and_, conditions, Q())

    def fits(self, *texts: str) -> bool:
        """Tell the same of texts that are at hand."""
        words = "\n".join(texts).lower()

        def has(term: str) -> bool:
            return any(spelling.lower() in words for spelling in spellings_of(term))

        return all(map(has, self.wanted)) and not any(map(has, filter(None, self.unwanted)))

    def order(self) -> Case | None:
        """Return the rank of an item, lower for what fits better, or None where all fit alike."""
        titles, sentence = self.columns.titles, self.sentence
        in_title = [having(titles, term) for term in self.wanted]
        if not in_title:
            return None
        if self.count == 1:
            return ranked([in_title[0]])
        ranks: list[Q | None] = [None] * 5
        if not re.search(r"(?:\s|^)-", sentence):
            ranks[0] = having(titles, sentence)
            ranks[3] = having(self.columns.excerpts, sentence)
            ranks[4] = having(self.columns.texts, sentence)
        if len(in_title) <= MOST_TERMS_ORDERED:
            ranks[1] = reduce(and_, in_title)
            ranks[2] = reduce(or_, in_title)
        return ranked(ranks)


def ranked(conditions: Sequence[Q | None]) -> Case:
    whens = [When(condition, then=Value(rank)) for rank, condition in enumerate(conditions)
             if condition is not None]  # fmt: skip
    return Case(*whens, default=Value(len(conditions)), output_field=IntegerField())


def cleaned(term: str) -> str:
    # A quoted phrase keeps the spaces at its ends.
    is_quoted = len(term) > 2 and term.startswith('"') and term.endswith('"')
    return term.strip("\"'") if is_quoted else term.strip("\"' ")


def is_telling(term: str) -> bool:
    if re.fullmatch(r"[a-zA-Z-]?", term):
        return False
    return term.lower() not in STOPWORDS


def having(columns: Sequence[str], term: str) -> Q:
    """Return the condition that one of the columns has a term, as typed or as it is shown."""
    conditions = [Q(**{f"{column}__icontains": spelling})
                  for column in columns for spelling in spellings_of(term)]  # fmt: skip
    return reduce(or_, conditions, Q(pk__in=[]))


def spellings_of(term: str) -> set[str]:
    escaped = escape(term, quote=False)
    return {term, escaped, texturize(escaped)}
