"""What makes a PDF fit for an archive: its metadata as XMP, what its colours mean, which standards it follows.

PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1). What of it a test sees, and what nobody accredited has seen, is in
docs/evidence/papers-tagged.md.
"""

from datetime import date
from functools import cache
from typing import Any, Final
from xml.sax.saxutils import escape

from app import paths
from app.documents.raw import Raw, stream
from app.documents.tags import entry

VERSION: Final = (1, 7)
_PRODUCER: Final = "Saraptama"
# The identifier of PDF/UA is none of the schemas that PDF/A knows: it has to be described (19005-2, 6.6.2.3.3).
_EXTENSION: Final = """
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


@cache
def _profile() -> bytes:
    return paths.resource("colour", "sRGB.icc").read_bytes()


def _metadata(title: str, author: str, language: str, on: date | None) -> bytes:
    title, author = escape(title), escape(author)
    dated = (
        f"<xmp:CreateDate>{on:%Y-%m-%d}</xmp:CreateDate><xmp:ModifyDate>{on:%Y-%m-%d}</xmp:ModifyDate>" if on else ""
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
        'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
        "<dc:format>application/pdf</dc:format>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li>'
        f'<rdf:li xml:lang="{language}">{title}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>"
        f"<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>"
        f"<xmp:CreatorTool>{_PRODUCER}</xmp:CreatorTool>{dated}<pdf:Producer>{_PRODUCER}</pdf:Producer>"
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>"
        f"</rdf:Description>{_EXTENSION}</rdf:RDF></x:xmpmeta>\n"
        '<?xpacket end="w"?>'
    ).encode()


class _Information(Raw):
    """What ReportLab takes for the dictionary of information; equal to the XMP."""

    def digest(self, signature: Any) -> None:
        signature.update(self.format(None))


def fit_for_archive(doc: Any, *, title: str, author: str, language: str, on: date | None, tags: Any) -> None:
    """Give ReportLab's document its metadata. `on`: the day of what the paper tells; `tags`: the tree's reference."""
    told = f"<<{entry('Title', title)}{entry('Author', author)}/Creator({_PRODUCER})/Producer({_PRODUCER})"
    doc.info = _Information(told + (f"/CreationDate(D:{on:%Y%m%d})/ModDate(D:{on:%Y%m%d})>>" if on else ">>"))
    profile = doc.Reference(stream(_profile(), "/N 3"), "colours")
    metadata = stream(_metadata(title, author, language, on), "/Type/Metadata/Subtype/XML", plain=True)
    catalog = doc.Catalog
    # ReportLab writes the entries that the catalogue says it has.
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
    catalog.Metadata, catalog.StructTreeRoot, catalog.Outlines = metadata, tags, None
    catalog.MarkInfo, catalog.ViewerPreferences = Raw("<</Marked true>>"), Raw("<</DisplayDocTitle true>>")
    catalog.OutputIntents = Raw("[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)"
                                "/DestOutputProfile ", profile, ">>]")  # fmt: skip
