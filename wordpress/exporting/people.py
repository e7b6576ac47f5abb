"""The accounts that the file names: who wrote an entry, uploaded a file or commented signed in."""

from collections.abc import Iterator

from accounts.models import User
from comments.models import VisitorComment
from media.models import SiteDocument, SiteImage
from pages.models import PolicyPage, PostPage, StandardPage
from wordpress.exporting.batches import batches
from wordpress.importing.people import clean_login
from wordpress.models import KeptRecord
from wordpress.wxr.records import Author

COLUMNS = ("pk", "username", "email", "display_name", "first_name", "last_name")


class People:
    """Knows the login of each account that wrote something."""

    def __init__(self) -> None:
        self.logins: dict[int, str] = {}

    def authors(self) -> Iterator[Author]:
        """Yield the accounts in the order of their numbers."""
        for keys in batches(sorted(named_accounts())):
            rows = User.objects.filter(pk__in=keys).order_by("pk").values_list(*COLUMNS)
            for pk, login, email, display_name, first_name, last_name in rows:
                self.logins[pk] = login
                yield Author(pk, login, email, display_name or login, first_name, last_name)

    def login_of(self, user_id: int | None) -> str:
        """Return an account's login, "" for none."""
        return self.logins.get(user_id or 0, "")


def named_accounts() -> set[int]:
    spoken = VisitorComment.objects.unrestricted().exclude(comment="")
    rows = [
        PostPage.objects.values_list("author_id", flat=True),
        StandardPage.objects.values_list("author_id", flat=True),
        PolicyPage.objects.values_list("owner_id", flat=True),
        SiteImage.objects.values_list("uploaded_by_user_id", flat=True),
        SiteDocument.objects.values_list("uploaded_by_user_id", flat=True),
        spoken.values_list("user_id", flat=True),
        KeptRecord.objects.exclude(written_at=None).values_list("author_id", flat=True),
    ]
    found = {key for each in rows for key in each.order_by().distinct() if key}
    creators = KeptRecord.objects.filter(is_term=False).values_list("fields__creator", flat=True)
    logins = {clean_login(name) for name in creators.order_by().distinct() if name}
    for some in batches(sorted(logins)):
        found.update(User.objects.filter(username__in=some).values_list("pk", flat=True))
    return found
