"""What follows when a file was stored, and what comes before where Wagtail stores it."""

from functools import cache, partial
from typing import Any

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import FileField, Model

from media.fields import StrippedField, named_for, strip_file
from media.models import SiteDocument, SiteImage, SiteRendition
from media.stripping import DOCUMENTS, PICTURES
from media.tasks import make_missing_sizes


def enqueue_sizes(
    sender: type[SiteImage], instance: SiteImage, created: bool, **kwargs: Any
) -> None:
    """Make what an image is shown as and was stored without, once the write is committed."""
    if kwargs.get("update_fields") is None and not instance.alternatives:
        transaction.on_commit(partial(make_missing_sizes.enqueue, instance.pk))


def remove_file(
    sender: type[Model], instance: SiteImage | SiteRendition | SiteDocument, **kwargs: Any
) -> None:
    """Remove the file of a deleted row as soon as that is committed.

    Wagtail leaves it to the worker, until whose next look the file would go on being served. Where
    it cannot be removed now the worker does it.
    """
    file = instance.file
    if file:
        transaction.on_commit(partial(file.storage.delete, file.name), robust=True)


def hand_over(sender: Any, old_id: int, new_id: int, **kwargs: Any) -> None:
    """Receiver of core.signals.works_reassigned: what one account uploaded is another's."""
    for model in (SiteImage, SiteDocument):
        model.objects.filter(uploaded_by_user_id=old_id).update(uploaded_by_user_id=new_id)


def adopt_fixture(
    sender: type[Model],
    instance: SiteImage | SiteRendition | SiteDocument,
    raw: bool,
    **kwargs: Any,
) -> None:
    """Strip the file that a fixture names: it was put into storage past the field."""
    is_there = raw and instance.file and instance.file.storage.exists(instance.file.name)
    if is_there and instance.adopt():
        instance.save_base(raw=True, force_update=True)


@cache
def other_file_fields(model: type[Model]) -> tuple[str, ...]:
    """Return the fields of a model whose public files nothing strips by itself."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
        and not isinstance(field, StrippedField)
        and field.storage != storages["private"]
    )


def strip_others_files(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """Strip what models of packages and plugins store where it is public, or refuse it.

    Wagtail has some: the parked files of a multiple upload, and its accounts' pictures.
    """
    for name in other_file_fields(sender):
        file = getattr(instance, name)
        if file and not file._committed:
            content = strip_file(File(file.file, name=file.name), PICTURES | DOCUMENTS)
            file.file = content
            file.name = named_for(file.name, content.stripped.container)
