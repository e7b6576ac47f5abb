"""How allauth behaves on this site."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.forms import made_up_username


class AccountAdapter(DefaultAccountAdapter):
    """Names accounts at random and keeps the chosen public name."""

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        user.username = user.username or made_up_username()

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.display_name = form.cleaned_data.get("display_name", "")
        return super().save_user(request, user, form, commit)
