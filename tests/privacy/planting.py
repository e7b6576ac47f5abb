"""Planting a word of its own in every personal field of every table, for the canary sweep."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db.models import Field, Model

from comments.services.trusting import address_key
from core.extensions.data_inventory import Personal, PrivacyClass, data_tables
from privacy.identity import subject_hash
from privacy.inventory import personal_fields
from tests.privacy.conftest import NORA

WORD = "cnry7f3q"
NETWORK = "198.51.100.77"
LONG_AGO = datetime(1987, 3, 4, 5, 6, 7, tzinfo=UTC)
TEXTS = {"CharField", "TextField", "SlugField", "EmailField", "URLField", "FileField", "JSONField"}
# What providers find a row by, or what a row must be for its rules to hold.
GIVEN: dict[str, Any] = {
    "comments.trustedauthor.address": lambda: address_key(NORA),
    "comments.sanction.address": lambda: address_key(NORA),
    "comments.blockedkey.undone_at": lambda: LONG_AGO,
    "comments.legalhold.released_at": lambda: LONG_AGO,
    "privacy.datarequest.subject_hash": lambda: subject_hash(NORA),
    "privacy.disclosure.subject_hash": lambda: subject_hash(NORA),
    "privacy.datarequest.contact_hash": lambda: subject_hash(NORA),
    "privacy.datarequest.kind": lambda: "export",
    "privacy.datarequest.state": lambda: "complete",
    "wordpress.keptrecord.fields": lambda: {"email": NORA, "title": f"{WORD}fields"},
    # What plugins had noted on a comment, which goes with the comment's words.
    "wordpress.importedrecord.kind": lambda: "comment",
    "privacy.planstep.keys": lambda: [f"{WORD}keys"],
    "wagtailcore.revision.content": lambda: {"title": f"{WORD}content"},
    "wagtailcore.revision.object_id": lambda: "1",
}


class Garden:
    """Rows that belong to one person, each with a word of its own in every text that is personal.

    `known` are rows that are there already, by model; the ids stand where no key leads.
    """

    def __init__(self, known: dict[type[Model], Model], *, user_id: int, comment_id: int) -> None:
        self.known = dict(known)
        self.user_id, self.comment_id = user_id, comment_id
        self.planted: set[str] = set()
        self.number = 0

    def plant_everything(self) -> None:
        for model in {each.model for each in personal_fields()}:
            self.row_of(model)

    def row_of(self, model: type[Model]) -> Model:
        if model not in self.known:
            fields = model._meta.concrete_fields
            values = {
                field.attname: self.value_of(model, field)
                for field in fields
                if not (field.primary_key and field.get_internal_type().endswith("AutoField"))
            }
            model._base_manager.bulk_create([model(**values)])
            self.known[model] = model._base_manager.latest("pk")
        return self.known[model]

    def plant_in(self, row: Model, model: type[Model], *names: str) -> None:
        """Put words into the fields of a row that a service has made."""
        values = {name: self.value_of(model, model._meta.get_field(name)) for name in names}
        model._base_manager.filter(pk=row.pk).update(**values)

    def value_of(self, model: type[Model], field: Field) -> Any:
        label = f"{model._meta.label_lower}.{field.name}"
        table = data_tables.get(model._meta.label_lower)
        use = table.fields.get(field.name) if table else None
        if label in GIVEN:
            given = GIVEN[label]()
            if WORD in str(given):
                self.planted.add(label)
            return given
        if field.is_relation:
            return self.relation(field)
        if label in {
            "pages.noticedelivery.user_id",
            "comments.lesson.comment_id",
            "wordpress.importedrecord.target_id",
        }:
            return self.user_id if field.name == "user_id" else self.comment_id
        kind = field.get_internal_type()
        if (
            isinstance(use, Personal)
            and use.privacy_class == PrivacyClass.CONTACT
            and ("email" in field.name or field.name == "key")
        ):
            self.planted.add(label)
            return NORA
        if kind in TEXTS:
            return self.text(label, field, kind, is_personal=isinstance(use, Personal))
        return self.plain(kind, field)

    def relation(self, field: Field) -> Any:
        related = field.related_model
        if related is ContentType:
            return ContentType.objects.first().pk
        if related in self.known or not field.null:
            return getattr(self.row_of(related), field.target_field.attname)
        return None

    def text(self, label: str, field: Field, kind: str, *, is_personal: bool) -> Any:
        self.number += 1
        word = f"{WORD}{self.number:03d}"
        if field.choices:
            return next(iter(dict(field.flatchoices)))
        room = field.max_length
        if not is_personal or (room is not None and room < len(word)):
            return {} if kind == "JSONField" else f"x{self.number:03d}"[: room or 9]
        self.planted.add(label)
        return {"said": word} if kind == "JSONField" else word

    def plain(self, kind: str, field: Field) -> Any:
        self.number += 1
        return {
            "DateTimeField": LONG_AGO,
            "DateField": date(2099, 1, 1),
            "BooleanField": False,
            "FloatField": 0.5,
            "BinaryField": f"{WORD}{self.number:03d}".encode(),
            "GenericIPAddressField": NETWORK,
            "UUIDField": uuid4(),
        }.get(kind, self.number)


def personal_texts() -> set[str]:
    """Return the personal fields in which a word can be planted."""
    found = set()
    for each in personal_fields():
        field = each.model._meta.get_field(each.name)
        room = getattr(field, "max_length", None)
        if (
            field.get_internal_type() in TEXTS
            and not field.is_relation
            and not field.choices
            and (room is None or room >= len(WORD) + 3)
        ):
            found.add(each.label)
    return found
