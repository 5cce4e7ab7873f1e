"""`saraptama-centre export`: conclusions for other systems: FHIR bundles, statistics, the outbox."""

import sys
from argparse import Namespace
from pathlib import Path

from app.centre import fhir, outbox, statistics
from app.centre.configuration import from_environment
from app.centre.opening import centre, store_of
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Write what is asked for, print how much it was."""
    match args.what:
        case "fhir":
            return _fhir(args.folder, args.since or "", t)
        case "statistics":
            return _statistics(args.file, t)
        case "outbox":
            return _outbox(args.folder, t)
        case _:
            return _acknowledge(args.name, args.word)


def _fhir(folder: Path, since: str, t: Translator) -> int:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    count = 0
    with store_of(from_environment(), connections=1) as store, store.begin() as connection:
        for name, data in fhir.bundles(connection, since):
            (folder / name).write_bytes(data)
            count += 1
    print(t("Conclusions written: {n}", n=count))
    return 0


def _statistics(file: Path, t: Translator) -> int:
    if file.suffix not in (".csv", ".parquet"):
        raise UserError(Text(N_("Name a file that ends in .csv or .parquet: {path}"), {"path": str(file)}))
    with store_of(from_environment(), connections=1) as store, store.begin() as connection:
        if file.suffix == ".parquet":
            count = statistics.write_parquet(connection, file)
        else:
            file.write_bytes(statistics.as_csv(connection))
            count = sum(1 for _ in statistics.rows(connection))
    print(t("Conclusions written: {n}", n=count))
    return 0


def _outbox(folder: Path, t: Translator) -> int:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with centre(from_environment(), t, connections=1) as opened:
        while True:
            with opened.store.begin(write=True) as connection:
                if not outbox.fill(connection, opened.keys):
                    break
        with opened.store.begin() as connection:
            found = outbox.waiting(connection)
    for message in found:
        (folder / f"{message.name.replace('/', '-').replace('sha256:', '')}.json").write_bytes(message.message)
    print(t("Messages that nobody has acknowledged: {n}", n=len(found)))
    return 0


def _acknowledge(name: str, word: str) -> int:
    with store_of(from_environment(), connections=1) as store, store.begin(write=True) as connection:
        if not outbox.acknowledge(connection, name, word):
            raise UserError(Text(N_("There is no message {name}."), {"name": name}))
    print(name, file=sys.stdout)
    return 0
