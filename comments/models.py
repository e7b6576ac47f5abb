"""Visitor comments."""

from django.db import models
from django_comments_xtd.models import XtdComment


class VisitorComment(XtdComment):
    """A visitor's comment."""

    status = models.CharField(max_length=10, default="hold")
