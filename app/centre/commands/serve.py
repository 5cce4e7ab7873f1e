"""`saraptama-centre serve`: listen to laptops until told to stop."""

import os
import sys
import tempfile
from argparse import Namespace
from typing import Any

from app.centre import working
from app.centre.configuration import Settings, from_environment
from app.centre.opening import Centre, centre
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.i18n import Translator, translator

_GRACE = 30
"""seconds that requests get to end when the centre is told to stop"""
_SWITCH = 0.0005
"""seconds after which a thread that opens a batch lets the one that answers go on; Python's own ten times as long is
what each answer would wait for at each of its steps"""


def run(_args: Namespace, t: Translator) -> int:
    """Serve; with several workers each opens the keys by the passphrase file."""
    import uvicorn

    settings = from_environment()
    with centre(settings, t, connections=8) as opened:
        print(t("The centre {id} listens at {host}, port {port}.", id=opened.keys.id, host=settings.host,
                port=settings.port), flush=True)  # fmt: skip
        if settings.workers == 1:
            with working.beside(settings.database, prepared=not settings.pooler):
                listen(opened)
            return 0
    if settings.passphrase_file is None:
        raise UserError(Text(N_("Several workers need the passphrase from a file: SARAPTAMA_CENTRE_PASSPHRASE_FILE.")))
    with tempfile.TemporaryDirectory(prefix="saraptama-centre-") as counts:
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", counts)
        served = "app.centre.commands.serve:worker"
        with working.beside(settings.database, prepared=not settings.pooler):
            uvicorn.run(served, factory=True, workers=settings.workers, **_options(settings))
    return 0


def listen(opened: Centre) -> None:
    """Serve from this process until it is told to stop."""
    import uvicorn

    from app.centre import telling
    from app.centre.console import application
    from app.centre.http import Door

    telling.to_stream()
    sys.setswitchinterval(_SWITCH)
    settings = opened.settings
    pages = application.served(settings, opened.store, opened.keys)
    door = Door(opened.store, opened.keys, rate=settings.rate, metrics_from=settings.metrics_from, console=pages)
    uvicorn.run(door.application(), **_options(settings))


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host, "port": settings.port, "log_config": None, "access_log": False, "server_header": False,
        "timeout_graceful_shutdown": _GRACE, "proxy_headers": bool(settings.proxies),
        "forwarded_allow_ips": list(settings.proxies), "timeout_keep_alive": 30, "limit_concurrency": 2000,
        "backlog": 512,
    }  # fmt: skip


def worker() -> object:
    """The application of one worker among several; it lives as long as the worker's process."""
    from app.centre import keys as keyring
    from app.centre import telling
    from app.centre.console import application
    from app.centre.http import Door
    from app.centre.opening import passphrase
    from app.centre.store import Store

    telling.to_stream()
    sys.setswitchinterval(_SWITCH)
    settings = from_environment()
    opened = keyring.read(settings.keys, passphrase(settings, translator("en")))
    place = Store(settings.database, prepared=not settings.pooler)
    pages = application.served(settings, place, opened)
    door = Door(place, opened, rate=settings.rate, metrics_from=settings.metrics_from, console=pages)
    return door.application()
