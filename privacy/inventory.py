"""Reading the data inventory: what is unclassified, and the record of processing made from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import AutoField, Field, Model, OneToOneField
from django.utils.translation import gettext_lazy as _

from core.extensions.data_inventory import (
    Activity,
    DataTable,
    Nobody,
    Personal,
    PrivacyClass,
    Provider,
    Task,
    activities,
    data_tables,
)
from core.extensions.personal_data import personal_data_providers
from core.extensions.policies import policy_facts
from core.extensions.site import site_provider

CLASS_NAMES = {
    PrivacyClass.IDENTITY: _("names and accounts"),
    PrivacyClass.CONTACT: _("mail addresses"),
    PrivacyClass.CONTENT: _("texts and files"),
    PrivacyClass.NETWORK: _("network address and browser"),
    PrivacyClass.CONDUCT: _("what was done and decided, and when"),
    PrivacyClass.PREFERENCE: _("choices"),
    PrivacyClass.CREDENTIAL: _("hashes of passwords, tokens and codes"),
    PrivacyClass.PSEUDONYM: _("pseudonyms"),
}
UNIT_NAMES = {"hours": _("hours"), "days": _("days"), "months": _("months"), "years": _("years")}


@dataclass(frozen=True)
class PersonalField:
    """A personal field of a table, with what the inventory says of it."""

    model: type[Model]
    name: str
    use: Personal

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"


def stored_models() -> Iterator[type[Model]]:
    """Yield every model with a table of its own, those between two others included."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy and not model._meta.swapped:
            yield model


def needs_word(field: Field) -> bool:
    """Tell whether a field has to be classified: all but a row's own number and its parent's."""
    is_number = field.primary_key and isinstance(field, AutoField)
    is_parent_link = isinstance(field, OneToOneField) and field.remote_field.parent_link
    # A random key of a row, such as a task's, is a number as well.
    is_random_key = field.primary_key and field.get_internal_type() == "UUIDField"
    return not (is_number or is_parent_link or is_random_key)


def faults() -> list[str]:
    """Return in plain words what is wrong with the inventory; nothing where it is whole."""
    found: list[str] = []
    known = {model._meta.label_lower: model for model in stored_models()}
    for label, model in sorted(known.items()):
        table = data_tables.get(label)
        declared = table.fields if table else {}
        fields = {field.name for field in model._meta.local_fields if needs_word(field)}
        if missing := sorted(fields - declared.keys()):
            found.append(f"{label} does not say what {', '.join(missing)} holds")
        every = {field.name for field in model._meta.local_fields}
        if gone := sorted(declared.keys() - every):
            found.append(f"{label} has no {', '.join(gone)}")
    for table in data_tables:
        if apps.is_installed(app_of(table)) and table.identifier not in known:
            found.append(f"{table.identifier} is inventoried and is no table")
        for name, use in table.fields.items():
            if isinstance(use, Personal):
                found += [f"{table.identifier}.{name}: {fault}" for fault in faults_of(use)]
    for activity in activities:
        found += [
            f"the activity {activity.identifier} names the unknown fact {fact}"
            for fact in activity.facts
            if policy_facts.get(fact) is None
        ]
    return found


def app_of(table: DataTable) -> str:
    label = table.identifier.partition(".")[0]
    try:
        return apps.get_app_config(label).name
    except LookupError:
        return label


def faults_of(use: Personal) -> Iterator[str]:
    if activities.get(use.activity) is None:
        yield f"its activity {use.activity} is not declared"
    if isinstance(use.exported, Task):
        yield "a task exports nothing"
    for answer in (use.exported, use.erased):
        if isinstance(answer, Provider) and personal_data_providers.get(answer.identifier) is None:
            yield f"no personal data provider {answer.identifier} answers"
        if isinstance(answer, Task) and answer.path not in settings.PERIODIC_TASKS:
            yield f"{answer.path} is no periodic task"
        if isinstance(answer, Nobody) and not answer.reason.strip():
            yield "nobody answers, and no reason is given"


def personal_fields() -> Iterator[PersonalField]:
    """Yield every personal field of every table, by table."""
    for model in stored_models():
        table = data_tables.get(model._meta.label_lower)
        for name, use in table.fields.items() if table else ():
            if isinstance(use, Personal):
                yield PersonalField(model, name, use)


def periods(activity: Activity) -> list[dict[str, Any]]:
    """Return an activity's periods, read from the running settings."""
    found = []
    for identifier in activity.facts:
        fact = policy_facts.get(identifier)
        if fact is not None:
            found.append(
                {
                    "identifier": identifier,
                    "name": str(fact.verbose_name),
                    "value": fact.value(),
                    "unit": fact.unit,
                    "unit_named": str(UNIT_NAMES.get(fact.unit, fact.unit)),
                }
            )
    return found


def classes_of(activity: Activity) -> list[PrivacyClass]:
    """Return the classes of data that an activity keeps, in the order in which they are defined."""
    held = {each.use.privacy_class for each in personal_fields()
            if each.use.activity == activity.identifier}  # fmt: skip
    return [each for each in PrivacyClass if each in held]


def described(activity: Activity) -> dict[str, Any]:
    """Return what the public may know of an activity, JSON-ready."""
    classes = classes_of(activity)
    return {
        "identifier": activity.identifier,
        "name": str(activity.verbose_name),
        "purpose": str(activity.purpose),
        "legal_basis": str(activity.legal_basis),
        "subjects": str(activity.subjects),
        "recipients": str(activity.recipients),
        "categories": [each.value for each in classes],
        "categories_named": [str(CLASS_NAMES[each]) for each in classes],
        "retention": str(activity.retention),
        "periods": periods(activity),
    }


def said(answer: Any) -> dict[str, str]:
    if isinstance(answer, Provider):
        return {"provider": answer.identifier}
    if isinstance(answer, Task):
        return {"task": answer.path}
    return {"nobody": answer.reason}


def processing_record() -> dict[str, Any]:
    """Return the record of processing (GDPR, article 30), made from the running software."""
    identity = site_provider.get().identity()
    by_activity: dict[str, list[dict[str, Any]]] = {}
    for each in personal_fields():
        by_activity.setdefault(each.use.activity, []).append(
            {
                "table": each.model._meta.db_table,
                "field": each.name,
                "class": each.use.privacy_class.value,
                "exported_by": said(each.use.exported),
                "erased_by": said(each.use.erased),
            }
        )
    return {
        "controller": controller() | {"site": identity.name, "url": identity.url},
        "activities": [
            described(activity) | {"fields": by_activity.get(activity.identifier, [])}
            for activity in activities
        ],
        "measures": MEASURES,
    }


# What the software itself does; what the operator adds is theirs to write.
MEASURES = [
    "Tokens and codes are random and stored as hashes; pseudonyms are keyed apart from sessions.",
    "Exports lie in private storage, are fetched once by POST and deleted by the clock.",
    "Erased bytes are overwritten on SQLite; on PostgreSQL they stay until VACUUM FULL.",
    "Nothing acts on GET; addresses never stand in URLs, logs or file names.",
    "Pictures lose location and camera data before they are stored.",
]
ENTITY = ("legal_name", "address", "registration", "contact_email", "privacy_email",
          "complaint_authority")  # fmt: skip


def controller() -> dict[str, str]:
    """Return who answers for the site, as its settings say."""
    facts = {name: policy_facts.get(f"entity.{name}") for name in ENTITY}
    return {name: str(fact.value() or "") for name, fact in facts.items() if fact is not None}
