"""Days as a person reads them."""

from datetime import date

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def day(value: date | str) -> str:
    """Return a day, also one as JSON holds it, in the language of the page."""
    return date_format(value if isinstance(value, date) else date.fromisoformat(value))
