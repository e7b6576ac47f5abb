"""Agreement to policies: what a trigger asks for, and the record of what a person did."""

from collections.abc import Sequence

from core.extensions.acceptance import RequiredVersion
from core.tokens import pseudonym
from pages.errors import PolicyVersionChangedError
from pages.models.acceptances import PolicyAcceptance
from pages.models.policies import Acceptance, PolicyDocument, PolicyKind, PolicyVersion
from pages.models.policy_pages import PolicyPage

TRIGGERS = {"register": (PolicyKind.TERMS, PolicyKind.PRIVACY)}
PURPOSE = "acceptance"


class VersionGate:
    """Answers core.extensions.acceptance from the versions in force."""

    def required(self, trigger: str, *, locale: str) -> Sequence[RequiredVersion]:
        documents = PolicyDocument.objects.filter(kind__in=TRIGGERS.get(trigger, ()))
        required = []
        for document in documents.order_by("pk"):
            version = document.in_force()
            if version is not None and version.acceptance != Acceptance.NONE:
                required.append(self._offer(document, version, locale))
        return required

    def record(
        self,
        versions: Sequence[tuple[str, int]],
        *,
        user_id: int,
        action: str,
        locale: str,
        surface: str,
    ) -> None:
        for slug, number in versions:
            document = PolicyDocument.objects.filter(slug=slug).first()
            version = document.in_force() if document else None
            if version is None or version.number != number:
                raise PolicyVersionChangedError
            text = version.text_for(locale)
            PolicyAcceptance.objects.create(
                version=version,
                subject=pseudonym(PURPOSE, str(user_id)),
                action=action,
                locale=text.locale,
                text_sha256=text.sha256,
                surface=surface,
            )

    def _offer(
        self, document: PolicyDocument, version: PolicyVersion, locale: str
    ) -> RequiredVersion:
        text = version.text_for(locale)
        page = (
            PolicyPage.objects.live()
            .filter(translation_key=document.translation_key)
            .filter(locale__language_code=text.locale)
            .first()
        ) or version.page.specific
        return RequiredVersion(
            document=document.slug,
            number=version.number,
            locale=text.locale,
            title=text.title,
            url=f"{page.get_url()}versions/{version.number}/",
            sha256=text.sha256,
        )
