"""Looking a person up in the lists that the centre gave out, without a network."""

import hashlib
from typing import TYPE_CHECKING

from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.sync.screening import Filter


class Screening:
    """Whether a person may be among those whom the centre knows of, by the filters that came from it."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._read: dict[str, Filter] = {}
        self._newest: dict[str, tuple[str, ...]] = {}
        self._known: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}

    def hits(self, iin: str) -> tuple[str, ...]:
        """The kinds of the filters with a hit; empty where there is none. A fifth of a second, never on the window's
        thread; asked of the same number again it costs nothing."""
        from app.sync import screening

        filters = self._filters()
        asked = iin, tuple(sorted(filters))
        if asked not in self._known:
            try:
                self._known[asked] = tuple(dict.fromkeys(screening.hits(filters.values(), iin)))
            except ValueError:
                self._known[asked] = ()
        self._newest[iin] = self._known[asked]
        return self._known[asked]

    def known(self, iin: object) -> tuple[str, ...]:
        """The same from memory, where it was asked before; for the window's thread."""
        return self._newest.get(iin, ()) if isinstance(iin, str) else ()

    def prime(self, iin: object) -> None:
        """Have `known` know it; nothing where there are no filters, or this is no whole ИИН."""
        if isinstance(iin, str) and len(iin) == 12:
            self.hits(iin)

    def _filters(self) -> dict[str, "Filter"]:
        from app.services import link_store as store
        from app.storage import entries, link
        from app.sync import reference, screening

        with self._place.database.reading() as connection:
            centre = store.linked(connection)
            if centre is None:
                return {}
            found = entries.beginning(connection, store.ITEM, reference.FILTER)
            wanted = {record["sha256"] for record in found.values() if record["in_use"]}
            for sha256 in wanted - self._read.keys():
                content = link.item(connection, sha256)
                if content is not None and hashlib.sha256(content).hexdigest() == sha256:
                    self._read[sha256] = screening.read(content, centre.sign_key)
        self._read = {sha256: one for sha256, one in self._read.items() if sha256 in wanted}
        return self._read
