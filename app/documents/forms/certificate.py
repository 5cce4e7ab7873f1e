"""The disability certificate (мүгедектік туралы анықтама, справка об инвалидности): A5, on a numbered blank."""

from app.documents.forms.kit import Paper, basis, decided, head, lines, person, small_closing
from app.documents.platypus import Flowable


def story(paper: Paper) -> list[Flowable]:
    """Person, outcome with cause and period, what it rests on, recommendations on work or a line for them, the head's
    line."""
    label, advice = paper.label("work_advice"), paper.decision.work_advice
    advised = paper.set.fields([[(label, advice)]]) if advice else lines(paper, (label,))
    return [
        *head(paper),
        *person(paper),
        *decided(paper, capacities=()),
        *small_closing(paper, *basis(paper, given=True), *advised),
    ]
