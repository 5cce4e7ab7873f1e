"""The slip of an exchange as PDF, with what the desk signs of it in its code."""

import hashlib
from typing import TYPE_CHECKING

from app.crypto.signing import fingerprint
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services import link_log, link_status
from app.services import link_store as store
from app.services.link_views import Exchange
from app.services.views import Rendered
from app.services.workplace import Workplace
from app.storage import entries, installation
from app.storage.unit_of_work import read_time
from app.sync import told

if TYPE_CHECKING:
    from sqlalchemy import Connection


def render(place: Workplace, exchange: Exchange | None, language: str) -> Rendered:
    """UserError where there is no such exchange."""
    from app.documents import SLIP
    from app.documents.slip import Slip, render_slip
    from app.documents.witness import Facts, Witness
    from app.i18n import translator

    if exchange is None:
        raise UserError(Text(N_("There is no such exchange on this desk. Open the list of exchanges anew.")))
    t = translator(language)
    with place.database.reading() as connection:
        who, row = installation.identity(connection), installation.department(connection)
        centre = store.require_linked(connection)
        receipt = _receipt(connection, exchange)
    names = {"kk": row.kk, "ru": row.ru, "en": row.en}
    ours, on = exchange.ours, exchange.ended_at
    facts = Facts(
        document=SLIP,
        number=exchange.id,
        digest=bytes.fromhex(str(ours["head_hash"])),
        # Not the hash of an event: what becomes of a case later undoes no exchange.
        head=(int(ours["head_seq"]), hashlib.sha256(receipt or exchange.id.encode()).digest()[:16]),
        region=row.region,
        department=row.number,
        on=on.date(),
        sample=place.is_training(),
    )
    pdf = render_slip(
        Slip(
            number=exchange.id,
            department=names[language],
            centre=centre.name.of(language),
            laptop=link_log.shown(who.device),
            file=exchange.path.name if exchange.path else "",
            by=exchange.by,
            began=exchange.started_at,
            ended=on,
            ours=ours,
            theirs=exchange.theirs,
            heard=bool(exchange.theirs.get("heard")),
            receipt_time=read_time(told.read_receipt(receipt, centre.sign_key).server_time) if receipt else None,
            receipt=fingerprint(receipt) if receipt else "",
            stopped=t.show(exchange.stopped) if exchange.stopped else "",
            remarks=[t.show(text) for text in exchange.remarks],
            witness=Witness(who.device_seed, facts),
            language=language,
            sample=place.is_training(),
        )
    )
    digest = f"sha256:{hashlib.sha256(pdf).hexdigest()}"
    return Rendered(pdf, digest, draft=False, file_name=f"{SLIP}-{exchange.id}-{language}.pdf")


def find(place: Workplace, exchange_id: str, newest: Exchange | None) -> Exchange | None:
    """An exchange by its id: of those that were kept, or the one just now."""
    if newest is not None and newest.id == exchange_id:
        return newest
    with place.database.reading() as connection:
        record = entries.find(connection, store.EXCHANGE, exchange_id)
    return link_status.exchange_of(exchange_id, record) if record else None


def _receipt(connection: "Connection", exchange: Exchange) -> bytes | None:
    """The receipt that an exchange tells of, as the centre signed it."""
    ending = f"/{int(exchange.theirs['head_seq']):012}" if exchange.theirs else None
    found = entries.of_kind(connection, store.RECEIPT) if ending else {}
    return next((str(one["told"]).encode() for named, one in found.items() if named.endswith(ending or "")), None)
