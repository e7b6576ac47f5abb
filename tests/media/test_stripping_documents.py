"""Drawings and documents: no program, no address elsewhere, no metadata; credit stays."""

import base64
import functools
import io
import time

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from media.stripping import DOCUMENTS, StrippingError, strip
from tests.media.carriers import PACKET, PLACE, TIFF_BLOCK, chunk, plain_png, with_chunks
from tests.media.leaks import LATITUDE, MARKS, pixels
from tests.media.pictures import camera_jpeg

RDF = b"""<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://creativecommons.org/ns#">
 <cc:Work rdf:about=""><dc:coverage>Port Ellery</dc:coverage>
 <dc:creator><cc:Agent><dc:title>Maren Okafor</dc:title></cc:Agent></dc:creator>
 <cc:license rdf:resource="http://creativecommons.org/licenses/by/4.0/"/></cc:Work></rdf:RDF>
</metadata>"""
PNG = with_chunks(plain_png(), chunk(b"eXIf", TIFF_BLOCK))
DRAWING = (
    b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- Port Ellery -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"
 [<!ENTITY grey "#888">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" viewBox="0 0 40 30"
 onload="alert('Port Ellery')" inkscape:place="Port Ellery">"""
    + RDF
    + b"""<title>A map</title><script>Port Ellery</script><script xlink:href="http://x.example/"/>
<style>/* Port Ellery */ .a { fill: url(#b) }</style>
<style>@import "http://x.example/a.css";</style>
<style>.c { fill: url(http://x.example/Port Ellery) }</style>
<a xlink:href="javascript:alert(1)"><rect class="a" width="10" height="10"
 data-lat="Port Ellery"/></a>
<rect style="fill: url(//x.example)" fill="&grey;" onclick="alert(1)"/><use href="#b"/>
<use xlink:href="http://x.example/#a"/><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p>
</foreignObject><image href="http://x.example/a.png"/>
<animate attributeName="href" to="javascript:1"/>
<text>5 &lt; 6 &amp; 7</text><image width="9" xlink:href="data:image/png;base64,"""
    + base64.b64encode(PNG)
    + b'"/><image href="data:image/svg+xml;base64,PHN2Zy8+"/></svg>'
)


def test_drawing_loses_programs_addresses_and_metadata():
    result = strip(DRAWING)
    text = result.data.decode()

    for word in (
        "Port Ellery", "<script", "javascript", "alert", "x.example", "foreignObject", "onload",
        "@import", "animate", "data-lat", "inkscape", "DOCTYPE", "ENTITY", "<!--",
    ):  # fmt: skip
        assert word not in text
    for kept in ('class="a"', "url(#b)", 'href="#b"', 'fill="#888"', "5 &lt; 6 &amp; 7",
                 "<title>A map</title>"):  # fmt: skip
        assert kept in text
    assert (result.width, result.height) == (40, 30)
    assert {"script", "description", "comment", "location"} <= {
        each.what for each in result.removed
    }


def test_picture_within_a_drawing_is_stripped():
    text = strip(DRAWING).data.decode()
    (embedded,) = [part.split('"')[0] for part in text.split("base64,")[1:]]

    picture = base64.b64decode(embedded)

    assert [mark for mark in MARKS if mark in picture] == []
    assert (pixels(picture)[0] == pixels(PNG)[0]).all()


def test_drawing_keeps_its_credit_and_stripping_twice_equals_once():
    once = strip(DRAWING)

    assert once.credit.creator == "Maren Okafor"
    assert once.credit.licence == "http://creativecommons.org/licenses/by/4.0/"
    assert strip(once.data).data == once.data
    assert strip(once.data).credit == once.credit


@pytest.mark.parametrize(
    "sheet",
    [
        b'@im<!-- -->port "http://x.example/a.css";',
        b'@im<g/>port "http://x.example/a.css";',
        b'@im<a>p</a>ort "http://x.example/a.css";',
        b'@im<style>por</style>port "http://x.example/a.css";',
        b'@im<![CDATA[port "http://x.example/a.css";]]>',
        b" " * 8190 + b'@import "http://x.example/a.css";',
    ],
)
def test_style_sheet_in_pieces_is_judged_whole(sheet):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><style>%s</style></svg>' % sheet

    assert b"x.example" not in strip(drawing).data


def test_address_of_a_part_in_quotation_marks_stays():
    drawing = b"""<svg xmlns="http://www.w3.org/2000/svg"><style>a{fill:url("#b")}</style>
        <path fill="url('#c')"/><path style="fill:url( &quot;#d&quot; )"/>
        <path fill="url('http://x.example/#e')"/></svg>"""

    kept = strip(drawing).data

    for name in (b"#b", b"#c", b"#d"):
        assert name in kept
    assert b"x.example" not in kept


@functools.cache
def document():
    """Return a PDF with a place in every carrier."""
    pdf = pikepdf.new()
    picture = pdf.make_stream(
        camera_jpeg(), Type=Name.XObject, Subtype=Name.Image, Width=640, Height=420,
        ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode,
    )  # fmt: skip
    picture.Metadata = pdf.make_stream(PACKET, Type=Name.Metadata, Subtype=Name.XML)
    page = pdf.add_blank_page(page_size=(640, 420))
    page.Contents = pdf.make_stream(b"q 640 0 0 420 0 0 cm /I Do Q")
    page.Resources = Dictionary(XObject=Dictionary(I=picture))
    degrees = [top / under for top, under in LATITUDE]
    page.obj.VP = Array([Dictionary(
        Type=Name.Viewport, BBox=Array([0, 0, 1, 1]),
        Measure=Dictionary(Type=Name.Measure, Subtype=Name.GEO, GPTS=Array(degrees)),
    )])  # fmt: skip
    page.obj.LGIDict = Dictionary(Description="Port Ellery")
    page.obj.PieceInfo = Dictionary(Editor=Dictionary(Private="Port Ellery"))
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:rights"] = "Fernhill Tea & Clay"
        metadata["photoshop:City"] = "Port Ellery"
    pdf.docinfo["/Title"] = "Port Ellery"
    pdf.attachments["view.jpg"] = camera_jpeg()
    out = io.BytesIO()
    pdf.save(out, static_id=True)
    return out.getvalue()


def test_document_loses_every_place_and_keeps_pages_and_copyright():
    result = strip(document(), accept=DOCUMENTS)

    assert [mark for mark in MARKS if mark in result.data] == []
    assert result.credit.copyright == "Fernhill Tea & Clay"
    assert {"location", "description", "attachment"} <= {each.what for each in result.removed}
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        assert "/Info" not in pdf.trailer
        assert len(pdf.pages) == result.frames == 1
        assert not pdf.attachments
        assert "Fernhill" in str(pdf.open_metadata()["dc:rights"])
        picture = pdf.pages[0].Resources.XObject.I.read_raw_bytes()
    assert (pixels(picture)[0] == pixels(camera_jpeg())[0]).all()


def test_document_stripped_twice_equals_once():
    once = strip(document(), accept=DOCUMENTS).data

    assert strip(once, accept=DOCUMENTS).data == once


def test_earlier_revisions_of_a_document_are_gone():
    later = document() + b"\n1 0 obj\n<< /Place (Port Ellery) >>\nendobj\n%%EOF\n"

    assert b"Port Ellery" not in strip(later, accept=DOCUMENTS).data


def test_document_is_accepted_only_where_documents_are():
    with pytest.raises(StrippingError) as refused:
        strip(document())

    assert refused.value.code == "unknown_type"


def test_text_behind_a_document_is_gone():
    assert PLACE not in strip(document() + PLACE, accept=DOCUMENTS).data


def named(pdf, **tree):
    pdf.Root.Names = Dictionary(
        **{key: Dictionary(Names=Array(value)) for key, value in tree.items()}
    )


def written(pdf):
    out = io.BytesIO()
    pdf.save(out, static_id=True)
    return out.getvalue()


def program():
    return Dictionary(S=Name.JavaScript, JS="app.alert('Port Ellery')")


def address(**more):
    return Dictionary(S=Name.URI, URI="https://fernhill.example/#a", **more)


def test_document_loses_its_programs():
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    pdf.Root.OpenAction = program()
    pdf.Root.AA = Dictionary(WC=program())
    named(pdf, JavaScript=["a", program()])
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp>Port Ellery</xdp>"))
    page.obj.AA = Dictionary(O=program())
    harmful = [
        program(),
        Dictionary(S=Name.Launch, F="Port Ellery"),
        Dictionary(S=Name.ImportData, F="Port Ellery"),
        Dictionary(S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F="Port Ellery")),
        Dictionary(S=Name.GoToE, T=Dictionary(N="Port Ellery")),
        Dictionary(S=Name.URI, URI="javascript:alert('Port Ellery')"),
        Dictionary(S=Name.URI, URI="file:///Port Ellery"),
    ]
    page.Annots = Array(
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
        for action in [*harmful, address(Next=Array([address(), program()]))]
    )

    result = strip(written(pdf), accept=DOCUMENTS)

    assert b"Port Ellery" not in result.data
    assert "script" in {each.what for each in result.removed}
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        assert [("/A" in each) for each in pdf.pages[0].Annots] == [False] * len(harmful) + [True]
        assert str(pdf.pages[0].Annots[-1].A.URI) == "https://fernhill.example/#a"
        assert "/OpenAction" not in pdf.Root


def test_document_still_opens_where_its_author_meant_it_to():
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    pdf.Root.OpenAction = Array([page.obj, Name.Fit])
    page.Annots = Array([Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]),
        A=Dictionary(S=Name.GoTo, D=Array([page.obj, Name.Fit])),
    )])  # fmt: skip
    with pdf.open_outline() as outline:
        outline.root.extend(
            [pikepdf.OutlineItem(title, 0) for title in ("/JS", "Launch (/Launch)")]
        )

    with pikepdf.open(io.BytesIO(strip(written(pdf), accept=DOCUMENTS).data)) as kept:
        assert kept.Root.OpenAction[1] == Name.Fit
        assert str(kept.pages[0].Annots[0].A.S) == "/GoTo"
        assert len(kept.open_outline().root) == 2


@pytest.mark.parametrize("subtype", ["FileAttachment", "RichMedia", "3D"])
def test_files_within_annotations_are_gone(subtype):
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    secret = pdf.make_stream(b"Port Ellery")
    file = Dictionary(Type=Name.Filespec, F="a.bin", EF=Dictionary(F=secret))
    page.Annots = Array([Dictionary(
        Type=Name.Annot, Subtype=Name("/" + subtype), Rect=Array([0, 0, 9, 9]), FS=file,
        RichMediaContent=Dictionary(Assets=Dictionary(Names=Array(["a", file]))),
    )])  # fmt: skip
    page.Annots[0]["/3DD"] = pdf.make_stream(b"Port Ellery", OnInstantiate=secret)

    assert b"Port Ellery" not in strip(written(pdf), accept=DOCUMENTS).data


@pytest.mark.parametrize(
    "part",
    [b"/Type /ObjStm ", b"/Type /ObjStm stream\n", b"/Type/XRef stream\nx\x9c",
     b"/Type" + b" " * 90],
)  # fmt: skip
def test_words_of_structure_without_end_take_no_time(part):
    """A search that goes back for each of them would take minutes."""
    start = time.process_time()

    with pytest.raises(StrippingError):
        strip(b"%PDF-1.7\n" + part * (2_000_000 // len(part)), accept=DOCUMENTS)

    assert time.process_time() - start < 4
