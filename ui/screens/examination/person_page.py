"""The step of the person: who is examined, address, papers, representative."""

from datetime import date

from PySide6.QtWidgets import QWidget

from app.domain.dates import age, parse_iso
from app.domain.iin import Iin
from app.domain.text import N_, Text
from app.domain.vocabulary import IdentityKind, NoIin, RepresentativeKind, Sex
from app.i18n import Translator
from app.services.advice import ISSUED_ON, advice
from app.services.steps import NO_IIN, NO_IIN_WORDS
from ui.screens.examination.choices import YES_NO
from ui.screens.examination.doubles import DoublesNote
from ui.screens.examination.form import Form, given, options
from ui.screens.examination.name_forms import NameForms
from ui.screens.examination.step_page import StepPage, wanted
from ui.tasks import TaskRunner
from ui.widgets.choice import ComboField
from ui.widgets.field import Field
from ui.widgets.group import Group
from ui.widgets.options import Option
from ui.widgets.parts import column


class PersonPage(StepPage):
    """Who is examined. The ИИН fills birth date and sex where they are empty."""

    def __init__(self, form: Form, doubles: DoublesNote, tasks: TaskRunner, parent: QWidget) -> None:
        """`doubles` says below the name that the person may be here already."""
        super().__init__("person", N_("Person"), parent)
        self.doubles = doubles
        self._form = form
        self._tasks = tasks
        self.name_forms: NameForms | None = None
        self._forms_place = QWidget()
        self._forms_column = column(self._forms_place, gap=12)
        self._forms_place.hide()
        iin = form.iin("person.iin", N_("ИИН"), hint=N_("12 digits; the birth date and the sex are read from it"))
        iin.told.connect(self._on_told)
        self._no_iin = form.combo(NO_IIN, N_("Without an ИИН because"), options(NoIin))
        self._no_iin_words = form.text(NO_IIN_WORDS, N_("In words"), hint=N_("stands on the paper beside the reason"))
        self._who = self.group(
            N_("Who is examined"),
            [
                [iin, self._no_iin],
                [self._no_iin_words],
                [form.text("person.surname", N_("Surname")), form.text("person.given_name", N_("Given name"))],
                [
                    form.text("person.patronymic", N_("Patronymic"), hint=N_("empty if there is none")),
                    form.date("person.birth_date", N_("Birth date")),
                ],
                [self._forms_place],
                [doubles],
                [
                    form.choice("person.sex", N_("Sex"), options(Sex)),
                    form.country("person.citizenship", N_("Citizenship"), hint=N_("the first letters of the country")),
                ],
            ],
        )
        self._closed_by_hand = False
        self._regions: list[Option] = []
        self._kato: ComboField | None = None
        self._representative: Group | None = None
        self.later(self._make_name_forms, self._make_address, self._make_representative)
        self.finish()

    def _make_name_forms(self) -> None:
        made = self.name_forms = NameForms(self._form, self._tasks, self._forms_place)
        self._who.add_rows([[*made.fields.values()]], into=self._forms_column)

    def _make_address(self) -> None:
        form = self._form
        self._regions = [Option(region.code, region.name) for region in form.classifiers.regions()]
        if form.classifiers.has_places:
            place: Field = form.place(
                "person.address.kato", N_("Town or village"), hint=N_("the first letters of the place and its district")
            )
        else:
            place = self._kato = form.combo("person.address.kato", N_("Region"), self._regions)
        self.group(
            N_("Address"),
            [
                [place],
                [form.text("person.address.text", N_("Address in words"))],
            ],
        )
        self.group(
            N_("Identity document"),
            [
                [
                    form.combo("person.identity.kind", N_("Kind of document"), options(IdentityKind)),
                    form.text("person.identity.number", N_("Number of the document")),
                ],
                [
                    form.date("person.identity.issued_on", N_("Issued on")),
                    form.text("person.identity.issued_by", N_("Issued by")),
                ],
            ],
        )

    def _make_representative(self) -> None:
        form = self._form
        made = self._representative = self.group(
            N_("Representative"),
            [
                [form.choice("dossier.guardianship", N_("Somebody was appointed to act for the person"), YES_NO)],
                [
                    form.combo("person.representative.kind", N_("Who represents"), options(RepresentativeKind)),
                    form.text("person.representative.name", N_("Name of the representative")),
                ],
                [form.iin("person.representative.iin", N_("ИИН of the representative"))],
                [
                    form.text("person.representative.basis.kind", N_("Document that gives the right")),
                    form.text("person.representative.basis.number", N_("Its number")),
                ],
                [
                    form.date("person.representative.basis.date", N_("Its date")),
                    form.text("person.representative.basis.issuer", N_("Who issued it")),
                ],
            ],
            add=N_("Add a representative"),
            remove=N_("Take the representative out"),
        )
        made.emptied.connect(lambda: self._empty("person.representative"))

    def _on_told(self, told: Iin) -> None:
        record = self._form.record
        for path, value in (("person.birth_date", told.birth_date), ("person.sex", told.sex)):
            if value is not None and record.get(path) is None and path not in record.unfinished:
                record.put(path, value.isoformat() if isinstance(value, date) else value.value)

    def _empty(self, path: str) -> None:
        self._closed_by_hand = True
        self._form.record.put(path, None)
        for field in wanted(self._representative).fields:
            self._form.show_field(field.path)

    def show_record(self) -> None:
        self.doubles.ask_soon()

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.doubles.retranslate(t)

    def refresh(self) -> None:
        record = self._form.record
        if self.name_forms is not None:
            self.name_forms.refresh()
        numbered = record.get("person.iin") is not None or "person.iin" in record.unfinished
        reason = record.get(NO_IIN)
        self._no_iin.setVisible(not numbered)
        self._no_iin_words.setVisible(not numbered and (reason is not None or given(record, NO_IIN_WORDS)))
        self._form.show_wishes(self.step)
        if ISSUED_ON in self._form.fields:
            later = next((one.text for one in advice(record.document) if one.path == ISSUED_ON), None)
            self._form.fields[ISSUED_ON].set_remark(later)
        on, birth = (parse_iso(str(record.get(path) or "")) for path in ("examination.on", "person.birth_date"))
        child = on is not None and birth is not None and birth <= on and age(birth, on) < 18
        needed = given(record, "person.representative") or (child and not self._closed_by_hand)
        if self._representative is not None and needed:
            self._representative.open()
        # A code below the region (a village's) came with an import: it stays, and is shown as such.
        code = record.get("person.address.kato")
        region = next((r for r in self._regions if code and str(r.value)[:2] == str(code)[:2]), None)
        if self._kato is not None and code and region is not None and region.value != code:
            words = Text(N_("{region}, place {code}"), {"region": region.words, "code": code})
            self._kato.set_options([*self._regions, Option(code, words)])
