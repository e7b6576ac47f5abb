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

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        url = super().get_login_redirect_url(request)
        # Somebody without access to the admin would be sent back and forth.
        if url.startswith("/admin") and not request.user.has_perm("wagtailadmin.access_admin"):
            return self.get_signup_redirect_url(request)
        return url
