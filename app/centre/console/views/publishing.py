"""What holds now at laptops, and publishing: editions of the criteria, official tables, lists, letterheads, referrals.

Every check is `app.centre.publishing`'s: what a laptop would refuse is refused here, with a sentence.
"""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import Row, text
from starlette.responses import Response

from app.centre import audit
from app.centre.console import laptop_rows, lists, words
from app.centre.console.access import May
from app.centre.console.lists import Column, Listing
from app.centre.console.web import Asked, Page
from app.centre.publisher import Publisher
from app.domain.errors import UserError
from app.domain.text import N_, LocalText, Text, one_line

KINDS: Final = {
    "pack": N_("Criteria"), "classifier": N_("Official table"), "letterhead": N_("Letterhead"),
    "paper-keys": N_("Keys of papers"), "revocations": N_("Revocations"), "filter": N_("Screening filter"),
    "assignments": N_("Referrals"),
}  # fmt: skip
NAMES: Final = {
    "deceased": N_("the deceased"), "revoked": N_("revoked conclusions"), "examined": N_("already examined elsewhere"),
    "department": N_("name of the department"), "centre": N_("of the centre"),
    "assignments": N_("of medical organisations"),
}  # fmt: skip
_MOST_FILES: Final = 2_000
_MOST_UNPACKED: Final = 64 << 20
_NO_EDITION: Final = N_(
    "The file is no edition of the criteria: a ZIP file with pack.toml and the signed manifest is needed."
)


def _columns() -> list[Column[Row[Any]]]:
    return [
        Column("kind", Text(N_("What")), lambda one: Text(KINDS[one.kind]) if one.kind in KINDS else one.kind),
        Column("name", Text(N_("Name")), lambda one: Text(NAMES[one.name]) if one.name in NAMES else one.name),
        Column("version", Text(N_("Version")), lambda one: one.version, number=True),
        Column("issued", Text(N_("Published")), lambda one: words.moment_of(one.issued_at)),
        Column(
            "device", Text(N_("For")), lambda one: words.short(one.device) if one.device else Text(N_("all laptops"))
        ),
        Column("size", Text(N_("Size")), lambda one: words.size(one.size), number=True),
        Column("hash", Text(N_("Hash")), lambda one: one.sha256[:16]),
    ]


def _page(asked: Asked) -> Response:
    order = lists.order(asked.query, (), "kind")
    with asked.console.store.begin() as connection:
        found = connection.execute(
            text(
                "SELECT kind, name, device, version, sha256, issued_at, length(content) AS size FROM items"
                " WHERE current = 1 ORDER BY kind, name, device, issued_at LIMIT :limit OFFSET :offset"
            ),
            {"limit": order.limit, "offset": order.offset},
        ).all()
        total = connection.execute(text("SELECT count(*) FROM items WHERE current = 1")).scalar_one()
        head = connection.execute(
            text("SELECT version, issued_at FROM published ORDER BY version DESC LIMIT 1")
        ).first()
        laptops = [one for one in laptop_rows.laptops(connection) if one.revoked_at is None]
    t = asked.t
    listing = Listing(
        Text(N_("What holds now")), _columns(), found, int(total), order,
        Text(N_("Nothing is published yet. Laptops work by what they came with.")), csv=False,
    )  # fmt: skip
    return asked.page(
        "publishing.html", listing=listing, head=head, at=words.moment_of(head.issued_at) if head else None,
        laptops=[(one.device, f"{t.show(one.name)} ({words.short(one.device)})") for one in laptops],
        filters=[(name, t(NAMES[name])) for name in ("deceased", "revoked", "examined")],
    )  # fmt: skip


def _published(asked: Asked, what: Callable[[Publisher], object], subject: str, **told: object) -> Response:
    """Publish, write it down, show what holds now."""
    result = what(Publisher(asked.console.store, asked.console.keys))
    with asked.console.store.begin(write=True) as connection:
        after = {**told, "result": result} if isinstance(result, int | str) else told
        audit.write(connection, asked.now, asked.who.login, "reference.published", subject, after=after or None)
    return asked.go("/publishing", "published")


