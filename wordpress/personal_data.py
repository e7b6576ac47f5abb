"""What is kept of a former site and names a person's address: exported and erased with it."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast, Lower
from django.utils.translation import gettext_lazy as _

from core.extensions.personal_data import Erasure, ExportedItem, Subject
from core.generations import PAGES, raise_generations
from wordpress.models import ImportedRecord, KeptRecord, Kind

KEPT_TABLE = KeptRecord._meta.label


class KeptData:
    """Answers core.extensions.personal_data for records that name an address.

    A record is one item of the former site, an order for instance, and goes whole.
    """

    identifier = "wordpress.kept"
    verbose_name = _("Data of a former WordPress site")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        records = KeptRecord.objects.order_by("pk")
        if until is not None:
            records = records.filter(kept_at__lte=until)
        # JSON may be stored with its signs beyond ASCII escaped or not.
        escaped = json.dumps(subject.email)[1:-1]
        for spelling in sorted({subject.email, escaped}):
            named = records.annotate(text=Lower(Cast("fields", TextField()))).filter(
                text__contains=spelling.lower()
            )
            yield from map(str, named.values_list("pk", flat=True).iterator())

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for record in KeptRecord.objects.filter(pk__in=keys).order_by("pk"):
            yield ExportedItem(str(record.pk), {"type": record.type, **record.fields})

    def erase(self, keys: Sequence[str]) -> Erasure:
        with transaction.atomic():
            ImportedRecord.objects.filter(kind=Kind.KEPT, target_id__in=keys).update(rest={})
            removed = KeptRecord.objects.filter(pk__in=keys).delete()[1].get(KEPT_TABLE, 0)
            raise_generations(PAGES)
        return Erasure(removed)
