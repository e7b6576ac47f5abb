"""Authors: matched with accounts that are here, or made, without a password."""

from collections.abc import Iterable
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import create_author
from comments.write_lock import write_transaction
from wordpress.authors import clean_login, key_of
from wordpress.importing.naming import EDITED_OR_DELETED
from wordpress.importing.records import Known, digest_of, judge
from wordpress.importing.report import Fate, Report
from wordpress.models import Kind
from wordpress.wxr.records import Author

HIGHEST_KEPT = 1_000_000_000


class People:
    """Knows which account stands for an author, by login and by the author's number."""

    def __init__(self, known: Known, report: Report) -> None:
        self._known = known
        self._report = report
        self._by_login: dict[str, int] = {}
        self._by_number: dict[int, int] = {}

    def bring_in(self, authors: Iterable[Author], creators: Iterable[str]) -> None:
        """Bring in the authors that a file lists, and those that only its items name."""
        with write_transaction():
            listed = set()
            for author in authors:
                login = clean_login(author.login)
                if not login:
                    self._report.count("authors", Fate.SKIPPED)
                    self._report.tell(
                        _("Author %d") % author.id, "no_login",
                        _("It has no login, and no account was made. What it wrote has no author "
                          "here; name one by hand."),
                    )  # fmt: skip
                    continue
                listed.add(login.lower())
                self._report.count("authors", self._bring_in(author, login))
            for creator in creators:
                login = clean_login(creator)
                if login and login.lower() not in listed:
                    listed.add(login.lower())
                    fate = self._bring_in(Author(login=login, display_name=login), login)
                    if fate is Fate.CREATED:
                        self._report.tell(
                            _("An author"), "author_not_listed",
                            _("Items name an author whom the file does not list; an account "
                              "without a mail address was made. Give it one under Users."),
                        )  # fmt: skip
            self._known.flush()

    def account_of(self, login: str) -> int | None:
        """Return the account of who wrote an item."""
        return self._by_login.get(clean_login(login).lower())

    def account_numbered(self, number: int) -> int | None:
        """Return the account of an author by the number there."""
        return self._by_number.get(number)

    def _bring_in(self, author: Author, login: str) -> Fate:
        key = key_of(login)
        digest = digest_of(author.email, author.display_name, author.first_name, author.last_name)
        row = self._known.find(Kind.AUTHOR, [key]).get(key)
        fate, code = judge(row, digest, state_of)
        if row is not None:
            user_id = row.target_id
        elif (found := matching(author, login)) is not None:
            # Whose account was here is not changed by a file.
            fate, user_id = Fate.UNCHANGED, found
            self._known.remember(Kind.AUTHOR, key, user_id, digest, "matched")
        else:
            user = create_author(
                username=login,
                email=address_of(author),
                display_name=author.display_name.strip() or login,
                first_name=author.first_name.strip(),
                last_name=author.last_name.strip(),
                number=author.id if 0 < author.id <= HIGHEST_KEPT else None,
            )
            user_id = user.pk
            self._known.remember(Kind.AUTHOR, key, user_id, digest, state_of(user_id) or "")
        if fate is Fate.UPDATED and row is not None:
            user = User.objects.get(pk=user_id)
            user.display_name = (author.display_name.strip() or login)[:150]
            user.first_name, user.last_name = author.first_name[:150], author.last_name[:150]
            user.save(update_fields=["display_name", "first_name", "last_name"])
            self._known.remember(Kind.AUTHOR, key, user_id, digest, state_of(user_id) or "")
        if code:
            self._report.tell(_("Author %d") % author.id, code, EDITED_OR_DELETED[code])
        if fate is Fate.SKIPPED and state_of(user_id) is None:
            return fate
        self._by_login[login.lower()] = user_id
        if author.id:
            self._by_number[author.id] = user_id
        return fate


def state_of(user_id: int) -> str | None:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return None
    return digest_of(user.display_name, user.first_name, user.last_name, user.email)


def matching(author: Author, login: str) -> int | None:
    if email := address_of(author):
        lowered = User.objects.annotate(lowered=Lower("email")).filter(lowered=email.lower())
        if found := lowered.values_list("pk", flat=True).first():
            return found
    return User.objects.filter(username__iexact=login).values_list("pk", flat=True).first()


def address_of(author: Author) -> str:
    with suppress(ValidationError):
        validate_email(author.email.strip())
        return author.email.strip()
    return ""
