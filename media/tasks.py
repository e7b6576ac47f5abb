"""Work on images that nobody waits for."""

from django_tasks import task

from media.models import SiteImage
from media.services import make_sizes


@task()
def make_missing_sizes(image_id: int) -> None:
    """Make the sizes of an image that came in by the admin. Safe to run twice."""
    image = SiteImage.objects.filter(pk=image_id).first()
    if image is not None and not image.sizes:
        make_sizes(image)
