"""What the audit trail tells of numbered blanks."""

from dataclasses import replace
from typing import Any

from app.domain.errors import CheckFailed
from app.domain.text import N_, Text
from app.storage.cases import microseconds
from app.storage.papers import PaperRow
from app.storage.unit_of_work import read_time


class PaperReplay:
    """The used blanks by kind, series and number, as the records taken so far tell them."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, int], PaperRow] = {}

    def take(self, seq: int, record: dict[str, Any]) -> None:
        """`paper.issued` or `paper.spoiled`; CheckFailed where a number is used twice."""
        new, actor, at = record["new"], record["actor"], microseconds(read_time(record["wall_time"]))
        key = (new["kind"], new["series"], new["number"])
        known = self.rows.get(key)
        if record["action"] == "paper.issued":
            fresh = PaperRow(*key, new["digits"], record["case_id"], "issued", seq, at, actor)
        elif known is None:
            fresh = PaperRow(*key, new["digits"], None, "spoiled", seq, at, actor, seq, at, actor, new["reason"])
        elif known.state == "issued" and known.case_id == record["case_id"]:
            told = {"spoiled_seq": seq, "spoiled_at": at, "spoiled_by": actor, "reason": new["reason"]}
            self.rows[key] = replace(known, state="spoiled", **told)
            return
        else:
            fresh = known
        if known is not None:
            sentence = N_("Audit trail: record {seq} uses the blank {series} {number} a second time.")
            raise CheckFailed(Text(sentence, {"seq": seq, "series": new["series"], "number": new["number"]}))
        self.rows[key] = fresh
