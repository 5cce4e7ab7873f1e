"""Templates and what they may call. Everything is escaped; a name that isn't there is a defect and says so."""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app import paths
from app.centre.console import lists, words
from app.i18n import Translator

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

FOLDER: Final = Path(__file__).resolve().parent
TEMPLATES: Final = FOLDER / "templates"


@lru_cache(maxsize=1)
def environment() -> "Environment":
    """Jinja2 over our templates."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters |= {"short": words.short, "size": words.size}
    made.tests |= {
        "link": lambda value: isinstance(value, lists.Link),
        "badge": lambda value: isinstance(value, lists.Badge),
        "ago": lambda value: isinstance(value, lists.Ago),
    }
    made.globals["icon"] = icon
    return made


def render(name: str, t: Translator, values: dict[str, Any]) -> str:
    """A page in one language."""

    def show(value: object) -> str:
        return lists.plain(t, value) if isinstance(value, datetime | date | type(None)) else t.show(value)

    return (
        environment()
        .get_template(name)
        .render(
            {
                "t": t,
                "plural": t.plural,
                "show": show,
                "moment": words.moment_of,
                "age": lambda seconds: words.age(t, seconds),
                "lang": t.language,
            }
            | values
        )
    )


@lru_cache(maxsize=64)
def icon(name: str) -> "Markup":
    """A drawing of `resources/icons` for the page itself; says nothing to a screen reader, words stand beside it."""
    from markupsafe import Markup

    drawing = paths.resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    inner = drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.index("</svg>")]
    return Markup(  # noqa: S704 - our own file
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none" stroke="currentColor"'
        f' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{inner}</svg>'
    )
