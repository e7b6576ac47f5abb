"""wp/v2/media/ID/edit and /post-process: a new picture made from one, and sizes made anew."""

from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from core.extensions.people import capabilities
from core.rest.arguments import ID_ARG
from core.rest.declare import Arg, RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.urls import rest_url
from media import services
from media.api.handlers import answer, find, invalid, refusal, refused, require_change
from media.editing import Crop, Rotation, edited_copy
from media.errors import PictureNotEditedError, UploadRefusedError
from media.models import SiteImage

DEPRECATED = "DEPRECATED: Use `modifiers` instead."
PART = {
    "left": "Horizontal position from the left to begin the crop as a percentage of the image "
            "width.",
    "top": "Vertical position from the top to begin the crop as a percentage of the image height.",
    "width": "Width of the crop as a percentage of the image width.",
    "height": "Height of the crop as a percentage of the image height.",
}  # fmt: skip


def edit(kind: str, name: str, arguments: dict[str, str]) -> dict[str, Any]:
    """Return the schema of one kind of edit."""
    given = {key: {"description": words, "type": "number"} for key, words in arguments.items()}
    return {
        "title": name,
        "properties": {
            "type": {"description": f"{name} type.", "type": "string", "enum": [kind]},
            "args": {"description": f"{name} arguments.", "type": "object",
                     "required": list(arguments), "properties": given},
        },
    }  # fmt: skip


EDIT = {
    "description": "Image edit.",
    "type": "object",
    "required": ["type", "args"],
    "oneOf": [
        edit("rotate", "Rotation", {"angle": "Angle to rotate clockwise in degrees."}),
        edit("crop", "Crop", PART),
    ],
}
# WordPress takes any number; each of them is work.
MOST_EDITS = 20
EDIT_ARGS = (
    replace(ID_ARG, is_ours=True),
    Arg(name="src", format="uri", required=True, description="URL to the edited image file."),
    Arg(name="modifiers", type="array", min_items=1, items=EDIT,
        description="Array of image edits."),
    Arg(name="rotation", type="integer", minimum=0, maximum=360, excludes_bounds=True,
        description=f"The amount to rotate the image clockwise in degrees. {DEPRECATED}"),
    *(Arg(name=name, type="number", minimum=0, maximum=100,
          description=f"As a percentage of the image, {words}. {DEPRECATED}")
      for name, words in (("x", "the x position to start the crop from"),
                          ("y", "the y position to start the crop from"),
                          ("width", "the width to crop the image to"),
                          ("height", "the height to crop the image to"))),
)  # fmt: skip
PROCESS_ARGS = (
    replace(ID_ARG, description="Unique identifier for the attachment."),
    Arg(name="action", enum=("create-image-subsizes",), required=True),
)
SENTENCES = {
    "rest_cannot_edit_file_type": ("This type of file cannot be edited.", 400),
    "rest_image_crop_failed": ("Unable to crop this image.", 500),
    "rest_unknown_image_file_type": ("Unable to edit this image.", 500),
}


def require_edit(request: RestRequest) -> None:
    """Let those edit a picture who may upload, and change it."""
    if "upload_files" not in capabilities.get().of(request.user):
        sentence = "Sorry, you are not allowed to upload media on this site."
        raise refused("rest_cannot_edit_image", sentence, request)
    require_change(request)


def edit_media(request: RestRequest) -> RestResponse:
    """Make a new picture from one of the library."""
    image = find(request)
    if not isinstance(image, SiteImage) or not is_file_of(image, request.params["src"]):
        raise RestError("rest_unknown_attachment", "Unable to get meta information for file.", 404)
    edits = edits_in(request.params)
    if not edits:
        raise RestError(
            "rest_image_not_edited",
            "The image was not edited. Edit the image before applying the changes.", 400,
        )  # fmt: skip
    if len(edits) > MOST_EDITS:
        raise invalid("modifiers", f"modifiers must contain at most {MOST_EDITS} items.")
    try:
        made = edited_copy(image, edits, uploaded_by=request.user)
    except PictureNotEditedError as error:
        raise RestError(error.code, *SENTENCES[error.code]) from error
    except UploadRefusedError as error:
        raise refusal(error) from error
    response = answer(made, request, status=201)
    response.links.clear()
    response.headers["Location"] = rest_url(f"/wp/v2/media/{made.pk}")
    return response


def is_file_of(image: SiteImage, address: str) -> bool:
    """Tell whether an address is that of a picture, in whichever size."""
    name = unquote(urlsplit(address).path).rpartition("/")[2]
    names = {image.file.name, *(size["path"] for size in image.sizes.values())}
    return name in {each.rpartition("/")[2] for each in names}


def edits_in(params: dict[str, Any]) -> list[Rotation | Crop]:
    """Return what is asked for, also in the words of older WordPresses."""
    if params.get("modifiers"):
        return [
            Rotation(each["args"]["angle"]) if each["type"] == "rotate"
            else Crop(*(each["args"][name] for name in PART))
            for each in params["modifiers"]
        ]  # fmt: skip
    found: list[Rotation | Crop] = []
    if "rotation" in params:
        found.append(Rotation(params["rotation"]))
    if {"x", "y", "width", "height"} <= params.keys():
        found.append(Crop(params["x"], params["y"], params["width"], params["height"]))
    return found


def process_media(request: RestRequest) -> RestResponse:
    """Make the sizes that a picture lacks, as after an upload that broke off."""
    found = find(request)
    if isinstance(found, SiteImage):
        services.make_sizes(found)
    request.params["context"] = "edit"
    return answer(found, request)
