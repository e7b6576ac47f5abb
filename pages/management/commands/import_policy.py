"""`manage.py import_policy FILE --kind KIND --title T`: bring in a policy that exists already."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext, override

from core.extensions.site import site_provider
from pages.checking import errors_among, findings_in_file
from pages.clauses import make_clauses
from pages.comparing import compare, counts
from pages.errors import PolicyImportError, PolicyNotPublishableError
from pages.importing import kind_of, read_file, read_policy
from pages.linting import Finding, row_of
from pages.models import HomePage, PolicyDocument, PolicyPage, PolicyText
from pages.models.policies import PolicyKind
from pages.services.content import make_home
from pages.services.policies import publish_policy


class Command(BaseCommand):
    """Read text, Markdown or HTML into clauses; the same kind and title makes the next version."""

    help = "Import a policy from text, Markdown or HTML; the same title makes the next version."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=PolicyKind.values)
        parser.add_argument("--title", required=True)
        parser.add_argument("--locale", default=settings.LANGUAGE_CODE)
        parser.add_argument("--updated-on", help="YYYY-MM-DD")
        parser.add_argument("--effective-at", help="ISO 8601; a date alone is midnight on the site")
        parser.add_argument("--historic", action="store_true", help="take past or missing dates")
        parser.add_argument("--summary", default="")
        parser.add_argument("--publish", action="store_true")
        parser.add_argument("--translation-of", metavar="SLUG@N", default="")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        first = HomePage.objects.order_by("path").first()
        if first is None or options["locale"] not in dict(settings.LANGUAGES):
            raise CommandError(
                f"The site has no home page in {options['locale']}, nor can one be made. It knows "
                f"these languages: {', '.join(dict(settings.LANGUAGES))}.",
                returncode=2,
            )
        try:
            source = read_file(path)
            clauses = read_policy(source, kind_of(path.name))
        except PolicyImportError as error:
            raise CommandError(str(error), returncode=2) from error
        if not clauses:
            raise CommandError(f"{path} holds no text.", returncode=2)
        findings = findings_in_file(
            source, path.name, kind=options["kind"], locale=options["locale"]
        )
        if options["publish"] and not options["historic"]:
            self.refuse_errors(findings, as_json=options["json"])
        words = {
            "kind": options["kind"],
            "title": options["title"],
            "clauses": clauses,
            "summary": options["summary"] or self.default_summary(options, clauses),
            "updated_on": self.day(options["updated_on"]),
            "effective_at": self.moment(options["effective_at"]),
            "is_recorded_later": options["historic"],
            "publish": options["publish"],
            "translation_of": self.original(options["translation_of"]),
        }
        try:
            with transaction.atomic():
                page, version = publish_policy(parent=home_in(options["locale"], first), **words)
        except PolicyNotPublishableError as error:
            raise CommandError(str(error)) from error
        document = PolicyDocument.objects.filter(translation_key=page.translation_key).first()
        result = {
            "slug": document.slug if document else page.slug,
            "version": version.number if version else None,
            "page": page.pk,
            "findings": list(map(row_of, findings)),
        }
        if options["json"]:
            self.stdout.write(json.dumps(result))
        elif version:
            self.stdout.write(f"{result['slug']}: version {version.number}, page {page.pk}")
        else:
            self.stdout.write(
                f"{result['slug']}: no new version; page {page.pk} has it as a draft, which the "
                "admin publishes"
            )
            for each in errors_among(findings):
                self.stdout.write(f"line {each.line}: {each.message}")

    def refuse_errors(self, findings: list[Finding], *, as_json: bool) -> None:
        errors = errors_among(findings)
        if not errors:
            return
        if as_json:
            rows = list(map(row_of, findings))
            empty = {"slug": None, "version": None, "page": None, "findings": rows}
            self.stdout.write(json.dumps(empty))
            raise CommandError("")
        raise CommandError(
            "\n".join(f"line {each.line}: {each.message}" for each in errors)
            + "\nNothing was imported. Mend the text, or import it without --publish."
        )

    def default_summary(self, options: dict[str, Any], clauses: list[dict[str, Any]]) -> str:
        """Return what can be said of a change without knowing its reason."""
        if options["historic"]:
            return "Recorded later."
        page = PolicyPage.objects.filter(
            kind=options["kind"], title=options["title"], locale__language_code=options["locale"]
        ).first()
        before = (
            PolicyText.objects.filter(version__page=page, locale=options["locale"]).last()
            if page
            else None
        )
        with override(options["locale"]):
            if before is None:
                return gettext("First version.")
            found = counts(compare(before.clauses, make_clauses(clauses)))
            return gettext(
                "Clauses: %(added)s added, %(removed)s removed, %(changed)s changed, %(same)s as "
                "they were."
            ) % {
                "added": found["added"],
                "removed": found["removed"],
                "changed": found["changed"],
                "same": found["unchanged"],
            }

    def day(self, value: str | None) -> Any:
        try:
            day = parse_date(value) if value else None
        except ValueError:
            day = None
        if value and day is None:
            raise CommandError(
                f"--updated-on {value} is no date. It looks like 2026-09-30.", returncode=2
            )
        return day

    def moment(self, value: str | None) -> datetime | None:
        if not value:
            return None
        zone = ZoneInfo(site_provider.get().identity().timezone)
        try:
            day = parse_date(value) if len(value) == 10 else None
            found = datetime(day.year, day.month, day.day) if day else parse_datetime(value)
        except ValueError:
            found = None
        if found is None:
            raise CommandError(
                f"--effective-at {value} is no moment. It looks like 2026-10-07 or "
                "2026-10-07T00:00:00+08:00.",
                returncode=2,
            )
        return found if found.tzinfo else found.replace(tzinfo=zone)

    def original(self, value: str) -> PolicyPage | None:
        if not value:
            return None
        slug, _, number = value.partition("@")
        document = PolicyDocument.objects.filter(slug=slug).first()
        newest = document.newest() if document else None
        if newest is None or str(newest.number) != (number or str(newest.number)):
            raise CommandError(
                f"--translation-of {value} is no newest version. It looks like privacy-policy@2.",
                returncode=2,
            )
        return newest.page.specific


def home_in(locale: str, first: HomePage) -> HomePage:
    """Return the home page of a language; the first policy in a language makes one."""
    home = HomePage.objects.filter(locale__language_code=locale).first()
    if home is not None:
        return home
    return make_home(locale, title=first.title, site_name=first.site_name, tagline=first.tagline)
