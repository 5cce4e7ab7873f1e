"""Phrases that are used again and again (snippets), one's own and the department's."""

from dataclasses import asdict, dataclass
from typing import Final

from app.domain.case_fields import Words, tidy
from app.domain.errors import UserError
from app.domain.observations import Section, Specialist
from app.domain.text import LANGUAGES, N_, Text
from app.domain.typed import LONGEST_TEXT, line
from app.services.workplace import Workplace

KIND: Final = "snippet"
_TEXT: Final = Words(longest=LONGEST_TEXT, lines=True)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A phrase: for whose section it is (empty: for all), its language, its short name and its text. `owner` is the id
    of the user whose own it is; None is the department's."""

    id: str
    name: str
    text: str
    language: str
    specialist: str = ""
    section: str = ""
    owner: str | None = None

    def fits(self, specialist: str, section: str) -> bool:
        """Whether it is offered in that section of that specialist."""
        return self.specialist in ("", specialist) and self.section in ("", section)


class SnippetService:
    """The phrases of the signed-in user and of the department."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def all(self) -> tuple[Snippet, ...]:
        """Own and the department's, by name."""
        from app.storage import entries

        with self._place.database.reading() as connection:
            found = entries.of_kind(connection, KIND)
        mine = (None, self._place.user.id)
        read = (Snippet(id=key, **record) for key, record in found.items() if record.get("owner") in mine)
        return tuple(sorted(read, key=lambda snippet: (snippet.name.casefold(), snippet.id)))

    def keep(
        self,
        name: str,
        text: str,
        *,
        language: str,
        specialist: str = "",
        section: str = "",
        shared: bool = False,
        identity: str | None = None,
    ) -> Snippet:
        """A new phrase, or (`identity`) another content of one. UserError (`where` is `name` or `text`) where it has
        no name or no text, or another one that the user sees bears its name."""
        from app.services.founding import new_id
        from app.storage import entries

        if language not in LANGUAGES or specialist not in ("", *Specialist) or section not in ("", *Section):
            raise ValueError((language, specialist, section))
        called = line(name, where="name")
        if not called:
            raise UserError(Text(N_("A short name is needed: it is what is typed after “/”.")), where="name")
        written = tidy(text)
        if not isinstance(written, str):
            raise UserError(Text(N_("The phrase has no words yet. Write what is to be put in.")), where="text")
        _TEXT.check(written, "text")
        for other in self.all():
            if other.id != identity and other.name.casefold() == called.casefold() and other.language == language:
                sentence = N_("There is a phrase “{name}” already. Choose another short name, or change that one.")
                raise UserError(Text(sentence, {"name": other.name}), where="name")
        owner = None if shared else self._place.user.id
        kept = Snippet(identity or new_id(), called, written, language, specialist, section, owner)
        record = {key: value for key, value in asdict(kept).items() if key != "id"}
        with self._place.begin() as work:
            if entries.put(work, KIND, kept.id, record, screen="observations"):
                work.commit()
        return kept

    def remove(self, identity: str) -> None:
        """Take a phrase away; texts that it was put into stay, and keep its name as where they came from."""
        from app.storage import entries

        with self._place.begin() as work:
            if entries.put(work, KIND, identity, None, screen="observations"):
                work.commit()
