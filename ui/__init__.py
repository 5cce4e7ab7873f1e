"""The window: PySide6 lives here and nowhere else."""

import sys

PRODUCT = "Saraptama"
"""The name of the program, in every language."""


def _keep_singletons_alive() -> None:
    """Make None, True and False outlive PySide6 on Python 3.11.

    PySide6 6.12 is built with the headers of Python 3.12, where these objects are immortal: each of its functions that
    returns one of them takes a reference without counting it. On 3.11 (Debian 12's own) the count runs out after some
    ten thousand calls and the interpreter aborts ("deallocating None"). Counting them up beforehand is what 3.12 does.
    """
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 12) or hasattr(sys, "getobjects"):
        return
    import ctypes

    plenty = 1 << (8 * ctypes.sizeof(ctypes.c_ssize_t) - 4)
    for single in (None, True, False, NotImplemented, Ellipsis):
        count = ctypes.c_ssize_t.from_address(id(single))
        if count.value < plenty // 2:
            count.value += plenty


_keep_singletons_alive()
