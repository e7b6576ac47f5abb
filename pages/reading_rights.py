"""Who reads and edits which entries: WordPress's rules, as conditions of a query."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from core.extensions.people import capabilities
from pages.statuses import DRAFT, FUTURE, PENDING, PRIVATE, PUBLISH, STATUSES, TRASH

ALREADY_PUBLISHED = (PUBLISH, FUTURE)


@dataclass(frozen=True)
class Rights:
    """What somebody may do with the entries of a kind, "post" or "page".

    The conditions are about rows that pages.statuses.with_status has annotated; `author` and
    `before_trash` name the columns of the author and of the status before the trash.
    """

    kind: str
    user_id: int | None
    given: frozenset[str]

    def may(self, verb: str) -> bool:
        """Tell whether the capability is there that a verb such as edit_others names."""
        return f"{verb}_{self.kind}s" in self.given

    def editable(self, author: str, before_trash: str) -> Q:
        """Return the condition that an entry may be edited."""
        mine = Q(**{author: self.user_id}) if self.user_id else Q(pk__in=[])
        own, others = Q(pk__in=[]), Q(pk__in=[])
        if self.may("edit"):
            own = Q(status__in=(DRAFT, PENDING, PRIVATE, TRASH))
            own &= ~Q(status=TRASH, **{f"{before_trash}__in": ALREADY_PUBLISHED})
        if self.may("edit_published"):
            was_published = Q(status=TRASH, **{f"{before_trash}__in": ALREADY_PUBLISHED})
            own |= Q(status__in=ALREADY_PUBLISHED) | was_published
        if self.may("edit_others"):
            others = Q(status__in=self.editable_of_others())
        # What nobody wrote is another's too; SQL compares nothing with a missing author.
        nobodys = Q(**{f"{author}__isnull": True})
        return (mine & own) | ((nobodys | ~mine) & others)

    def editable_of_others(self) -> list[str]:
        extra = {PUBLISH: "edit_published", FUTURE: "edit_published", PRIVATE: "edit_private"}
        return [each for each in STATUSES if each not in extra or self.may(extra[each])]

    def readable(self, author: str, before_trash: str) -> Q:
        """Return the condition that an entry may be read."""
        found = Q(status=PUBLISH) | self.editable(author, before_trash)
        if self.user_id:
            found |= Q(**{author: self.user_id})
        if self.may("read_private"):
            found |= Q(status=PRIVATE)
        return found


def rights_for(user: Any, kind: str) -> Rights:
    """Return what an account, or nobody, may do with the entries of a kind."""
    given = capabilities.get().of(user)
    return Rights(kind, user.pk if "read" in given else None, given)
