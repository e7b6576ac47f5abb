"""A translation against the text that counts: the same clauses, numbers and links."""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from pages.linting.calendar import DATE
from pages.linting.findings import WARNING, Finding, Source, finding

NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?![\w])|\d+(?=\s*[\u4e00-\u9fff])")


def check_translation(source: Source, other: Source, clauses: Sequence[int]) -> Iterator[Finding]:
    """Yield what a translation has otherwise than the authoritative text of its version.

    `clauses` are the numbers of clauses here and there. Dates and numbers written as words differ
    by language and are left out.
    """
    if not source.lines:
        return
    here, there = clauses
    if here != there:
        yield finding(
            "translation-differs",
            WARNING,
            source.lines[0],
            _(
                "This translation has %(here)d clauses and the authoritative text %(there)d. "
                "Give both the same."
            )
            % {"here": here, "there": there},
        )
    own, theirs = numbers_in(source), numbers_in(other)
    for missing, sentence in (
        (theirs - own, _("The authoritative text has these numbers, and this has not: %(what)s.")),
        (own - theirs, _("This has numbers that the authoritative text has not: %(what)s.")),
    ):
        if missing:
            yield finding(
                "translation-differs",
                WARNING,
                source.lines[0],
                sentence % {"what": ", ".join(sorted(missing))},
            )
    outside = [{link.href for link in each.links if "://" in link.href or "mailto:" in link.href}
               for each in (source, other)]  # fmt: skip
    if lost := outside[1] - outside[0]:
        yield finding(
            "translation-differs",
            WARNING,
            source.lines[0],
            _("The authoritative text links to these, and this does not: %(what)s.")
            % {"what": ", ".join(sorted(lost))},
        )


def numbers_in(source: Source) -> set[str]:
    return {
        number for line in source.prose
        for number in NUMBER.findall(DATE.sub(" ", line.text))
    }  # fmt: skip
