"""What pictures are shown as: sizes and other formats, with colour and nothing else."""

import io

import pytest
from django.template.loader import render_to_string
from PIL import Image, ImageChops, ImageOps
from willow.image import JPEGImageFile

from core.extensions.pictures import pictures
from media.errors import UploadRefusedError
from media.models import SiteImage
from media.renditions import ScaledJpeg
from media.services import store_image
from media.tasks import make_missing_sizes
from tests.media.carriers import PROFILE
from tests.media.leaks import exiftool
from tests.media.pictures import camera_jpeg, exif_block, pixels_of_noise, plain_jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def made(mode="RGB", kind="JPEG", size=(640, 420), **options):
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


def shown(image):
    make_missing_sizes.call(image.pk)
    image.refresh_from_db()
    return pictures.get().get_many([image.pk])[image.pk]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_renditions_carry_colour_and_no_words(home, uploads, kind):
    data = made(kind=kind, exif=exif_block(orientation=1), icc_profile=PROFILE)
    image = store_image(data, name="view.jpg")
    shown(image)

    assert image.credit
    found = exiftool(uploads / "images", "-Artist", "-Copyright", "-Creator", "-Rights", "-Credit",
                     "-GPS*", "-Make", "-XMP:*", "-IPTC:*", "-EXIF:*")  # fmt: skip
    assert found == {}
    for rendition in image.renditions.all():
        with rendition.file.open() as file, Image.open(file) as picture:
            assert picture.info.get("icc_profile"), rendition.filter_spec


def test_a_picture_that_lies_on_its_side_is_turned_in_its_sizes(home):
    image = store_image(camera_jpeg(), name="view.jpg")

    medium = image.sizes["medium"]
    assert (medium["width"], medium["height"]) == (196, 300)
    assert (image.width, image.height) == (420, 640)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "HEIF"])
def test_width_and_height_are_those_of_the_picture_as_it_is_shown(home, kind):
    image = store_image(made(kind=kind, exif=exif_block(orientation=6)), name="view.jpg")
    largest = image.get_rendition("original|format-png")

    assert (image.width, image.height) == (largest.width, largest.height)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("CMYK", "JPEG"), ("L", "JPEG"), ("1", "PNG"), ("P", "PNG"), ("I;16", "PNG"), ("LA", "PNG"),
     ("RGBA", "PNG"), ("I;16", "TIFF"), ("F", "TIFF"), ("P", "GIF"), ("YCbCr", "TIFF")],
)  # fmt: skip
def test_every_mode_of_pixels_has_sizes(home, mode, kind):
    image = store_image(made(mode, kind), name="view.jpg")
    shown(image)

    assert set(image.sizes) == {"thumbnail", "medium"}


def test_picture_is_offered_in_better_formats_first(home):
    picture = shown(store_image(made(size=(1200, 800)), name="view.jpg"))

    assert [source.type for source in picture.sources] == ["image/avif", "image/webp"]
    assert "300w" in picture.sources[0].srcset
    assert "1200w" in picture.sources[0].srcset
    html = render_to_string("components/image.html", {"picture": picture})
    assert html.index("image/avif") < html.index("image/webp") < html.index("<img")
    assert html.count("1200w") == 3


def test_site_may_offer_fewer_formats(home, settings):
    settings.MEDIA_PICTURE_FORMATS = ()

    picture = shown(store_image(made(size=(1200, 800)), name="view.jpg"))

    assert picture.sources == ()
    assert "<picture>" not in render_to_string("components/image.html", {"picture": picture})


@pytest.mark.parametrize("kind", ["TIFF", "HEIF"])
def test_a_jpeg_stands_in_for_what_browsers_do_not_show(home, kind):
    image = store_image(made(kind=kind), name="view.tif")
    picture = shown(image)

    assert picture.url.endswith(".jpg")
    assert (picture.width, picture.height) == (640, 420)
    assert image.file.name.endswith((".tif", ".heic"))


def test_a_drawing_of_few_colours_keeps_its_pixels(home):
    image = store_image(made("RGBA", "PNG"), name="view.png")
    picture = shown(image)

    assert [source.type for source in picture.sources] == ["image/webp"]
    full = image.renditions.get(filter_spec="max-2048x2048|format-webp-lossless")
    with full.file.open() as file, image.file.open() as original:
        one, other = Image.open(file).convert("RGBA"), Image.open(original).convert("RGBA")
        assert one.tobytes() == other.tobytes()


def test_new_file_has_new_sizes(home):
    image = store_image(made(), name="view.jpg")
    shown(image)
    image.file = io_file(plain_jpeg((320, 200)))
    image.save()

    assert image.sizes == {}
    assert image.alternatives == {}


def io_file(data):
    from django.core.files.base import ContentFile

    return ContentFile(data, "other.jpg")


def test_picture_whose_pixels_cannot_be_read_is_not_stored_half(home, uploads):
    """Its container is whole, so that stripping has nothing against it."""
    with pytest.raises(UploadRefusedError) as refused:
        store_image(pixels_of_noise(), name="view.png")

    assert refused.value.code == "damaged"
    assert not SiteImage.objects.exists()


@pytest.mark.parametrize("orientation", [1, 3, 6, 7])
def test_jpeg_is_read_no_larger_than_its_size_needs(home, orientation):
    """Else a photograph of 200 megapixels would take gigabytes."""
    data = made(size=(3000, 2000), exif=exif_block(orientation=orientation))
    jpeg = JPEGImageFile(io.BytesIO(data))

    scaled = ScaledJpeg(jpeg)
    size = scaled.image.width // 10, scaled.image.height // 10
    shown = scaled.resize(size).image

    assert scaled.picture.width * scaled.picture.height <= 3000 * 2000 / 16
    whole = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).resize(size)
    assert max(ImageChops.difference(shown, whole).getextrema()[0]) <= 3


@pytest.mark.parametrize("spec", ["fill-150x150", "fill-150x150-c100", "max-300x300", "width-768"])
def test_size_of_a_jpeg_shows_what_that_of_a_png_does(home, spec):
    """A PNG is always read whole."""
    point = {"focal_point_x": 400, "focal_point_y": 1500, "focal_point_width": 90,
             "focal_point_height": 60}  # fmt: skip
    sizes = []
    for kind in ("JPEG", "PNG"):
        data = made(kind=kind, size=(2000, 1400), exif=exif_block(orientation=6))
        image = store_image(data, name="view", **point)
        with image.get_rendition(f"{spec}|format-png").file.open() as file:
            sizes.append(Image.open(file).convert("L"))

    assert sizes[0].size == sizes[1].size
    assert ImageChops.difference(*sizes).getextrema()[1] <= 4


def test_new_formats_are_made_fast_and_keep_colour(home):
    image = store_image(made("CMYK", size=(400, 300)), name="view.jpg")
    picture = shown(image)

    assert [source.type for source in picture.sources] == ["image/avif", "image/webp"]