def _pack(asked: Asked) -> Response:
    with _unpacked(_file(asked)) as folder:

        def publish(publisher: Publisher) -> str:
            pack = publisher.pack(folder, asked.console.pack_keys)
            return f"{pack.id} {pack.version}"

        return _published(asked, publish, "pack")


def _classifier(asked: Asked) -> Response:
    with _stored(_file(asked)) as path:
        return _published(asked, lambda publisher: publisher.classifier(path), "classifier")


def _filter(asked: Asked) -> Response:
    kind = asked.given("kind")
    if kind == "examined":
        return _published(asked, lambda publisher: publisher.filter(kind), f"filter {kind}")
    with _stored(_file(asked)) as path:
        return _published(asked, lambda publisher: publisher.filter(kind, path), f"filter {kind}"[:40])


def _letterhead(asked: Asked) -> Response:
    device = asked.given("device")
    names = LocalText(*(one_line(asked.given(f"name_{code}")) for code in ("kk", "ru", "en")))
    number, region = one_line(asked.given("number")), one_line(asked.given("region"))
    return _published(
        asked, lambda publisher: publisher.letterhead(device, number, region, names), f"letterhead {device}",
        number=number, region=region,
    )  # fmt: skip


def _assignments(asked: Asked) -> Response:
    device = asked.given("device")
    with _stored(_file(asked)) as path:
        return _published(asked, lambda publisher: publisher.assignments(path, device), f"assignments {device}")


def _file(asked: Asked) -> tuple[str, bytes]:
    found = asked.files.get("file")
    if found is None or not found[1]:
        raise UserError(Text(N_("Choose a file.")), where="file")
    return found


@contextmanager
def _stored(given: tuple[str, bytes]) -> Iterator[Path]:
    """The file under a name of ours with its ending: what the sender calls it decides nothing."""
    with TemporaryDirectory(prefix="saraptama-") as folder:
        ending = PurePosixPath(given[0].replace("\\", "/")).suffix.lower()
        path = Path(folder) / f"file{ending if ending in ('.csv', '.json', '.txt', '.xlsx') else ''}"
        path.write_bytes(given[1])
        yield path


@contextmanager
def _unpacked(given: tuple[str, bytes]) -> Iterator[Path]:
    """The edition in a ZIP file, read as hostile: number and size of files are bounded, no name leads outside."""
    with TemporaryDirectory(prefix="saraptama-") as folder:
        root = Path(folder)
        try:
            with zipfile.ZipFile(BytesIO(given[1])) as archive:
                _unpack(archive, root)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
            raise UserError(Text(_NO_EDITION), where="file") from error
        # The files lie at the top, or in one folder, as people pack them.
        found = sorted(root.rglob("pack.toml"), key=lambda path: len(path.parts))
        if not found:
            raise UserError(Text(_NO_EDITION), where="file")
        yield found[0].parent


def _unpack(archive: zipfile.ZipFile, root: Path) -> None:
    listed = [one for one in archive.infolist() if not one.is_dir()]
    if len(listed) > _MOST_FILES:
        raise ValueError("too many files")
    left = _MOST_UNPACKED
    for one in listed:
        parts = PurePosixPath(one.filename.replace("\\", "/")).parts
        if not parts or one.filename.startswith("/") or any(part in ("..", ".") or ":" in part for part in parts):
            raise ValueError("a name that leads outside")
        target = root.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(one) as source, target.open("xb") as sink:
            # What the archive says of its sizes is not believed.
            while block := source.read(1 << 16):
                left -= len(block)
                if left < 0:
                    raise ValueError("too large")
                sink.write(block)


PAGES = (
    Page("GET", "/publishing", _page, May.LOOK),
    Page("POST", "/publishing/pack", _pack, May.PUBLISH, again=_page, upload=True),
    Page("POST", "/publishing/classifier", _classifier, May.PUBLISH, again=_page, upload=True),
    Page("POST", "/publishing/filter", _filter, May.PUBLISH, again=_page, upload=True),
    Page("POST", "/publishing/letterhead", _letterhead, May.PUBLISH, again=_page),
    Page("POST", "/publishing/assignments", _assignments, May.PUBLISH, again=_page, upload=True),
)
