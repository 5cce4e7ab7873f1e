"""The one row that says which installation this is, with its device key and its department."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, TextClause, text

from app.domain.errors import CheckFailed
from app.domain.text import N_, Text

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

_INSERT = text(
    "INSERT INTO desk (id, device, incarnation, device_public, device_seed, number, region, name_kk, name_ru, name_en)"
    " VALUES (1, :device, :incarnation, :device_public, :device_seed, :number, :region, :kk, :ru, :en)"
)
_SELECT = text("SELECT device, incarnation, device_public, device_seed FROM desk")
_SELECT_DEPARTMENT = text("SELECT number, region, name_kk, name_ru, name_en FROM desk")
_UPDATE_INCARNATION = text("UPDATE desk SET incarnation = :incarnation")
_UPDATE_DEPARTMENT = text(
    "UPDATE desk SET number = :number, region = :region, name_kk = :kk, name_ru = :ru, name_en = :en"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """`device` names the installation for good, `incarnation` one life of its log; the seed never leaves the file."""

    device: str
    incarnation: str
    device_public: bytes
    device_seed: bytes

    def __repr__(self) -> str:
        return f"Identity(device={self.device!r})"


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """Number, КАТО code of the region (9 digits), and the letterhead's name in three languages."""

    number: str
    region: str
    kk: str
    ru: str
    en: str


def found(work: "UnitOfWork", identity: Identity, department: DepartmentRow) -> None:
    """Write the row, once."""
    work.connection.execute(
        _INSERT,
        {
            "device": identity.device,
            "incarnation": identity.incarnation,
            "device_public": identity.device_public,
            "device_seed": identity.device_seed,
            **_params(department),
        },
    )


def identity(connection: Connection) -> Identity:
    """Who this installation is."""
    return Identity(*_only(connection, _SELECT))


def department(connection: Connection) -> DepartmentRow:
    """Which department works here."""
    return DepartmentRow(*_only(connection, _SELECT_DEPARTMENT))


def set_department(work: "UnitOfWork", changed: DepartmentRow) -> None:
    """Write the department's row."""
    work.connection.execute(_UPDATE_DEPARTMENT, _params(changed))


def begin_incarnation(work: "UnitOfWork", incarnation: str) -> None:
    """Another life of the log begins."""
    work.connection.execute(_UPDATE_INCARNATION, {"incarnation": incarnation})


def _only(connection: Connection, statement: TextClause) -> tuple[Any, ...]:
    row = connection.execute(statement).first()
    if row is None:
        raise CheckFailed(Text(N_("The database does not say which desk it is of: its row was deleted.")))
    return tuple(row)


def _params(row: DepartmentRow) -> dict[str, str]:
    return {"number": row.number, "region": row.region, "kk": row.kk, "ru": row.ru, "en": row.en}
