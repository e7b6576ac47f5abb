"""Registries and slots: where extensions are put, with identity, order and isolation."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar

logger = logging.getLogger(__name__)


class Extension(Protocol):
    """Anything with a stable, lowercase, dotted identifier."""

    @property
    def identifier(self) -> str: ...


E = TypeVar("E", bound=Extension)
T = TypeVar("T")


class RegistrationError(Exception):
    """An extension was registered twice, or none is there where one is needed."""


class Registry(Generic[E]):
    """Extensions of one kind, unique by identifier, in the order of their identifiers.

    It fills while Django's apps get ready, so read it late: never at import time.
    """

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._extensions: dict[str, E] = {}

    def register(self, extension: E) -> E:
        """Add an extension; RegistrationError if its identifier is taken."""
        if extension.identifier in self._extensions:
            raise RegistrationError(f"{self.noun} {extension.identifier!r} is already registered.")
        self._extensions[extension.identifier] = extension
        self._extensions = dict(sorted(self._extensions.items()))
        return extension

    def get(self, identifier: str) -> E | None:
        return self._extensions.get(identifier)

    def __iter__(self) -> Iterator[E]:
        return iter(list(self._extensions.values()))

    def __len__(self) -> int:
        return len(self._extensions)

    @contextmanager
    def temporarily(self, *extensions: E, only: bool = False) -> Iterator[None]:
        """Have these extensions for the block; `only` hides the others. For tests."""
        before = dict(self._extensions)
        if only:
            self._extensions = {}
        try:
            for extension in extensions:
                self.register(extension)
            yield
        finally:
            self._extensions = before

    def call_each(self, function: Callable[[E], T]) -> Iterator[tuple[E, T]]:
        """Yield each extension with what `function` answers for it.

        An extension that raises is logged by its identifier and left out: a failing
        extension never takes the page down. The exception's text is not logged, since it
        may hold personal data.
        """
        for extension in self:
            try:
                answer = function(extension)
            except Exception as error:  # noqa: BLE001  the boundary to strangers' code
                logger.error(
                    "%s %s failed: %s", self.noun, extension.identifier, type(error).__name__
                )
            else:
                yield extension, answer


class Slot(Generic[T]):
    """A contract that exactly one provider fills."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._provider: T | None = None

    def provide(self, provider: T) -> None:
        """Fill the slot; RegistrationError if it is filled already."""
        if self._provider is not None:
            raise RegistrationError(f"A provider of {self.noun} is already registered.")
        self._provider = provider

    def get(self) -> T:
        """Return the provider; RegistrationError if no installed room or plugin fills the slot."""
        if self._provider is None:
            raise RegistrationError(f"No provider of {self.noun} is registered.")
        return self._provider

    def is_filled(self) -> bool:
        return self._provider is not None

    @contextmanager
    def temporarily(self, provider: Any) -> Iterator[None]:
        """Have another provider for the block. For tests."""
        before, self._provider = self._provider, provider
        try:
            yield
        finally:
            self._provider = before
