"""How policies are shown: moments in the time zone they were given in, and what changed."""

from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pages.comparing import Span
from pages.models.policies import PolicyVersion
from pages.notifications import moment_of

register = template.Library()


@register.filter
def moment(version: PolicyVersion) -> str:
    """Return when a version takes effect, in its own time zone, whatever the site's is today."""
    return moment_of(version)


@register.filter
def marked(spans: Iterable[Span]) -> SafeString:
    """Return spans as HTML, what went and what came marked for eyes and for screen readers."""
    words = {"-": _("removed:"), "+": _("added:")}
    tags = {"-": "del", "+": "ins"}
    parts = [
        conditional_escape(text)
        if sign == "="
        else format_html(
            '<{0}><span class="visually-hidden">[{1} </span>{2}'
            '<span class="visually-hidden">]</span></{0}>',
            tags[sign], words[sign], text,
        )
        for sign, text in spans
    ]  # fmt: skip
    return mark_safe("".join(parts))  # each part is escaped above
