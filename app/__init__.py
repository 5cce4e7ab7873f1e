"""Saraptama (сараптама): the desk of a medico-social expertise commission. No Qt in this package, ever."""

__version__ = "0.1.0"
