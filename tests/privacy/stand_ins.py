"""Providers of personal data and a mail server, for tests that need one that fails on demand."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.core.mail.backends.locmem import EmailBackend

from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject


class CrashError(BaseException):
    """The process dies here: nobody catches it, as nobody catches a power cut."""


class Notes:
    """Notes by address, some of which have to be kept."""

    verbose_name = "Notes"

    def __init__(self, identifier: str = "test.notes") -> None:
        self.identifier = identifier
        self.rows: dict[str, tuple[str, str]] = {}
        self.kept: set[str] = set()
        self.calls = 0
        self.fails_before: dict[int, BaseException] = {}
        self.fails_after: dict[int, BaseException] = {}
        self.arrives_after: dict[int, tuple[str, str]] = {}

    def add(self, email: str, text: str = "a note", *, is_kept: bool = False) -> str:
        key = f"{len(self.rows) + 1:06d}"
        self.rows[key] = (email, text)
        if is_kept:
            self.kept.add(key)
        return key

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        yield from (key for key, (email, _) in self.rows.items() if email == subject.email)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for key in keys:
            if key in self.rows:
                yield ExportedItem(key, {"email": self.rows[key][0], "text": self.rows[key][1]})

    def erase(self, keys: Sequence[str]) -> Erasure:
        self.calls += 1
        if error := self.fails_before.pop(self.calls, None):
            raise error
        removed = [key for key in keys if key in self.rows and key not in self.kept]
        for key in removed:
            del self.rows[key]
        if arrived := self.arrives_after.get(self.calls):
            self.rows[f"late-{self.calls}"] = arrived
        if error := self.fails_after.pop(self.calls, None):
            raise error
        kept = [key for key in keys if key in self.kept]
        return Erasure(
            len(removed),
            tuple(Retained(key, "tax", "The tax office asks for it", None) for key in kept),
        )


class Unmoved(Notes):
    """A provider whose eraser claims success and does nothing."""

    def erase(self, keys: Sequence[str]) -> Erasure:
        return Erasure(len(keys))


class Unreadable(Notes):
    """A provider that cannot say what it holds; its error names a person."""

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        raise ValueError(f"no index for {subject.email}")


class DyingMailServer(EmailBackend):
    """A mail server that dies once, when it is told to."""

    dies: BaseException | None = None

    def send_messages(self, messages):  # type: ignore[no-untyped-def]
        error, type(self).dies = type(self).dies, None
        if error is not None:
            raise error
        return super().send_messages(messages)
