"""A moderator's search: what the form says, what the address says, and what only the session keeps.

Words and authors that are looked for may name people. They stand in no address: the form is
posted, they are kept in the session under a random key, and the address carries the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from comments.models import Status
from comments.searching import Criteria, Order, Place

SESSION_KEY, MOST_KEPT = "comment_searches", 10
PERSONAL = ("words", "author")
ORDER_LABELS = {
    Order.NEWEST: _("Newest first"),
    Order.OLDEST: _("Oldest first"),
    Order.WORST: _("Most like spam first"),
}


def percent(**kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=0, max_value=100, **kwargs)


def day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(
        required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"], **kwargs,
    )  # fmt: skip


class SearchForm(forms.Form):
    """What can be looked for. A field that makes no sense counts as empty."""

    status = forms.ChoiceField(required=False, choices=Status.choices, widget=forms.HiddenInput)
    words = forms.CharField(required=False, max_length=200, label=_("Words in the text"),
                            widget=forms.TextInput({"type": "search"}))  # fmt: skip
    author = forms.CharField(required=False, max_length=200, label=_("Author"),
                             help_text=_("Name, address or site"))  # fmt: skip
    post = forms.IntegerField(required=False, min_value=1, label=_("Post"))
    reason = forms.CharField(required=False, max_length=40, label=_("Main reason"))
    score_from = percent(label=_("Spam score from, %"))
    score_to = percent(label=_("to, %"))
    since = day(label=_("Written from"))
    until = day(label=_("until"))
    by = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    order = forms.ChoiceField(
        required=False, choices=list(ORDER_LABELS.items()), label=_("Order")
    )  # fmt: skip


@dataclass(frozen=True)
class Search:
    """A search with its order; `key` is where the session keeps its personal part."""

    criteria: Criteria
    order: Order = Order.NEWEST
    key: str = ""

    def url(self, **changes: Any) -> str:
        """Return the address of the list, with parts changed; None takes a part out."""
        criteria = self.criteria
        parts: dict[str, Any] = {
            "status": criteria.status,
            "order": self.order if self.order != Order.NEWEST else None,
            "post": criteria.target_id,
            "reason": criteria.reason,
            "by": criteria.same_author_as,
            "score_from": in_percent(criteria.score_from),
            "score_to": in_percent(criteria.score_to),
            "since": criteria.since,
            "until": criteria.until,
            "f": self.key,
        } | changes
        given = {name: value for name, value in parts.items() if value not in (None, "")}
        return f"{reverse('visitor_comments:queue')}?{urlencode(given)}"

    def place(self, name: str, place: Place) -> str:
        """Return the address of the page `after` or `before` a place."""
        return self.url(**{name: str(place)})


def in_percent(score: float | None) -> int | None:
    return None if score is None else round(score * 100)


def as_score(percentage: int | None) -> float | None:
    return None if percentage is None else percentage / 100


def search_of(data: Mapping[str, Any], key: str = "") -> Search:
    """Return the search that form data means."""
    form = SearchForm(data)
    form.is_valid()
    said = {name: form.cleaned_data.get(name) for name in form.fields}
    return Search(
        Criteria(
            status=said["status"] or Status.HOLD,
            words=said["words"] or "",
            author=said["author"] or "",
            same_author_as=said["by"],
            target_id=said["post"],
            reason=said["reason"] or "",
            score_from=as_score(said["score_from"]),
            score_to=as_score(said["score_to"]),
            since=said["since"],
            until=said["until"],
        ),
        Order(said["order"] or Order.NEWEST),
        key,
    )


def search_in(request: HttpRequest) -> Search:
    """Return the search that an address means, with what the session keeps of it."""
    key = request.GET.get("f", "")
    kept = request.session.get(SESSION_KEY, {}).get(key, {})
    return search_of({**request.GET.dict(), **dict.fromkeys(PERSONAL, ""), **kept}, key)


def keep(request: HttpRequest) -> Search:
    """Keep the personal part of a posted search; return the search under its key."""
    search = search_of(request.POST)
    personal = {name: value for name in PERSONAL if (value := getattr(search.criteria, name))}
    if not personal:
        return search
    key = get_random_string(12)
    searches = {**request.session.get(SESSION_KEY, {}), key: personal}
    request.session[SESSION_KEY] = dict(list(searches.items())[-MOST_KEPT:])
    return Search(search.criteria, search.order, key)


def form_of(search: Search) -> SearchForm:
    """Return the form filled with a search."""
    criteria = search.criteria
    return SearchForm(
        label_suffix="",
        initial={
            "status": criteria.status,
            "words": criteria.words,
            "author": criteria.author,
            "post": criteria.target_id,
            "reason": criteria.reason,
            "score_from": in_percent(criteria.score_from),
            "score_to": in_percent(criteria.score_to),
            "since": criteria.since,
            "until": criteria.until,
            "by": criteria.same_author_as,
            "order": search.order,
        },
    )
