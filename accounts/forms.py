"""Forms of the accounts room."""

from django import forms


class SignupForm(forms.Form):
    """What registration asks beyond allauth's own fields."""

    def signup(self, request, user):
        return user
