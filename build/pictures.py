"""The README's pictures, of the real window over a desk of invented people: `python build/pictures.py`.

Needs no screen. Everything shown is made on the spot through the services, in a folder that is removed afterwards.
"""

import secrets
import sys
import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import bootstrap  # noqa: E402 - the tree's own modules come after its path
from app.commands.demo import decision  # noqa: E402
from app.domain.case_file import put, read_case_path  # noqa: E402
from app.domain.text import LANGUAGES  # noqa: E402
from app.services import setup  # noqa: E402
from app.services.access import Access  # noqa: E402
from app.services.views import Department, MemberSignature  # noqa: E402
from ui.main_window import MainWindow  # noqa: E402
from ui.pictures import go_to, open_window, serve_until, settle  # noqa: E402
from ui.screens.conclusion import ConclusionPanel  # noqa: E402

REGION = "710000000"
OUT = ROOT / "docs" / "pictures"


def main() -> None:
    """Make the desk, sign one case, take the pictures."""
    cases = sorted((ROOT / "tests" / "cases").glob("*.case.json"))
    documents = [put(read_case_path(path), "decision", None) for path in cases]
    first = documents[0]
    members = [member["name"] for member in first["examination"]["commission"]]
    passphrases = {f"member{at}": secrets.token_urlsafe(18) for at in range(len(members))}
    logins = list(passphrases)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        access = Access(Path(place) / "desk")
        names = setup.department_names("2", REGION, bootstrap.clock().today())
        access.create(
            department=Department("2", REGION, names),
            login=logins[0],
            name=members[0],
            passphrase=passphrases[logins[0]],
            language="kk",
        )
        desk = access.sign_in(logins[0], passphrases[logins[0]])
        for login, name in list(zip(logins, members, strict=True))[1:]:
            desk.users.add(login, name, passphrases[login])
        ids = [case.id for case in desk.examinations.import_cases(tuple(documents[1:]))]
        shown = desk.examinations.import_case(first).id
        signed = desk.examinations.import_case(first)
        desk.conclusions.decide(signed.id, decision(desk.conclusions.draft(signed.document), signed.document))
        signatures = [MemberSignature(at, login, passphrases[login]) for at, login in enumerate(logins)]
        desk.conclusions.sign(signed.id, signatures)
        desk.close()
        window = open_window(access, logins[0], passphrases[logins[0]])
        take(window, "cases", ("ru",))
        go_to(window, shown, "functions")
        take(window, "functions", ("kk",))
        go_to(window, shown, "proposal")
        take(window, "proposal", LANGUAGES)
        go_to(window, ids[4], "proposal")
        take(window, "not-enough", ("ru",))
        go_to(window, signed.id, "conclusion")
        take(window, "conclusion", ("kk",))
        window.close()


def take(window: MainWindow, name: str, languages: tuple[str, ...]) -> None:
    """What the window shows now, in each of the languages; a preview is waited for and shows that language's paper."""
    for language in languages:
        window.language.set(language)
        settle(window)
        panel = window.findChild(ConclusionPanel)
        if panel is not None and panel.isVisible():
            panel.choices[language].click()
            settle(window)
            serve_until(partial(has_ink, panel.previews[language].view.viewport()))
        if not window.grab().save(str(OUT / f"{name}-{language}.png")):
            raise OSError(name)


def has_ink(view: QWidget) -> bool:
    """Whether the page in a preview has been drawn: Qt does that on a thread of its own."""
    image = view.grab().toImage().scaled(64, 64)
    return any(image.pixelColor(x, y).lightness() < 250 for x in range(8, 56) for y in range(8, 56))


if __name__ == "__main__":
    main()
