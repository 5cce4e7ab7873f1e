"""The step of the diagnosis."""

from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.case_file import check_field
from app.domain.text import N_
from app.services.classifiers import normal_code
from ui.screens.examination.form import Form
from ui.screens.examination.step_page import StepPage
from ui.widgets.rows import CodeRow, RowsField


class DiagnosisPage(StepPage):
    """Diagnoses by ICD-10 and in the words that the person will read."""

    def __init__(self, form: Form, parent: QWidget) -> None:
        super().__init__("diagnosis", N_("Diagnosis"), parent)
        self._form = form

        def row() -> CodeRow:
            return CodeRow(form.search, form.title, normal_code, form.nothing, form.browse)

        def rows(path: str, label: str, add: str, none: str) -> RowsField:
            return form.add(RowsField(path, label, make_row=row, add=add, none=none, check=partial(check_field, path)))

        self.group(
            N_("Main diagnosis"),
            [
                [
                    form.code(
                        "diagnosis.main.icd10",
                        N_("ICD-10 code"),
                        hint=N_("type the code or words of the title: English until the official table is imported"),
                    )
                ],
                [
                    form.long_text(
                        "diagnosis.main.text",
                        N_("In words"),
                        hint=N_("in the person's language, as it will be printed"),
                    )
                ],
            ],
        )
        self.group(
            N_("Other diagnoses"),
            [
                [
                    rows(
                        "diagnosis.accompanying",
                        N_("Accompanying diseases"),
                        N_("Add a disease"),
                        N_("no accompanying diseases"),
                    )
                ],
                [
                    rows(
                        "diagnosis.complications",
                        N_("Complications"),
                        N_("Add a complication"),
                        N_("no complications"),
                    )
                ],
            ],
        )
        self.finish()

    def refresh(self) -> None:
        if self._form.record.is_loaded:
            self._form.show_wishes(self.step)
