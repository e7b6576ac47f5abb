"""Paging of collections: WordPress's offsets, totals and errors."""

from core.rest.declare import RestRequest
from core.rest.errors import RestError


def paginate(
    total: int, request: RestRequest, *, refuses_past_end: bool = True
) -> tuple[int, int, int]:
    """Return offset, limit and number of pages for a collection of `total` items.

    Collections of posts answer rest_post_invalid_page_number for a page past the end; those of
    comments, terms and users answer an empty list (refuses_past_end=False).
    """
    page, per_page = request.params["page"], request.params["per_page"]
    pages = -(-total // per_page)
    if refuses_past_end and total and page > pages:
        raise RestError(
            "rest_post_invalid_page_number",
            "The page number requested is larger than the number of pages available.",
            400,
        )
    given_offset = request.params.get("offset")
    offset = given_offset if given_offset is not None else (page - 1) * per_page
    # No database need count past the end, nor past its largest number.
    return min(max(offset, 0), total), per_page, pages
