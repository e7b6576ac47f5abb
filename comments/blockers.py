"""What of comments stands in the way of cancelling an account: open complaints, and sanctions."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments.models import Appeal, IllegalContentReport
from comments.services.sanctioning import sanctions_in_force
from core.extensions.acceptance import Person
from core.extensions.personal_data import Blocker, Condition, Subject


class CommentBlockers:
    """Reports and appeals that nobody has decided yet, and sanctions that are in force."""

    identifier = "comments.comments"

    def blockers(self, subject: Subject) -> Iterator[Blocker]:
        reports = IllegalContentReport.objects.filter(
            Q(email__iexact=subject.email) | Q(comment__user_id=subject.user_id), decided_at=None
        ).count()
        if reports:
            yield Blocker(
                Condition.COMPLAINTS,
                "open_reports",
                ngettext(
                    "%(count)d report by you or about your comments is not decided yet.",
                    "%(count)d reports by you or about your comments are not decided yet.",
                    reports,
                ) % {"count": reports},
                _("Wait for the decision: you get it by mail."),
                count=reports,
            )  # fmt: skip
        appeals = Appeal.objects.filter(
            removal__comment__user_id=subject.user_id, decided_at=None
        ).count()
        if appeals:
            yield Blocker(
                Condition.COMPLAINTS,
                "open_appeals",
                ngettext(
                    "%(count)d appeal of yours is not decided yet.",
                    "%(count)d appeals of yours are not decided yet.",
                    appeals,
                ) % {"count": appeals},
                _("Wait for the decision: you get it by mail."),
                count=appeals,
            )  # fmt: skip
        person = Person(user_id=subject.user_id, email=subject.email)
        sanctions = sanctions_in_force(person).count()
        if sanctions:
            yield Blocker(
                Condition.FROZEN,
                "sanction",
                _("The account is limited after the rules of conduct."),
                _("Wait until that is over, or appeal against it by answering its mail."),
                count=sanctions,
            )


COMMENT_BLOCKERS = CommentBlockers()
