"""The one table of core: cache generations."""

from django.db import models


class Generation(models.Model):
    """A counter that is raised inside each write that changes what a cached answer shows."""

    name = models.CharField(max_length=100, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
