"""Who a data request is about: the subject, its pseudonym, and how an address is shown masked."""

from core.extensions.masking import masking
from core.extensions.people import notice_recipients
from core.extensions.personal_data import Subject, normalise_address
from core.tokens import pseudonym
from privacy.models import DataRequest


def subject_of(address: str) -> Subject:
    """Return the subject who owns an address; ValueError where it is none.

    The account is not part of it: a mailbox proves the address and no more. Providers decide
    whether an address that an account has verified stands for that account.
    """
    return Subject(email=normalise_address(address))


def subject_of_request(request: DataRequest) -> Subject:
    """Return whom a request is about, now.

    The account is named where the request ends it, or where it has moved to another address since
    its mailbox proved the request: otherwise the address leads to it.
    """
    account = request.account_id
    if account is not None and not request.cancels_account:
        found = notice_recipients.get().by_email(request.email)
        if found is not None and found.user_id == account:
            account = None
    return Subject(email=request.email, user_id=account, cancels_account=request.cancels_account)


def subject_hash(address: str) -> str:
    """Return the keyed pseudonym of a normalised address, equal for equal addresses."""
    return pseudonym("subject", address)


def account_mark(address: str) -> str:
    """Return the pseudonym under which the ledger knows that an address's account was ended."""
    return pseudonym("cancelled-account", address)


def mask_address(address: str) -> str:
    """Return an address as lists show it, by the site's one rule."""
    return masking.get().address(address)
