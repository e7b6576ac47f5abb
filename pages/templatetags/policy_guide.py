"""The policy guide beside an editor's text."""

from django import template

from pages.guide import KnownFact, Suggestion, known_facts, suggestions_for
from pages.models import PolicyPage

register = template.Library()


@register.simple_tag
def suggested_policy_texts(page: PolicyPage) -> list[Suggestion]:
    """Return what parts of the site suggest for a page, and what changed since its last version."""
    return suggestions_for(page)


@register.simple_tag
def facts_to_name() -> list[KnownFact]:
    """Return the facts that a text can name, with the values they have now."""
    return known_facts()
