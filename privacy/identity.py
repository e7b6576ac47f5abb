"""Who a data request is about: the subject, its pseudonym, and how an address is shown masked."""

from core.extensions.masking import masking
from core.extensions.personal_data import Subject, normalise_address
from core.tokens import pseudonym


def subject_of(address: str) -> Subject:
    """Return the subject who owns an address; ValueError where it is none.

    The account is not part of it: a mailbox proves the address and no more. Providers decide
    whether an address that an account has verified stands for that account.
    """
    return Subject(email=normalise_address(address))


def subject_hash(address: str) -> str:
    """Return the keyed pseudonym of a normalised address, equal for equal addresses."""
    return pseudonym("subject", address)


def mask_address(address: str) -> str:
    """Return an address as lists show it, by the site's one rule."""
    return masking.get().address(address)
