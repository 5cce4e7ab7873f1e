"""An edition as it stands on one day, for cases of other days: what would the law of that day give them?

A rehearsal keeps each case as it was, with its day, ages and papers, and changes the law alone. A value of a parameter
that holds on the day then holds always, and the records of the day are the only ones.
"""

from dataclasses import replace
from datetime import date

from app.domain.errors import UserError
from app.rules.model import Pack, Parameter, Value


def standing_on(pack: Pack, day: date) -> Pack:
    """The edition with the records and values of `day` for every day. For rehearsals, never for decisions.

    A parameter without a value on that day keeps its dates: asked for it, the engine says so, as it does now.
    """
    found = pack.on(day)
    parameters = {name: _settled(parameter, day) for name, parameter in found.parameters.items()}
    return replace(found, parameters=parameters, slices=(), compiled={})


def _settled(parameter: Parameter, day: date) -> Parameter:
    try:
        return replace(parameter, values=(Value(None, None, parameter.on(day)),))
    except UserError:
        return parameter
