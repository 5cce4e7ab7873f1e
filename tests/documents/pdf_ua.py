"""ISO 14289-1 (PDF/UA-1) as far as a machine can look, and what ISO 19005-2 adds for level A; each finding is named.

Written because no accredited checker could be had: it stands beside pikepdf's, which holds the rules of veraPDF for
level B, and makes no statement of conformity.
"""

import io
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pikepdf
from fontTools.ttLib import TTFont

ROLES = {"Document", "Sect", "H1", "H2", "H3", "P", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "Figure"}
INSIDE = {
    "LI": {"L"},
    "Lbl": {"LI"},
    "LBody": {"LI"},
    "TR": {"Table"},
    "TH": {"TR"},
    "TD": {"TR"},
    "Sect": {"Document"},
}
KIDS = {"L": {"LI"}, "LI": {"Lbl", "LBody"}, "Table": {"TR"}, "TR": {"TH", "TD"}}
PAINTING = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "INLINE IMAGE", "Tj", "TJ", "'", '"'}
_NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/", "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/", "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
}  # fmt: skip


def findings(data: bytes) -> list[str]:
    """What is wrong, each with the clause it offends; empty where nothing was found."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [*_document(pdf), *_metadata(pdf), *_tree(pdf), *_content(pdf), *_fonts(pdf)]


def _document(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked") or root.MarkInfo.get("/Suspects"):
        yield "6.2: MarkInfo does not say that all of it is tagged"
    if not str(root.get("/Lang", "")):
        yield "7.2: no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "7.1: a viewer is not asked to show the title"
    if "/StructTreeRoot" not in root:
        yield "7.1: no structure tree"
    if any("/Annots" in page for page in pdf.pages):
        yield "7.18: annotations, which nobody has thought of"
    if any(page.get("/Tabs") != "/S" for page in pdf.pages):
        yield "7.18.3: the tab order is not that of the structure"
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "7.16: encrypted"
    if {"/AcroForm", "/OpenAction", "/AA", "/Names"} & set(root.keys()):
        yield "7.17 and 7.19: forms, actions or files"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    told = ElementTree.fromstring(pdf.Root.Metadata.read_bytes().decode("utf-8"))  # noqa: S314 - our own

    def texts(path: str) -> list[str]:
        return [(found.text or "") for found in told.iterfind(f".//{path}", _NAMES)]

    info = pdf.docinfo
    if texts("pdfuaid:part") != ["1"]:
        yield "5: no identifier of PDF/UA-1"
    if (texts("pdfaid:part"), texts("pdfaid:conformance")) != (["2"], ["A"]):
        yield "19005-2, 6.6.4: no identifier of PDF/A-2a"
    if set(texts("dc:title//rdf:li")) != {str(info.get("/Title"))} or not str(info.get("/Title")):
        yield "7.1: the title is not that of the information"
    if texts("dc:creator//rdf:li") != [str(info.get("/Author"))]:
        yield "19005-2, 6.6: the author is not that of the information"
    if texts("dc:language//rdf:li") != [str(pdf.Root.get("/Lang", ""))]:
        yield "19005-2, 6.6: another language than the document's"
    if "/Filter" in pdf.Root.Metadata:
        yield "19005-2, 6.6.2: the metadata is compressed"
    days = {str(info.get(key, ""))[2:10] for key in ("/CreationDate", "/ModDate")}
    if {day.replace("-", "") for day in (*texts("xmp:CreateDate"), *texts("xmp:ModifyDate"))} != days - {""}:
        yield "19005-2, 6.6: other dates than those of the information"


def elements(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, Any]]:
    """Each element of the tree with the one it stands in, in reading order."""
    waiting = [(pdf.Root.StructTreeRoot.K, pdf.Root.StructTreeRoot)]
    while waiting:
        element, parent = waiting.pop()
        yield element, parent
        waiting += [(kid, element) for kid in reversed(kids(element)) if "/S" in kid]


def kids(element: Any) -> list[Any]:
    """The kids of an element that are dictionaries."""
    found = element.get("/K", [])
    listed = list(found) if isinstance(found, pikepdf.Array) else [found]
    return [kid for kid in listed if isinstance(kid, pikepdf.Dictionary)]


def marks(element: Any) -> list[tuple[int, int]]:
    """Number of the page's object and MCID of each piece of content of an element."""
    found = element.get("/K", [])
    listed = list(found) if isinstance(found, pikepdf.Array) else [found]
    pieces = []
    for kid in listed:
        if isinstance(kid, int):
            pieces.append((element.Pg.objgen[0], kid))
        elif isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/MCR":
            pieces.append((kid.Pg.objgen[0], int(kid.MCID)))
    return pieces


def role(element: Any) -> str:
    return str(element.S)[1:]


