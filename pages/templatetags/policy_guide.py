"""What rooms and plugins suggest for a policy, in the editor's language."""

from django import template
from django.utils.translation import get_language

from core.extensions.policies import policy_texts

register = template.Library()


@register.simple_tag
def suggested_policy_texts() -> list[dict[str, str]]:
    """Return heading and text of every suggestion, in the current language or English."""
    language = get_language() or "en"
    return [
        {
            "heading": text.heading.get(language, text.heading["en"]),
            "text": text.text.get(language, text.text["en"]),
        }
        for text in policy_texts
    ]
