"""A face as a paper embeds it: the glyphs that the paper uses, as an archive wants them (ISO 19005-2, 6.2.11).

ReportLab's own subset carries all of ASCII and the hinting programs of the face: two thirds of a paper's size and a
third of its time. Neither print nor any screen we know of needs them. Glyphs are cut once for all papers.
"""

from functools import cache
from struct import pack, pack_into, unpack_from
from typing import Any

from reportlab.pdfbase.ttfonts import SUBSETN, TTFont, TTFontMaker

from app.documents.raw import Raw, stream

_SYMBOLIC, _NONSYMBOLIC = 4, 32
_WORDS, _MORE, _SCALE, _XY_SCALE, _2X2, _INSTRUCTIONS = 1, 32, 8, 64, 128, 256


class Face(TTFont):  # type: ignore[misc]
    """A registered face. Papers embed it in subsets of at most 256 characters."""

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, file, asciiReadable=False)
        self._glyph = cache(self._cut)

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab's name
        """Write the subsets that `doc` used, each with its widths and what its codes mean."""
        state = self.state[doc]
        state.frozen = 1
        fonts = doc.idToObject["BasicFonts"].dict
        for number, characters in enumerate(state.subsets):
            name = self.getSubsetInternalName(number, doc)[1:]
            base = (SUBSETN(number) + b"+" + self.face.name).decode("ascii")
            used = characters[1:]  # code 0 is no character
            program = self._program(characters)
            file = doc.Reference(stream(program, f"/Length1 {len(program)}"), f"file:{base}")
            face = self.face
            descriptor = Raw(
                f"<</Type/FontDescriptor/FontName/{base}/Flags {face.flags & ~_NONSYMBOLIC | _SYMBOLIC}"
                f"/FontBBox[{_numbers(face.bbox)}]/ItalicAngle {face.italicAngle:g}/Ascent {face.ascent:g}"
                f"/Descent {face.descent:g}/CapHeight {face.capHeight:g}/StemV {face.stemV:g}/FontFile2 ", file, ">>"
            )  # fmt: skip
            meaning = doc.Reference(stream(_meaning(base, used)), f"meaning:{base}")
            fonts[name] = doc.Reference(
                Raw(
                    f"<</Type/Font/Subtype/TrueType/BaseFont/{base}/FirstChar 1/LastChar {len(used)}"
                    f"/Widths[{_numbers(map(face.getCharWidth, used))}]/FontDescriptor ",
                    doc.Reference(descriptor, f"descriptor:{base}"), "/ToUnicode ", meaning, ">>",
                ),
                name,
            )  # fmt: skip
        del self.state[doc]

    def _program(self, characters: list[int]) -> bytes:
        """A TrueType program of these characters, by code; nothing in it but what draws them."""
        face, known = self.face, self.face.charToGlyph
        order, places = [0], {0: 0}

        def place(glyph: int) -> int:
            if glyph not in places:
                places[glyph] = len(order)
                order.append(glyph)
            return places[glyph]

        codes = [place(known.get(character, 0)) for character in characters]
        outlines, offsets, at = [], [0], 0
        for glyph in order:  # grows: parts of composite glyphs come behind
            data, parts = self._glyph(glyph)
            if parts:
                changed = bytearray(data)
                for where, part in parts:
                    pack_into(">H", changed, where, place(part))
                data = bytes(changed)
            outlines.append(data)
            at += len(data)
            offsets.append(at)
        metrics = [face.hmetrics[glyph] for glyph in order]
        maker = TTFontMaker()
        head, hhea, maxp = (bytearray(face.get_table(tag)) for tag in ("head", "hhea", "maxp"))
        pack_into(">H", head, 50, 1)
        pack_into(">H", hhea, 34, len(metrics))
        pack_into(">H", maxp, 4, len(order))
        maker.add("head", bytes(head))
        maker.add("hhea", bytes(hhea))
        maker.add("maxp", bytes(maxp))
        maker.add("hmtx", b"".join(pack(">HH", int(wide), int(side) & 0xFFFF) for wide, side in metrics))
        # One encoding alone, as a symbolic face has to have (6.2.11.6).
        maker.add(
            "cmap", pack(f">9H2H{len(codes)}H", 0, 1, 1, 0, 0, 12, 6, 10 + 2 * len(codes), 0, 0, len(codes), *codes)
        )
        maker.add("loca", pack(f">{len(offsets)}L", *offsets))
        maker.add("glyf", b"".join(outlines))
        return bytes(maker.makeStream())

    def _cut(self, glyph: int) -> tuple[bytes, tuple[tuple[int, int], ...]]:
        """A glyph without its hints, padded to four bytes; for a composite one, where it names which parts."""
        face = self.face
        start = face.get_table_pos("glyf")[0]
        data = face._ttf_data[start + face.glyphPos[glyph] : start + face.glyphPos[glyph + 1]]
        if not data:
            return b"", ()
        contours = unpack_from(">h", data)[0]
        parts = []
        if contours >= 0:
            at = 10 + 2 * contours
            points, hints = unpack_from(">HH", data, at - 2)
            outline = data[at + 2 + hints :]
            data = data[:at] + b"\0\0" + outline[: _length(outline, points + 1)]
        else:
            changed, at, flags = bytearray(data), 10, _MORE
            while flags & _MORE:
                flags, part = unpack_from(">HH", data, at)
                pack_into(">H", changed, at, flags & ~_INSTRUCTIONS)
                parts.append((at + 2, part))
                at += 8 if flags & _WORDS else 6
                at += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _2X2 else 0
            data = bytes(changed[:at])
        return bytes(data) + b"\0" * (-len(data) % 4), tuple(parts)


def _length(outline: bytes, points: int) -> int:
    """How many bytes of flags and coordinates so many points take; what is behind them is padding."""
    at = taken = 0
    while points > 0:
        flag, at = outline[at], at + 1
        times = 1
        if flag & 8:
            times, at = 1 + outline[at], at + 1
        taken += times * sum(1 if flag & short else 0 if flag & same else 2 for short, same in ((2, 16), (4, 32)))
        points -= times
    return at + taken


def _numbers(values: Any) -> str:
    return " ".join(f"{value:g}" for value in values)


def _meaning(base: str, characters: list[int]) -> bytes:
    """The map from codes to characters (ToUnicode), at most 100 a section."""
    lines = [f"<{at:02X}> <{character:04X}>" for at, character in enumerate(characters, start=1)]
    sections = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    told = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in sections)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        f"/CMapName /{base} def\n/CMapType 2 def\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{told}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")
