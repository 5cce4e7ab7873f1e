"""The three acts: exchange over the network, write to a stick, read from a stick."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.services.desk import Desk
from ui.language import Language
from ui.screens.link.stick_dialog import StickDialog
from ui.traffic import Traffic


class Acts:
    """Asks where to, where that has to be asked, and sets the exchange going."""

    def __init__(self, desk: Desk, language: Language, parent: QWidget) -> None:
        self._desk, self._language, self._parent = desk, language, parent

    def do(self, act: str, traffic: Traffic) -> None:
        """`exchange`, `write` or `read`; nothing while an exchange is under way, and nothing in the training."""
        status = traffic.status
        if traffic.at_work or self._desk.is_training:
            return
        if act == "exchange":
            if status is None or status.centre is None or status.centre.urls:
                traffic.begin("network", self._desk.link.exchange)
            return
        dialog = StickDialog(self._language, self._parent, look=self._desk.link.look if act == "read" else None)
        if act == "write":
            dialog.follow(traffic)
        dialog.chosen.connect(partial(self._begin, traffic, act))
        dialog.open()

    def _begin(self, traffic: Traffic, act: str, path: Path) -> None:
        link = self._desk.link
        if act == "write":
            traffic.begin("stick-out", partial(link.export_bundle, path))
        else:
            traffic.begin("stick-in", partial(link.import_bundle, path))