def _tree(pdf: pikepdf.Pdf) -> Iterator[str]:
    level, titles, told = 0, 0, {}
    nums = pdf.Root.StructTreeRoot.ParentTree.Nums
    by_number = {int(nums[at]): nums[at + 1] for at in range(0, len(nums), 2)}
    for page in pdf.pages:
        for mcid, element in enumerate(by_number[int(page.StructParents)]):
            told[page.objgen[0], mcid] = element.objgen
    sections = 0
    for element, parent in elements(pdf):
        name = role(element)
        if name not in ROLES:
            yield f"7.1: {name} is no standard role that we use"
        if element.P.objgen != parent.objgen:
            yield f"32000-1, 14.7.2: {name} does not know what it stands in"
        within = role(parent) if "/S" in parent else ""
        if name in INSIDE and within not in INSIDE[name]:
            yield f"7.2: {name} stands in {within or 'the root'}"
        wrong = {role(kid) for kid in kids(element) if "/S" in kid} - KIDS.get(name, ROLES)
        if wrong:
            yield f"7.2: {sorted(wrong)} stand in {name}"
        if name in ("L", "LI", "Table", "TR", "TH", "TD", "Sect", "Document") and not kids(element):
            yield f"7.1: {name} is empty"
        if not kids(element) and not marks(element):
            yield f"7.1: {name} shows nothing"
        for mark in marks(element):
            if told.pop(mark, None) != element.objgen:
                yield f"32000-1, 14.7.4.4: the way back from content to {name} leads elsewhere"
        if name[0] == "H":
            if int(name[1]) > level + 1:
                yield f"7.4.2: H{level} is followed by {name}"
            level = int(name[1])
            titles += name == "H1"
        if name == "Sect":
            level, sections = 0, sections + 1
            if "/Lang" not in element:
                yield "7.2: a part in another language that doesn't say which"
        if name == "Figure":
            if not str(element.get("/Alt", "")):
                yield "7.3: a figure without words"
            if "/BBox" not in element.get("/A", {}):
                yield "7.3: a figure without its place"
        if name == "Table":
            yield from _table(element)
    if told:
        yield f"7.1: {len(told)} pieces of content that no element has"
    if titles != max(1, sections):
        yield f"7.4: {titles} titles in {max(1, sections)} parts"


def _table(table: Any) -> Iterator[str]:
    wide = []
    heads = 0
    for row in kids(table):
        cells = kids(row)
        wide.append(sum(int(cell.get("/A", {}).get("/ColSpan", 1)) for cell in cells))
        for cell in cells:
            if role(cell) == "TH":
                heads += 1
                if "/Scope" not in cell.get("/A", {}):
                    yield "7.5: a head that doesn't say of what"
    if len(set(wide)) != 1:
        yield f"7.5: rows of {sorted(set(wide))} columns in one table"
    if not heads:
        yield "7.5: a table without heads"


def _content(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, start=1):
        open_marks: list[str] = []
        used, in_text = [], False
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BMC", "BDC"):
                tag = str(operands[0])
                mcid = operands[1].get("/MCID") if name == "BDC" else None
                if in_text:
                    yield f"page {number}, 32000-1, 14.6: marks begin inside of a text"
                if open_marks:
                    yield f"page {number}, 7.1: {tag} inside of {open_marks[-1]}"
                if tag != "/Artifact" and mcid is None:
                    yield f"page {number}, 7.1: {tag} is neither tagged nor an artifact"
                if mcid is not None:
                    used.append(int(mcid))
                open_marks.append(tag)
            elif name == "EMC":
                open_marks.pop()
            elif name in PAINTING and not open_marks:
                yield f"page {number}, 7.1: {name} paints outside of all marks"
            in_text = name == "BT" or (in_text and name != "ET")
        if open_marks:
            yield f"page {number}: {open_marks} never ends"
        if sorted(used) != list(range(len(used))):
            yield f"page {number}: marks are counted {used}"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    shown: dict[tuple[int, int], tuple[Any, set[int]]] = {}
    for page in pdf.pages:
        fonts, current = page.Resources.Font, None
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                current = fonts[str(operands[0])]
            elif str(operator) in ("Tj", "'"):
                shown.setdefault(current.objgen, (current, set()))[1].update(bytes(operands[-1]))
            elif str(operator) in ("TJ", '"'):
                yield f"{operator} is read by nobody here"
    for font, codes in shown.values():
        name = str(font.BaseFont)
        if name[7] != "+" or not name[1:7].isupper():
            yield f"7.21.4: {name} is not named as a subset"
        descriptor = font.FontDescriptor
        if "/FontFile2" not in descriptor:
            yield f"7.21.4: {name} is not embedded"
            continue
        if font.get("/Encoding") is not None or not int(descriptor.Flags) & 4 or int(descriptor.Flags) & 32:
            yield f"7.21.6: {name} is symbolic, has an encoding, or both ways"
        program = TTFont(io.BytesIO(descriptor.FontFile2.read_bytes()))
        tables = program["cmap"].tables
        if len(tables) != 1:
            yield f"7.21.6: {name} has {len(tables)} encodings"
        glyphs, order = tables[0].cmap, program.getGlyphOrder()
        unit = 1000 / program["head"].unitsPerEm
        meaning = _meaning(font.ToUnicode.read_bytes())
        for code in codes:
            glyph = glyphs.get(code, order[0])
            if glyph == order[0]:
                yield f"7.21.8: {name} shows {code:02X}, for which it has no glyph"
            at = code - int(font.FirstChar)
            told = float(font.Widths[at]) if 0 <= at < len(font.Widths) else -1.0
            if abs(told - program["hmtx"][glyph][0] * unit) > 1:
                yield f"7.21.5: {name} says another width of {code:02X} than its program"
            character = meaning.get(code, 0)
            if character in (0, 0xFEFF, 0xFFFE):
                yield f"7.21.7: {name} doesn't say what {code:02X} means"
            elif 0xE000 <= character < 0xF900:
                yield f"19005-2, 6.2.11.7.3: {name} shows {character:04X}, which means nothing to others"


def _meaning(stream: bytes) -> dict[int, int]:
    lines = stream.decode("ascii").splitlines()
    pairs = (line.split() for line in lines if line.startswith("<") and line.count("<") == 2 and "> <" in line)
    return {int(code[1:-1], 16): int(character[1:-1], 16) for code, character in pairs if len(character) == 6}
