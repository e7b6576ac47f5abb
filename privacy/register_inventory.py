"""What the officers' registers hold, and for how long."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.extensions.data_inventory import (
    Activity,
    DataTable,
    Nobody,
    PrivacyClass,
    Provider,
    Task,
    harmless,
    personal,
)
from core.extensions.policies import PolicyFact

DISCLOSURES, BREACHES = "privacy.disclosures", "privacy.breaches"
ACTIVITIES = (
    Activity(
        identifier=DISCLOSURES,
        verbose_name=_("Register of disclosures"),
        purpose=_("Tells what was handed to which authority, and by what right."),
        legal_basis=_("GDPR, article 6, paragraph 1(c), and article 5, paragraph 2: proof"),
        subjects=_("Whose data an authority asked for"),
        retention=_("For a fixed time after it was handed over, without an address."),
        facts=("privacy.disclosure_days",),
    ),
    Activity(
        identifier=BREACHES,
        verbose_name=_("Register of breaches"),
        purpose=_("Tells what happened to personal data, what was done and who was told."),
        legal_basis=_("GDPR, article 33, paragraph 5"),
        subjects=_("Officers, as far as they wrote it down; nobody else is named"),
        retention=_("For a fixed time after the entry was closed."),
        facts=("privacy.breach_days",),
    ),
)
HANDED_OVER = Provider(DISCLOSURES)
CLOCK = Task("privacy.tasks.keep_registers")
BY_OFFICER = Nobody("Which officer wrote it down; the entry belongs to the register.")
TABLES = (
    DataTable(
        "privacy.disclosure",
        personal("subject_hash", PrivacyClass.PSEUDONYM, DISCLOSURES,
                 exported=Nobody("A keyed hash by which the entry is found."), erased=CLOCK),
        personal("uid shown_as authority file_number basis what disclosed_on",
                 PrivacyClass.CONDUCT, DISCLOSURES, exported=HANDED_OVER, erased=CLOCK),
        personal("recorded_by recorded_at", PrivacyClass.CONDUCT, DISCLOSURES,
                 exported=BY_OFFICER, erased=CLOCK),
        harmless("is_secret secret_until", "Whether the person may be told yet."),
    ),
    DataTable(
        "privacy.breach",
        personal("recorded_by recorded_at", PrivacyClass.CONDUCT, BREACHES,
                 exported=BY_OFFICER, erased=CLOCK),
        harmless("uid what found_at kinds people records risk consequences closed_at "
                 "escalated_percent",
                 "What happened, in words that name nobody: the form asks for that."),
    ),
    DataTable(
        "privacy.breachevent",
        personal("recorded_by recorded_at", PrivacyClass.CONDUCT, BREACHES,
                 exported=BY_OFFICER, erased=CLOCK),
        harmless("breach kind at text",
                 "What was done, in words that name nobody: the form asks for that."),
    ),
)  # fmt: skip
FACTS = (
    PolicyFact(
        identifier="privacy.disclosure_days",
        verbose_name=_("How long it is on record what an authority was given"),
        unit="days",
        value=lambda: settings.PRIVACY_DISCLOSURE_DAYS,
    ),
    PolicyFact(
        identifier="privacy.breach_days",
        verbose_name=_("How long a closed breach stays on record"),
        unit="days",
        value=lambda: settings.PRIVACY_BREACH_DAYS,
    ),
)
