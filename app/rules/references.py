"""What records of a pack refer to: parameters as age borders or numbers, and what nobody refers to at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.text import N_
from app.rules.model import Ages, Parameter
from app.rules.source import Table, names_known, refuse


@dataclass
class Used:
    """What records refer to: what nobody refers to is refused."""

    parameters: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    measures: set[str] = field(default_factory=set)

    @staticmethod
    def refuse_idle(kind: str, known: Mapping[str, object], used: set[str]) -> None:
        """Refuse a group or measure that nothing uses."""
        for name in known:
            if name not in used:
                raise refuse("decisions.toml", f"{kind} {name}", N_("nothing uses it. Take it out."))


def border(record: Table, key: str, parameters: Mapping[str, Parameter], used: Used) -> str | None:
    """The parameter in years that a key names; None where it is absent. UserError as `parameter`."""
    name = record.take(key, str, None)
    if name is None:
        return None
    return parameter(record, name, "years", parameters, used)


def parameter(record: Table, name: object, unit: str, parameters: Mapping[str, Parameter], used: Used) -> str:
    """The name of a parameter, which is then used; UserError where there is none of that name in that unit."""
    if name not in parameters or parameters[str(name)].unit != unit:
        raise record.refuse(
            N_(
                "“{name}” is no parameter in {unit}. Add it to parameters.toml or correct the name. Known are: {known}."
            ),
            name=name,
            unit=unit,
            known=names_known(name, (one.id for one in parameters.values() if one.unit == unit)),
        )
    used.parameters.add(str(name))
    return str(name)


def switch_of(record: Table, parameters: Mapping[str, Parameter], used: Used) -> str | None:
    """The parameter that switches a record on and off, if it names one."""
    name = record.take("switch", str, None)
    return None if name is None else parameter(record, name, "switch", parameters, used)


def ages_of(record: Table, parameters: Mapping[str, Parameter], used: Used) -> Ages:
    """The ages of a record by its keys `from` and `below`; UserError where no age lies between them."""
    found = Ages(border(record, "from", parameters, used), border(record, "below", parameters, used))
    if found.first and found.below and _newest(parameters, found.first) >= _newest(parameters, found.below):
        raise record.refuse(N_("no age lies between “from” and “below”. Correct them."))
    return found


def _newest(parameters: Mapping[str, Parameter], name: str) -> int:
    value: int = parameters[name].values[-1].value
    return value
