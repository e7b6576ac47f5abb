"""Receipts of what people answered, with the names of ISO/IEC TS 27560 for consent records."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from pages.models.acceptances import PolicyAcceptance
from pages.models.policies import Acceptance

SCHEMA = "ISO/IEC TS 27560:2023"
CONSENT_STATES = {
    "consent": "dpv:ConsentGiven",
    "decline": "dpv:ConsentRefused",
    "withdraw": "dpv:ConsentWithdrawn",
}
CONTRACT_STATES = {
    "accept": "terms_accepted",
    "decline": "terms_declined",
    "withdraw": "terms_acceptance_withdrawn",
}
NOTICE_STATES = {"acknowledge": "notice_acknowledged", "decline": "notice_not_acknowledged"}


def receipt_of(row: PolicyAcceptance) -> dict[str, Any]:
    """Return an event as a receipt. Only consent is called so: terms are a contract, and taking
    note of a notice is neither. `proof` is what the seals hold and `policies verify` recomputes.
    """
    basis, state = basis_and_state(row)
    return {
        "schema_version": SCHEMA,
        "record_id": str(row.receipt),
        "pii_principal_id": row.subject,
        "action": row.action,
        "wording": row.wording,
        "pii_processing": {
            "privacy_notice": notice_of(row),
            "language": row.locale,
            "purposes": [
                {
                    "purpose": row.purpose or (row.version.document.slug if row.version else ""),
                    "lawful_basis": basis,
                    "collection_method": row.surface,
                    "withdrawal_method": f"{settings.SITE_URL}{reverse('pages:agreements')}",
                    "pii_controllers": ["controller"],
                }
            ],
        },
        "party_identification": [party_of(row)],
        "event": [
            {
                "event_time": row.at.isoformat(),
                "event_type": "explicit",
                "event_state": state,
                "entity_id": row.actor or row.subject,
            }
        ],
        "proof": {"commitment": row.commitment, "salt": row.salt},
    }


def basis_and_state(row: PolicyAcceptance) -> tuple[str, str]:
    if row.purpose:
        return "consent", CONSENT_STATES[row.action]
    if row.version and row.version.acceptance == Acceptance.ACCEPTANCE:
        return "contract", CONTRACT_STATES[row.action]
    return "duty to inform", NOTICE_STATES[row.action]


def notice_of(row: PolicyAcceptance) -> dict[str, Any] | None:
    if row.version is None:
        return None
    return {
        "policy": row.version.document.slug,
        "version": row.version.number,
        "version_sha256": row.version.sha256,
        "text_sha256": row.text_sha256,
    }


def party_of(row: PolicyAcceptance) -> dict[str, str]:
    """Return who answered for the text, as it was frozen with the version."""
    entity = row.version.entity if row.version else {}
    contact = entity.get("privacy_email") or entity.get("contact_email", "")
    return {
        "party_id": "controller",
        "party_type": "PII controller",
        "party_name": entity.get("legal_name", ""),
        "party_address": entity.get("address", ""),
        "party_contact": contact,
    }
