"""The readable page of an export: one HTML file that needs nothing else."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

# The file is opened from a disk, without the site: its style has to be inside.
STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #5b636d; --line: #d9dde2;
  --ground: #f6f7f9; --sheet: #fff; --accent: #1b5e5a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --soft: #a3acb6; --line: #343b43;
  --ground: #14181c; --sheet: #1c2126; --accent: #7fd1c7; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.6 system-ui, "Noto Sans", "Noto Sans SC", "PingFang SC", sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
h1 { margin: 0 0 .5rem; font-size: 2rem; line-height: 1.2; }
h2 { margin: 3rem 0 1rem; font-size: 1.25rem; color: var(--accent); }
p.about { margin: 0 0 .25rem; color: var(--soft); }
article { margin: 0 0 1rem; padding: 1rem 1.25rem; background: var(--sheet);
  border: 1px solid var(--line); border-radius: .5rem; }
dl { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .35rem 1.25rem;
  margin: 0; }
dt { color: var(--soft); overflow-wrap: anywhere; }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 1.2rem; }
.none, .count { color: var(--soft); }
.missing { padding: .75rem 1rem; border-left: .25rem solid #b3541e; background: var(--sheet); }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .6rem; } }
"""


def opening(site: str, address: str, reference: str, at: datetime) -> str:
    """Return the head of the page and who it is about."""
    title = _("Your data at %(site)s") % {"site": site}
    return format_html(
        '<!doctype html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<title>{}</title>\n<style>{}</style>\n'
        '</head>\n<body>\n<main>\n<h1>{}</h1>\n<p class="about">{}</p>\n'
        '<p class="about">{}</p>\n<p class="about">{}</p>\n<p class="about">{}</p>\n',
        get_language() or "en",
        title,
        mark_safe(STYLE),
        title,
        _("For %(address)s, made on %(date)s (UTC).")
        % {"address": address, "date": date_format(at, "DATETIME_FORMAT")},
        _("Reference: %(reference)s") % {"reference": reference},
        _("The same data, for programs: data.json, explained by data.schema.json."),
        _("As a table for spreadsheets: data.csv."),
    )


def section(identifier: str, name: str) -> str:
    """Return the start of one kind of data."""
    return format_html('<section id="{}">\n<h2>{}</h2>\n', slugify(identifier), name)


def item(key: str, data: Mapping[str, Any]) -> str:
    """Return one thing that is held.

    Written with plain strings, each value escaped once: an export may hold thousands of these.
    """
    rows = "\n".join(
        f"<dt>{escape(label(name))}</dt><dd>{shown(value)}</dd>" for name, value in data.items()
    )
    return f'<article aria-label="{escape(key)}"><dl>\n{rows}\n</dl></article>\n'


def label(name: str) -> str:
    return name.replace("_", " ")


def shown(value: Any) -> str:
    """Return a value as HTML; every text in it is escaped."""
    if isinstance(value, str):
        return escape(value) if value else "–"
    if value is None or value == [] or value == {}:
        return "–"
    match value:
        case bool():
            return escape(_("yes") if value else _("no"))
        case list():
            return f"<ul>{''.join(f'<li>{shown(each)}</li>' for each in value)}</ul>"
        case dict():
            rows = "".join(
                f"<li>{escape(label(name))}: {shown(each)}</li>" for name, each in value.items()
            )
            return f"<ul>{rows}</ul>"
    return escape(str(value))


def section_end(count: int, *, is_complete: bool) -> str:
    """Return the end of one kind of data, which says where something is missing."""
    end = ""
    if not is_complete:
        end = format_html(
            '<p class="missing">{}</p>\n',
            _("This part could not be read completely. You get another mail when it has been."),
        )
    elif not count:
        end = format_html('<p class="none">{}</p>\n', _("Nothing is held here."))
    else:
        entries = ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count}
        end = format_html('<p class="count">{}</p>\n', entries)
    return f"{end}</section>\n"


def closing() -> str:
    """Return the end of the page."""
    return "</main>\n</body>\n</html>\n"
