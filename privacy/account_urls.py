"""The page on which an account is cancelled, below the account's own address."""

from django.urls import path

from privacy.account_views import cancel_account

urlpatterns = [path("", cancel_account, name="cancel-account")]
