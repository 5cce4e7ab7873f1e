"""The recovery sheet: the one page that opens a desk when a passphrase is forgotten. It is printed, not stored."""

from app.documents.conclusion import Department
from app.documents.layout import Setter, box
from app.documents.platypus import Flowable, Spacer
from app.documents.sheet import Sheet, build
from app.documents.wording import wording

_GROUPS_IN_LINE = 3


def render_recovery_sheet(
    *, login: str, name: str, department: Department, code: str, language: str, sample: bool = False
) -> bytes:
    """One A4 page with the code in large groups; `code` is written in groups parted by dashes.

    The same arguments give the same bytes. The title of the PDF names neither the person nor the login.
    """
    words, setter = wording("recovery", language), Setter()

    def label(key: str) -> str:
        return words("label", key)

    groups = code.split("-")
    lines = [" – ".join(groups[at : at + _GROUPS_IN_LINE]) for at in range(0, len(groups), _GROUPS_IN_LINE)]
    story: list[Flowable] = [
        setter.text(words("form", "title"), "title"),
        Spacer(0, 10),
        setter.text(words("text", "what")),
        Spacer(0, 8),
        *setter.fields(
            [
                [(label("name"), name), (label("login"), login)],
                [(label("department"), department.names.of(language))],
            ]
        ),
        Spacer(0, 14),
        box([setter.text(label("code"), "label"), Spacer(0, 6), *(setter.text(line, "code") for line in lines)]),
        Spacer(0, 14),
    ]
    for section in ("keep", "use"):
        story += setter.heading(words("section", section))
        for number, step in enumerate(words.steps(section), start=1):
            story += [setter.text(f"{number}. {step}"), Spacer(0, 3)]
    lines_to_fill = [[(label("printed"), "\u00a0"), (label("sealed"), "\u00a0")]]
    story += [Spacer(0, 18), *setter.fields(lines_to_fill, name="blank")]
    title = words("form", "title")
    sheet = Sheet(
        title=title,
        author=department.names.of(language),
        language=language,
        running=title,
        foot=words("form", "foot"),
        page=words("form", "page"),
        mark=None,
        sample=sample,
    )
    return build(story, sheet, setter)
