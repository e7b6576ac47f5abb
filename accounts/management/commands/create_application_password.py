"""`manage.py create_application_password USERNAME --name NAME`: prints the password once."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import ApplicationPasswordNameError
from accounts.models import User
from accounts.services import create_application_password


class Command(BaseCommand):
    """Make an application password for a REST client."""

    help = "Make an application password and print it; it is not shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("There is no account of this user name.", returncode=2)
        try:
            row, password = create_application_password(user, options["name"])
        except ApplicationPasswordNameError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            shown = {"user": user.username, "name": row.name, "password": password}
            self.stdout.write(json.dumps(shown))
        else:
            self.stdout.write(f"{row.name}: {password}")
