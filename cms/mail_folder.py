"""Mails in a folder, where no mail server is set: a trial's outbox, which is a store of its own.

Mails that a server has sent are in other people's mailboxes. Those in the folder are the site's: a
person gets them with their copy, an erasure removes them, and all of them go after a while.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.extensions.data_inventory import Activity
from core.extensions.personal_data import Erasure, ExportedItem, Subject, normalise_address
from core.extensions.policies import PolicyFact

# Between the mails of a file, as Django's backend writes it.
RULE = b"\n" + b"-" * 79 + b"\n"
PARSER = BytesParser(policy=policy.default)
ADDRESSED = ("To", "Cc", "Bcc")


def folder() -> Path | None:
    """Return the folder, None where mails go to a server."""
    named = getattr(settings, "EMAIL_FILE_PATH", None)
    return Path(named) if named else None


def files() -> list[Path]:
    found = folder()
    return sorted(found.glob("*.log")) if found is not None and found.is_dir() else []


def mails_in(path: Path) -> Iterator[tuple[bytes, EmailMessage]]:
    """Yield each mail of a file, as its bytes and read; a file that went meanwhile has none."""
    try:
        held = path.read_bytes()
    except FileNotFoundError:
        return
    for raw in held.split(RULE):
        if raw.strip():
            yield raw, PARSER.parsebytes(raw)  # type: ignore[misc]


def concerns(mail: EmailMessage, address: str) -> bool:
    """Tell whether a mail was sent to a normalised address, or speaks of it."""
    headers = [str(value) for name in ADDRESSED for value in mail.get_all(name, [])]
    if any(is_spelling(each, address) for _name, each in getaddresses(headers)):
        return True
    return any(address in text_of(part).lower() for part in mail.walk() if is_text(part))


def is_spelling(written: str, address: str) -> bool:
    try:
        return normalise_address(written) == address
    except ValueError:
        return False


def is_text(part: EmailMessage) -> bool:
    return part.get_content_maintype() == "text"


def text_of(part: EmailMessage) -> str:
    return (part.get_payload(decode=True) or b"").decode(errors="replace")


def forget_old() -> int:
    """Delete files of mails after their time; return how many. Safe to call twice."""
    limit = time.time() - settings.MAIL_FOLDER_DAYS * 86_400
    gone = [path for path in files() if path.stat().st_mtime <= limit]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


class MailFolderData:
    """The mails in the folder that were sent to a person, or speak of their address."""

    identifier = "cms.mail_folder"
    verbose_name: str | Promise = _("Mails kept in a folder")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        for path in files():
            for _raw, mail in mails_in(path):
                if concerns(mail, subject.email) and not (until and sent_at(mail) > until):
                    yield str(mail["Message-ID"] or "")

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for mail in self.found(keys):
            yield ExportedItem(
                str(mail["Message-ID"]),
                {
                    "to": str(mail["To"] or ""),
                    "subject": str(mail["Subject"] or ""),
                    "sent_at": sent_at(mail).isoformat(),
                },
            )

    def found(self, keys: Iterable[str]) -> Iterator[EmailMessage]:
        wanted = set(keys)
        for path in files():
            for _raw, mail in mails_in(path):
                if str(mail["Message-ID"] or "") in wanted:
                    yield mail

    def erase(self, keys: Sequence[str]) -> Erasure:
        wanted, removed = set(keys), 0
        for path in files():
            mails = list(mails_in(path))
            kept = [raw for raw, mail in mails if str(mail["Message-ID"] or "") not in wanted]
            if len(kept) == len(mails):
                continue
            removed += len(mails) - len(kept)
            replace(path, kept)
        return Erasure(removed)


def replace(path: Path, kept: list[bytes]) -> None:
    """Leave these mails in a file, and no file where there are none."""
    if not kept:
        path.unlink(missing_ok=True)
        return
    status = path.stat()
    partial = path.with_suffix(".part")
    partial.write_bytes(b"".join(raw + RULE for raw in kept))
    partial.chmod(status.st_mode)
    partial.replace(path)


def sent_at(mail: EmailMessage) -> datetime:
    try:
        return parsedate_to_datetime(str(mail["Date"])).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


ACTIVITY = Activity(
    identifier="cms.mail_folder",
    verbose_name=_("Mails kept in a folder"),
    purpose=_("Shows what would be mailed, as long as the site has no mail server."),
    legal_basis=_("GDPR, article 6, paragraph 1(f): trying the site out"),
    subjects=_("Whoever the site writes to, and whom a mail speaks of"),
    retention=_("For a few days; mails that were sent to a person go with an erasure."),
    facts=("cms.mail_folder_days",),
)
FACT = PolicyFact(
    identifier="cms.mail_folder_days",
    verbose_name=_("How long mails stay in the folder of a site without a mail server"),
    unit="days",
    value=lambda: settings.MAIL_FOLDER_DAYS,
)
