"""Masked display: personal data shown so that one recognises it and reads it nowhere."""

from collections.abc import Iterable
from typing import Any, Protocol

from core.extensions.registry import Slot


class Masking(Protocol):
    """The one rule by which lists and answers show personal data, and the way to see more.

    name, address, phone, network  how a value is shown, such as 王**, a***@d***, 138****5678 and
                198.51.***; "" stays "". Nobody gets the value back from it.
    anything    the same for a value that may be any of the last three, and itself where it is none.
    may_unmask  tells whether an account may see values in clear; no other permission brings it.
    unmask      writes down that an account is shown rows in clear, before it is: who, when, which
                kind of rows (a model's label) and their numbers, never a value. Raises
                PermissionError for who may not.
    """

    def name(self, value: str) -> str: ...

    def address(self, value: str) -> str: ...

    def phone(self, value: str) -> str: ...

    def network(self, value: str) -> str: ...

    def anything(self, value: str) -> str: ...

    def may_unmask(self, user: Any) -> bool: ...

    def unmask(self, user: Any, kind: str, keys: Iterable[Any]) -> None: ...


masking: Slot[Masking] = Slot("masked display")
