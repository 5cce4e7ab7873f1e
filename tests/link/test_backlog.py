"""Months without a network: ten thousand records go over a line that cuts, doubles and reorders, each once."""

import time
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from app.services.desk import Desk
from app.services.link_views import Place
from app.storage.chain import EVENTS
from tests import factories
from tests.link import real_centre
from tests.link.proxy import Network

RECORDS: Final = 10_000


def test_a_long_backlog_arrives_once_over_a_line_that_cuts(full_desk: Desk, tmp_path: Path) -> None:
    desk = full_desk
    cases = [factories.signed_case(desk, {"referral.number": f"{at}/26"}).id for at in range(3)]
    with desk._place.begin() as work:
        before = EVENTS.head(work.connection).seq
        for at in range(RECORDS):
            told = {"number": str(at), "words": "ұзақ " * (at % 90)}
            work.audit("department.changed", old=None, new=told)
            work.emit("department.changed", {"department": told})
        work.commit()
    cases += [factories.signed_case(desk, {"referral.number": f"9{at}/26"}).id for at in range(3)]
    with (
        real_centre.centre(tmp_path) as centre,
        Network(urlsplit(centre.url).port or 0, chance=0.5, seed=10_000) as network,
    ):
        desk.link.enrol(centre.invitation(f"http://127.0.0.1:{network.port}"))
        begin, exchanges = time.monotonic(), 0
        while desk.link.status().counts[Place.WAITING]:
            desk.link.exchange()
            exchanges += 1
            assert exchanges < 400
        seconds = time.monotonic() - begin
        with desk._place.database.reading() as connection:
            ours = [bytes(record) for _, _, record in EVENTS.after(connection, 0, 1_000_000)]
        with centre.store.begin() as connection:
            theirs = [bytes(row[0]) for row in connection.exec_driver_sql("SELECT record FROM events ORDER BY seq")]
        assert ours == theirs
        assert len(ours) > before + RECORDS
        centre.interpret()
        desk.link.exchange()
        places = {case.case_id: case.place for case in desk.link.cases()}
        assert {places[case] for case in cases} <= {Place.APPLIED, Place.RECEIVED}
    assert sum(network.met.values()) > 0
    print(f"{len(ours)} records in {exchanges} exchanges, {seconds:.1f} s, met {dict(network.met)}")
