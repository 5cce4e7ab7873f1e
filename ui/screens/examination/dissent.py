"""Dissenting opinions (ерекше пікір, особое мнение): each member whose vote isn't followed writes one, or says none."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.domain import voting
from app.domain.text import N_
from app.i18n import Translator
from ui.screens.examination import vote_words
from ui.screens.examination.record import CaseRecord
from ui.screens.examination.summary import clear
from ui.widgets.parts import button, column, label, panel
from ui.widgets.text_field import LongTextField
from ui.widgets.tick_box import TickBox


class Opinion(QWidget):
    """One member: how the member voted, the opinion, or that there is none in writing."""

    def __init__(self, member: int, name: str, voted: str, t: Translator) -> None:
        super().__init__()
        self.member, self.name = member, name
        box = panel()
        lines = column(box, margin=12, gap=8)
        who = label("label", wrap=True)
        who.setText(t("{name} voted otherwise: {choice}", name=name, choice=voted) if voted else name)
        self.text = LongTextField(f"dissent.{member}", N_("Dissenting opinion, in the member's own words"), lines=3)
        self.text.retranslate(t)
        self.text.edit.setAccessibleName(f"{self.text.label.text()}: {name}")
        self.declined = TickBox()
        nothing = t("No opinion in writing")
        self.declined.set_words(nothing)
        self.declined.setAccessibleName(f"{name}: {nothing}")
        self.out = button("quiet", "x")
        self.out.setText(t("Take the opinion out"))
        self.out.setAccessibleName(f"{self.out.text()}: {name}")
        for part in (who, self.text, self.declined, self.out):
            lines.addWidget(part)
        self.declined.setVisible(bool(voted))
        self.out.setVisible(not voted)
        column(self).addWidget(box)


class Dissent(QWidget):
    """All of them, saved as `dossier.dissent`. A member who did not vote otherwise may dissent as well."""

    def __init__(self, record: CaseRecord) -> None:
        super().__init__()
        self._record = record
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.heading = label("section", wrap=True)
        holder = QWidget()
        self._holder = QVBoxLayout(holder)
        self._holder.setContentsMargins(0, 0, 0, 0)
        self._holder.setSpacing(12)
        # It stands elsewhere on the page: who decides as all wanted isn't led past it.
        self.add_button = button("quiet", "plus")
        self._menu = QMenu(self)
        self.add_button.setMenu(self._menu)
        self._column.addWidget(self.heading)
        self._column.addWidget(holder)
        self.opinions: dict[int, Opinion] = {}
        self._shown: object = None

    def show_members(self, t: Translator, *, read_only: bool) -> None:
        """Who has to say something now, and who said something; texts being typed stay where they are."""
        document = self._record.document
        members = voting.commission(document)
        otherwise = voting.dissenting(document)
        given = {at: voting.opinion_of(document, at) for at in range(len(members))}
        asked = [at for at in given if at in otherwise or given[at] is not None]
        named = [(at, members[at].get("name") or "", self._voted(t, at) if at in otherwise else "") for at in asked]
        if (named, t.language) != self._shown:
            self.settle()
            clear(self._holder)
            self.opinions = {}
            for at, name, voted in named:
                made = self.opinions[at] = Opinion(at, name, voted, t)
                self._holder.addWidget(made)
                made.show()
                made.text.show_value((given[at] or {}).get("text"))
                made.text.committed.connect(lambda _path, value, m=at: self._put(m, text=value))
                made.declined.clicked.connect(lambda checked, m=at: self._put(m, declined=checked or None))
                made.out.clicked.connect(partial(self._take_out, at))
            self._shown = (named, t.language)
        for at, made in self.opinions.items():
            told = given[at] or {}
            made.declined.setChecked(bool(told.get("declined")) and not told.get("text"))
            made.declined.setEnabled(not read_only and not told.get("text"))
            made.out.setEnabled(not read_only)
            made.text.set_read_only(read_only)
        self._offer(t, [(at, m["name"]) for at, m in enumerate(members) if at not in self.opinions and m.get("name")])
        self.heading.setText(t("Dissenting opinions"))
        self.heading.setVisible(bool(self.opinions))
        self.add_button.setVisible(not read_only and bool(self._menu.actions()))
        self.setVisible(bool(self.opinions))

    def first(self) -> QWidget | None:
        """Where somebody still has to answer."""
        for at, made in self.opinions.items():
            if at in voting.dissenting(self._record.document) and not voting.dissent_answered(
                self._record.document, at
            ):
                return made.text.edit
        return None

    def settle(self) -> None:
        for made in self.opinions.values():
            made.text.settle()

    def _voted(self, t: Translator, member: int) -> str:
        vote = voting.vote_of(self._record.document, member)
        return vote_words.choice(t, vote) if vote is not None else ""

    def _offer(self, t: Translator, members: list[tuple[int, str]]) -> None:
        self.add_button.setText(t("Add a dissenting opinion"))
        self.add_button.setAccessibleName(self.add_button.text())
        self._menu.clear()
        for at, name in members:
            self._menu.addAction(name).triggered.connect(partial(self._begin, at))

    def _begin(self, member: int, _checked: bool = False) -> None:
        self._put(member)
        made = self.opinions.get(member)
        if made is not None:
            made.text.edit.setFocus()

    def _put(self, member: int, **changes: Any) -> None:
        name = voting.commission(self._record.document)[member].get("name")
        kept = voting.opinion_of(self._record.document, member) or {
            "member": member, "name": name, "text": None, "declined": None,
        }  # fmt: skip
        self._save(member, {**kept, **changes})

    def _take_out(self, member: int) -> None:
        self._save(member, None)
        self.add_button.setFocus()

    def _save(self, member: int, opinion: dict[str, Any] | None) -> None:
        others = [dict(o) for o in self._record.get(voting.DISSENT) or [] if o.get("member") != member]
        fresh = sorted([*others, *([opinion] if opinion is not None else [])], key=lambda o: int(o["member"]))
        self._record.commit(voting.DISSENT, fresh or None)
