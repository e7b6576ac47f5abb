"""`manage.py policies verify` walks the chain of versions; `drift` compares text and software;
`redact` removes one answer of a person."""

import json
import uuid
from typing import Any

from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.facts import Drift, find_drift
from pages.models import AcceptanceRemoval, PolicyAcceptance
from pages.sealing import first_broken_seal, remove_events, unsealed_count
from pages.verification import first_broken_link


class Command(BaseCommand):
    """Check that published policies are what they were, and that they are still true."""

    help = (
        "verify: the hash chain of policy versions and the guards that freeze them; "
        "drift: sentences in force that are not what the software does; "
        "redact RECEIPT: remove the event of a receipt, which stays provably removed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["verify", "drift", "redact"])
        parser.add_argument("receipt", nargs="?", help="for redact: the receipt's record_id")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "verify":
            self.verify(as_json=options["json"])
        elif options["action"] == "drift":
            self.drift(as_json=options["json"])
        else:
            self.redact(options["receipt"], as_json=options["json"])

    def verify(self, *, as_json: bool) -> None:
        checked, broken = first_broken_link()
        seals, broken_seal = first_broken_seal()
        guards = [
            str(finding.msg) for finding in run_checks(tags=["database"], databases=["default"])
        ]
        sentences = [*guards]
        if broken:
            sentences.append(f"{broken['policy']} version {broken['version']}: {broken['reason']}")
        if broken_seal:
            where = ", ".join(f"{name} {value}" for name, value in broken_seal.items())
            sentences.append(f"The record of agreements: {where}")
        if as_json:
            found = {"checked": checked, "broken": broken, "guards": guards, "seals": seals,
                     "broken_seal": broken_seal, "unsealed": unsealed_count()}  # fmt: skip
            self.stdout.write(json.dumps(found))
        elif not sentences:
            self.stdout.write(
                f"{checked} versions are what they were, and so are {seals} seals of agreements."
            )
        if sentences:
            raise CommandError("" if as_json else " ".join(sentences))

    def redact(self, receipt: str | None, *, as_json: bool) -> None:
        try:
            key = uuid.UUID(receipt or "")
        except ValueError:
            raise CommandError(
                "Name the receipt to redact; its record_id looks like "
                "0b0e1c0c-53f1-4d0c-8f2e-2f0b7f0d9a11.",
                returncode=2,
            ) from None
        keys = PolicyAcceptance.objects.filter(receipt=key).values_list("pk", flat=True)
        removed = remove_events(keys, AcceptanceRemoval.Reason.REDACTED)
        if as_json:
            self.stdout.write(json.dumps({"removed": removed}))
        elif removed:
            self.stdout.write("The event is removed; its commitment stays in the chain.")
        if not removed:
            raise CommandError("" if as_json else "There is no event with this receipt.")

    def drift(self, *, as_json: bool) -> None:
        found = find_drift()
        if as_json:
            self.stdout.write(json.dumps({"drift": [drift._asdict() for drift in found]}))
        elif not found:
            self.stdout.write("Every fact in a policy in force is what the software does.")
        if found:
            raise CommandError("" if as_json else "\n".join(map(self.sentence, found)))

    def sentence(self, drift: Drift) -> str:
        running = "nothing any more" if drift.running is None else drift.running
        return (
            f"{drift.policy} version {drift.version} ({drift.locale or 'entity'}): "
            f"“{drift.sentence}” promises {drift.fact} = {drift.promised}; it is {running}."
        )
