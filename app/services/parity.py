"""A check on every set that is printed: a paper says the same in each of its languages."""

from collections import Counter

from app.services.views import Rendered


class Parity:
    """Takes papers in the order in which they go out. Of each paper only the first language is kept, until another
    paper comes: a session of any length needs no more memory than one case."""

    def __init__(self) -> None:
        self._of: tuple[str, str] | None = None
        self._first: tuple[str, Counter[str]] = "", Counter()

    def take(self, case_id: str, document: str, language: str, paper: Rendered) -> None:
        """CheckFailed where the paper says something else than it did in the language before; it must not go out."""
        from app.documents.forms.table import FORMS
        from app.documents.parity import require_same

        told = Counter(paper.told)
        if self._of != (case_id, document):
            self._of, self._first = (case_id, document), (language, told)
            return
        form = FORMS.get(document)
        require_same(form.words if form else document, (self._first[0], language), (self._first[1], told))
