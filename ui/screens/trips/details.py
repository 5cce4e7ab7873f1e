"""When, where and by whom: the fields of a trip, each saved as it is left."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.domain.errors import Told
from app.domain.text import N_
from app.domain.trips import checks
from app.domain.vocabulary import LABELS, Place
from app.services.desk import Desk
from app.services.trip_views import Trip
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.choice import ComboField
from ui.widgets.commission_field import CommissionField
from ui.widgets.date_field import DateField
from ui.widgets.field import Field
from ui.widgets.group import Group
from ui.widgets.options import Option
from ui.widgets.parts import column
from ui.widgets.place_field import PlaceField, places
from ui.widgets.text_field import LongTextField, TextField


class DetailsPanel(QScrollArea):
    """`changed(Trip)` after each change that was saved; `account_wanted(name)` for a member without an account."""

    changed = Signal(object)
    account_wanted = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, today: Callable[[], date]) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        self._trip: Trip | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.on = DateField("on", N_("Day"), today=today, check=checks("on"))
        kinds = [Option(place.value, LABELS[place]) for place in Place]
        self.place = ComboField("place", N_("Place and form"), kinds, check=checks("place"))
        self.settlement = self._text("settlement", N_("Town or village"))
        self._lists = desk.classifiers.lists
        hint = N_("the first letters of the place and its district")
        self.kato = PlaceField(
            "kato", N_("Place by КАТО"), hint=hint if self._lists.has_places else N_("9 digits, if known"),
            check=checks("kato"), **places(self._lists, language),
        )  # fmt: skip
        self.kato.committed.connect(self._name_settlement)
        self.address = self._text("address", N_("Address"))
        self.venue = self._text("venue", N_("Ward, office or vehicle"))
        self.commission = CommissionField("commission", desk.user.name, check=checks("commission"))
        self.commission.account_wanted.connect(self.account_wanted)
        self.note = LongTextField("note", N_("Note"), check=checks("note"), lines=3)
        self.groups = (
            Group(
                N_("Day and place"),
                [[self.on, self.place], [self.settlement, self.kato], [self.address, self.venue]],
            ),
            Group(N_("Who examines"), [[self.commission, self.note]]),
        )
        self.fields: tuple[Field, ...] = tuple(field for group in self.groups for field in group.fields)
        content = QWidget()
        lines = column(content, gap=20)
        lines.setContentsMargins(0, 8, 16, 16)
        for group in self.groups:
            lines.addWidget(group)
        lines.addStretch(1)
        self.setWidget(content)
        for field in self.fields:
            field.committed.connect(self._save)
        language.changed.connect(self.retranslate)
        self.retranslate()
        if self._lists.has_places and not self._lists.loaded:
            tasks.run(self._lists.load, done=lambda _none: self._show_place(), owner=self)

    def _show_place(self) -> None:
        if self._trip is not None:
            self.kato.show_value(self._trip.fields.get("kato"))

    def _name_settlement(self, _path: str, code: object) -> None:
        """A place that was chosen names the town or village, where nobody has yet."""
        found = self._lists.place(str(code), self._language.code) if code else None
        if found is not None and found.above and self.settlement.is_empty():
            self.settlement.show_value(found.name)
            self._save("settlement", found.name)

    def _text(self, name: str, words: str) -> TextField:
        return TextField(name, words, check=checks(name))

    def take_names(self, names: Sequence[str]) -> None:
        """Who has an account on this laptop."""
        self.commission.take_accounts(names)

    def show_trip(self, trip: Trip) -> None:
        """Show the fields as they are stored; what is wrong and not stored goes where another trip is shown."""
        other = self._trip is None or self._trip.id != trip.id
        self._trip = trip
        for field in self.fields:
            if other or field.error_text is None:
                field.set_error(None)
                field.show_value(trip.fields.get(field.path))

    def retranslate(self) -> None:
        """Every word again; what is typed stays."""
        for group in self.groups:
            group.retranslate(self._language.t)
        for field in self.fields:
            field.retranslate(self._language.t)

    def settle(self) -> None:
        """Take in what is being typed."""
        for field in self.fields:
            field.settle()

    def _save(self, name: str, value: object) -> None:
        trip = self._trip
        if trip is None:
            return
        field = next(field for field in self.fields if field.path == name)

        def failed(error: BaseException) -> None:
            if isinstance(error, Told) and error.where == name:
                field.set_error(error.text)
            else:
                self._tasks.failed.emit(error)

        self._tasks.run(
            lambda: self._desk.trips.set_field(trip.id, name, value), done=self.changed.emit, failed=failed, owner=self
        )
