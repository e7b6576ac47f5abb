"""What data requests themselves hold."""

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

REQUESTS = "privacy.requests"
ACTIVITIES = (
    Activity(
        identifier=REQUESTS,
        verbose_name=_("Data requests"),
        purpose=_("Answers requests for copies, erasure, correction, restriction and objection."),
        legal_basis=_("GDPR, article 6, paragraph 1(c), and article 5, paragraph 2: proof"),
        subjects=_("Whoever asks"),
        retention=_(
            "The address until the answer, a copy until it was fetched, the record without an "
            "address for longer."
        ),
        facts=(
            "privacy.confirm_hours",
            "privacy.grace_hours",
            "privacy.export_days",
            "privacy.record_days",
        ),
    ),
)
ASKED = Provider("privacy.requests")
CLOCK = Task("privacy.tasks.sweep_expired")
RECORD = Nobody("A keyed hash, of use only to join requests and to repeat erasures.")
SECRET = Nobody("A hash of what was mailed.")
MACHINE = "How the work on a request stands."
TABLES = (
    DataTable(
        "privacy.datarequest",
        personal("email contact", PrivacyClass.CONTACT, REQUESTS, exported=ASKED, erased=ASKED),
        personal("note", PrivacyClass.CONTENT, REQUESTS, exported=ASKED, erased=ASKED),
        personal("account", PrivacyClass.IDENTITY, REQUESTS,
                 exported=Nobody("The account behind the address; it is exported itself."),
                 erased=ASKED),
        personal("subject_hash contact_hash", PrivacyClass.PSEUDONYM, REQUESTS,
                 exported=RECORD, erased=CLOCK),
        personal("source_hash", PrivacyClass.PSEUDONYM, REQUESTS, exported=RECORD, erased=CLOCK),
        personal("uid kind basis keeps_text state received_at confirmed_at begins_at due_at "
                 "extended_at completed_at cancels_account locale", PrivacyClass.CONDUCT, REQUESTS,
                 exported=ASKED, erased=CLOCK),
        harmless("reasons awaits_review is_silent cutoff_at escalated_percent mailed_at "
                 "touched_at scrub is_scrubbed", MACHINE),
    ),
    DataTable(
        "privacy.requesttoken",
        personal("token_hash code_hash", PrivacyClass.CREDENTIAL, REQUESTS,
                 exported=SECRET, erased=CLOCK),
        harmless("request purpose created_at expires_at used_at", MACHINE),
    ),
    DataTable(
        "privacy.planstep",
        personal("keys", PrivacyClass.PSEUDONYM, REQUESTS,
                 exported=Nobody("Numbers of rows that are about to go, or whose use is "
                                 "restricted; emptied at the end."),
                 erased=CLOCK),
        harmless("request provider position state removed retained recipients", MACHINE),
    ),
    DataTable(
        "privacy.requestdecision",
        personal("step at", PrivacyClass.CONDUCT, REQUESTS,
                 exported=ASKED, erased=CLOCK),
        personal("by", PrivacyClass.IDENTITY, REQUESTS,
                 exported=Nobody("Which officer decided; the record belongs to the request."),
                 erased=CLOCK),
        harmless("request ground fields", "Codes and names of fields, out of short lists."),
    ),
    DataTable(
        "privacy.restriction",
        personal("email", PrivacyClass.CONTACT, REQUESTS, exported=ASKED, erased=ASKED),
        personal("begun_at lifted_at", PrivacyClass.CONDUCT, REQUESTS,
                 exported=ASKED, erased=CLOCK),
        harmless("request", MACHINE),
    ),
    DataTable(
        "privacy.ledgerentry",
        personal("subject", PrivacyClass.PSEUDONYM, REQUESTS, exported=RECORD, erased=CLOCK),
        harmless("request_uid kind at counts expires_on", MACHINE),
    ),
    DataTable(
        "privacy.exportfile",
        personal("name", PrivacyClass.CONTENT, REQUESTS,
                 exported=Nobody("The file is the copy itself."), erased=ASKED),
        harmless("request sha256 size expires_at", MACHINE),
    ),
    DataTable(
        "privacy.personaltable",
        harmless("table app_label providers recorded_at",
                 "Which tables hold personal data, not the data."),
    ),
)  # fmt: skip
