"""Attachments: their files through the stripper into the library, their words beside them."""

from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments.write_lock import write_transaction
from media.errors import UploadRefusedError
from media.fields import strip_bytes
from media.models import SiteDocument, SiteImage
from media.services import store_attachment, update_attachment
from media.stripping import DOCUMENTS, PICTURES
from media.stripping.sniff import sniff
from wordpress.importing.keeping import forget_kept, keep_item
from wordpress.importing.media_files import (
    UPLOADS,
    MediaMissingError,
    MediaSource,
    file_name,
    upload_path,
)
from wordpress.importing.naming import EDITED_OR_DELETED, name_of
from wordpress.importing.people import People
from wordpress.importing.records import Known, digest_of, judge
from wordpress.importing.report import Fate, Report
from wordpress.importing.texts import StoredFile
from wordpress.models import ImportedRecord, Kind
from wordpress.wxr.moments import moment_of
from wordpress.wxr.records import Item

HIGHEST_KEPT = 1_000_000_000
LONGEST_SLUG = 120
FILES: dict[Kind, type[SiteImage | SiteDocument]] = {
    Kind.IMAGE: SiteImage, Kind.DOCUMENT: SiteDocument,
}  # fmt: skip
ALT = "_wp_attachment_image_alt"
SENTENCES: dict[str, str | Promise] = {
    "media_off": _("Files were left out, as was asked for. Import again with them to have them."),
    "file_missing": _("The folder of uploads has no such file. Put it there, or upload it here."),
    "file_unreadable": _("The file in the folder of uploads cannot be read. Mend its permissions, "
                         "and import again."),
    "file_too_large": _("The file is larger than an upload may be. Make it smaller and upload it "
                        "here."),
    "address_invalid": _("The file's address is none that can be fetched. Upload it here."),
    "address_private": _("The file's address leads into a private network, from which nothing is "
                         "fetched. Give the folder of uploads with --media-dir."),
    "host_not_allowed": _("The file lies on another host than the site. Allow it with "
                          "--media-host, or give the folder of uploads with --media-dir."),
    "host_unknown": _("The file's host is not known. Give the folder of uploads with --media-dir."),
    "host_given_up": _("The file's host did not answer before and was not asked again. Import "
                       "again once it does, or give the folder of uploads with --media-dir."),
    "not_reached": _("The file's host does not answer. Import again once it does, or give the "
                     "folder of uploads with --media-dir."),
    "timed_out": _("The file's host did not answer in time. Import again once it does."),
    "too_many_redirects": _("The file's address leads on and on. Upload the file here."),
}  # fmt: skip
NOT_FETCHED = _("The file's host did not give it (%(code)s). Look whether it is there still, or "
                "upload it here.")  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What is said of a file."""

    title: str
    description: str
    caption: str
    details: str


class Attachments:
    """Brings attachments in, and knows where each file lies now."""

    def __init__(
        self, known: Known, report: Report, people: People, *, zone: ZoneInfo,
        source: MediaSource | None, stores: bool,
    ) -> None:  # fmt: skip
        """`source` gives the files, None leaves them out; `stores` is off for a dry run."""
        self._known = known
        self._report = report
        self._people = people
        self._zone = zone
        self._source = source
        self._stores = stores
        self._images = known.targets(Kind.IMAGE)
        self._left_out = 0

    def bring_in(self, item: Item) -> StoredFile | None:
        """Bring in one attachment in a transaction of its own; return where its file lies.

        A file that cannot be had or stored leaves the attachment as data, and a problem.
        """
        words = words_of(item)
        digest = digest_of(asdict(words), item.attachment_url.strip(), item.creator)
        for kind in (Kind.IMAGE, Kind.DOCUMENT):
            known = self._known.find(kind, [item.id]).get(str(item.id))
            if known is not None:
                return self._again(item, kind, known, words, digest)
        return self._anew(item, words, digest)

    def image_of(self, number: int) -> int | None:
        """Return the image that an attachment became."""
        return self._images.get(str(number))

    def tell_left_out(self) -> None:
        """Say once how many files were left out because that was asked for."""
        if self._left_out:
            number = ngettext("%d file", "%d files", self._left_out) % self._left_out
            self._report.tell(number, "media_off", SENTENCES["media_off"])

    def _anew(self, item: Item, words: Words, digest: str) -> StoredFile | None:
        name = name_of(item)
        if self._source is None:
            self._left_out += 1
            self._keep(item)
            self._report.count("attachments", Fate.SKIPPED)
            return None
        try:
            data = self._source.read(item)
            file = self._store(item, words, digest, data)
        except MediaMissingError as error:
            sentence = SENTENCES.get(error.code) or NOT_FETCHED % {"code": error.code}
            self._report.tell(name, error.code, sentence)
        except UploadRefusedError as error:
            self._report.tell(name, error.code, error.message)
        else:
            self._report.count("attachments", Fate.CREATED)
            return file
        self._keep(item)
        self._report.count("attachments", Fate.FAILED)
        return None

    def _store(self, item: Item, words: Words, digest: str, data: bytes) -> StoredFile | None:
        if not self._stores:
            strip_bytes(data, DOCUMENTS if sniff(data) in DOCUMENTS else PICTURES)
            return None
        # The file and the record of it are one: a second run after a crash stores it once.
        with write_transaction():
            row = self._stored(item, words, data)
            kind = Kind.IMAGE if isinstance(row, SiteImage) else Kind.DOCUMENT
            rest = {"path": upload_path(item), "parent": item.parent}
            state = state_of(kind, row.pk) or ""
            self._known.remember(kind, item.id, row.pk, digest, state, rest)
            self._known.flush()
            forget_kept(self._known, f"attachment:{item.id}")
        if item.comments:
            self._keep(item)
            self._report.tell(
                name_of(item), "comments_kept",
                _("Comments below a file were kept as data, which an export gives back; files "
                  "have none here."),
            )  # fmt: skip
        if kind is Kind.IMAGE:
            self._images[str(item.id)] = row.pk
        return file_of(row)

    def _stored(self, item: Item, words: Words, data: bytes) -> SiteImage | SiteDocument:
        more: dict[str, Any] = {"uploaded_by_user_id": self._people.account_of(item.creator)}
        if is_free(item.id):
            more["number" if sniff(data) in DOCUMENTS else "id"] = item.id
        if slug := free_slug(item.slug):
            more["slug"] = slug
        row = store_attachment(data, name=file_name(item), **asdict(words), **more)
        at = moment_of(item.date_gmt, item.date, self._zone, item.published)
        if at is not None:
            type(row)._base_manager.filter(pk=row.pk).update(created_at=at)
        return row

    def _again(
        self, item: Item, kind: Kind, known: ImportedRecord, words: Words, digest: str
    ) -> StoredFile | None:
        fate, code = judge(known, digest, lambda key: state_of(kind, key))
        row = FILES[kind].objects.filter(pk=known.target_id).first()
        if fate is Fate.UPDATED and row is not None:
            with write_transaction():
                update_attachment(row, **asdict(words))
                self._known.remember(kind, item.id, row.pk, digest, state_of(kind, row.pk) or "",
                                     known.rest)  # fmt: skip
                self._known.flush()
        if code:
            self._report.tell(name_of(item), code, EDITED_OR_DELETED[code])
        self._report.count("attachments", fate)
        return file_of(row) if row is not None else None

    def _keep(self, item: Item) -> None:
        key = f"attachment:{item.id}"
        with write_transaction():
            known = self._known.find(Kind.KEPT, [key]).get(key)
            keep_item(self._known, key, item, asdict(item) | {"line": 0}, known)
            self._known.flush()


def words_of(item: Item) -> Words:
    name = PurePosixPath(upload_path(item)).stem
    return Words(
        title=(item.title.strip() or name)[:255],
        description=item.meta_value(ALT).strip(),
        caption=item.excerpt.strip(),
        details=item.content.strip(),
    )


def is_free(number: int) -> bool:
    """Tell whether neither a picture nor a document has a number, which must not use them up."""
    taken = SiteImage.objects.filter(pk=number), SiteDocument.objects.filter(number=number)
    return 0 < number <= HIGHEST_KEPT and not any(rows.exists() for rows in taken)


def free_slug(wanted: str) -> str:
    """Return a slug as a file can have it, "" where it is none or another file's."""
    slug = slugify(unquote(wanted), allow_unicode=False)[:LONGEST_SLUG]
    is_taken = any(model.objects.filter(slug=slug).exists() for model in FILES.values())
    return "" if is_taken else slug


def state_of(kind: Kind, key: int) -> str | None:
    columns = ("title", "description", "caption", "details", "file")
    found = FILES[kind].objects.filter(pk=key).values_list(*columns).first()
    return found and digest_of(*found)


def file_of(row: SiteImage | SiteDocument) -> StoredFile:
    """Return where a file lies here, and an image's sizes."""
    if isinstance(row, SiteDocument):
        return StoredFile(row.number, row.url)
    sizes = {size["width"]: f"{settings.MEDIA_URL}{size['path']}"
             for name, size in row.sizes.items() if name != "thumbnail"}  # fmt: skip
    shown = row.alternatives.get("jpeg")
    url = f"{settings.MEDIA_URL}{shown[-1]['path']}" if shown else row.file.url
    return StoredFile(row.pk, url, sizes)


def old_path(record: ImportedRecord) -> str:
    """Return the path by which a file was read on the former site."""
    path = record.rest.get("path", "").lstrip("/")
    return f"{UPLOADS}{path}" if path else ""
