"""The slip of an exchange: what both sides say that they have, for the folder and for whoever carries the stick."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.documents import SLIP
from app.documents.conclusion_decision import QR_SIDE
from app.documents.layout import GUTTER, TEXT_WIDTH, Columns, Rule, Setter
from app.documents.platypus import Flowable, Spacer
from app.documents.qr import QrCode
from app.documents.sheet import Sheet, build
from app.documents.tags import Node
from app.documents.witness import Witness
from app.documents.wording import wording
from app.domain.clock import KAZAKHSTAN

_COUNTS = ("events", "cases", "attachments", "head_seq", "head_hash")
_TAKEN = ("applied", "waiting", "quarantined")


@dataclass(frozen=True, slots=True)
class Slip:
    """What is set. `laptop`: the beginning of its id; `file`: the bundle's name, if any; `ours`, `theirs`: as an
    exchange tells them; `heard`: whether the centre has spoken in it; `receipt`: fingerprint of the centre's receipt;
    `stopped` and `remarks` in words already."""

    number: str
    department: str
    centre: str
    laptop: str
    file: str
    by: str
    began: datetime
    ended: datetime
    ours: Mapping[str, str | int]
    theirs: Mapping[str, str | int]
    heard: bool
    receipt_time: datetime | None
    receipt: str
    stopped: str
    remarks: Sequence[str]
    witness: Witness
    language: str
    sample: bool = False


def render_slip(slip: Slip) -> bytes:
    """One A4 page as PDF, sealed; the same slip gives the same bytes."""
    words, setter = wording(SLIP, slip.language), Setter()

    def label(key: str) -> str:
        return words("label", key)

    def shown(value: object) -> str:
        text = str(value)
        if len(text) != 64:
            return text
        return "\n".join(f"{text[at : at + 8]} {text[at + 8 : at + 16]}" for at in range(0, 64, 16))

    none, out = words("phrase", "none"), "written" if slip.by == "stick-out" else "sent"
    table = Node("Table")
    shares = (0.34, 0.33, 0.33)

    def row(*texts: str, name: str = "text", head: bool = False) -> Columns:
        return Columns([[setter.text(text, name)] for text in texts], shares, table=table, head=head)

    said = label("theirs")
    if slip.receipt_time and not slip.heard:
        said = words("phrase", "earlier", moment=words.moment(slip.receipt_time))
    story: list[Flowable] = [
        setter.text(words("form", "title"), "title"),
        *([setter.text(words("phrase", "stopped"), "strong")] if slip.stopped else []),
        Spacer(0, 10),
        *(setter.fields([[(label("stopped"), slip.stopped)]]) if slip.stopped else []),
        *setter.fields(
            [
                [(label("department"), slip.department), (label("centre"), slip.centre)],
                [(label("number"), slip.number), (label("by"), words.known("way", slip.by))],
                [(label("laptop"), slip.laptop), (label("file"), slip.file or none)],
                [(label("began"), words.moment(slip.began)), (label("ended"), words.moment(slip.ended))],
            ]
        ),
        *setter.heading(words("section", "both")),
        row(label("what"), label("ours"), said, name="head", head=True),
        Rule(0.6),
        *(row(label(key), shown(slip.ours.get(key, none)), shown(slip.theirs.get(key, none))) for key in _COUNTS),
        *(row(label(key), none, shown(slip.theirs[key])) for key in _TAKEN if key in slip.theirs),
        *setter.heading(words("section", "sent")),
        *setter.fields([[(label(f"{out}_{what}"), shown(slip.ours[f"sent_{what}"]))]
                        for what in ("events", "attachments") if f"sent_{what}" in slip.ours]),
    ]  # fmt: skip
    received = words.moment(slip.receipt_time) if slip.receipt_time else words("phrase", "nothing")
    story += setter.fields([[(label("receipt_time"), received), (label("receipt"), slip.receipt or none)]])
    for remark in slip.remarks:
        story += setter.fields([[(label("remarks"), remark)]])
    side = QR_SIDE + GUTTER
    told = [setter.text(words("phrase", "qr_signed"), "fine")]
    code = QrCode(slip.witness.code(), QR_SIDE, words("phrase", "qr_signed"))
    story += [Spacer(0, 14), Columns([told, [code]], (TEXT_WIDTH - side, side), line=False)]
    title = words("form", "title")
    sheet = Sheet(title=title, author=slip.department, language=slip.language, running=title,
                  foot=words("form", "foot"), page=words("form", "page"), mark=None, sample=slip.sample,
                  on=slip.ended.astimezone(KAZAKHSTAN).date())  # fmt: skip
    return slip.witness.seal(build(story, sheet, setter))
