"""What specialists see: kept as typed, with who, when and where it came from; nothing of it slows saving down."""

from typing import Any

import pytest

from app.domain.case_file import get
from app.domain.errors import UserError
from app.domain.observations import Section, Specialist, path_of
from app.domain.vocabulary import CorrectionKind
from app.services.changes import Change, Track
from app.services.desk import Desk
from app.services.origins import share
from tests import factories
from tests.factories import FakeClock, case_document, decided_case

COMPLAINTS = path_of(Specialist.NEUROLOGIST, Section.COMPLAINTS)
ORIGINS = "dossier.origins.observations.neurologist.complaints"
TEXT = (
    "Шағымдары: оң қол мен аяқтың әлсіздігі, сөйлеудің қиындауы, жүргенде тайқу, бас айналу, ұйқының бұзылуы. "
    "Таяққа сүйеніп жүреді, киінгенде және жуынғанда көмек керек, үйден жалғыз шықпайды, баспалдақпен көтеріле алмайды."
)


def audit_of(desk: Desk, case_id: str) -> list[dict[str, Any]]:
    from app.storage.chain import AUDIT

    with desk._place.database.reading() as connection:
        return AUDIT.changes_of(connection, case_id)


def test_every_section_of_every_specialist_takes_a_long_text(desk: Desk) -> None:
    view = desk.examinations.create()
    longest = ("Көру өткірлігі төмен.\n" * 1000)[:20_000].strip()
    for who in Specialist:
        for section in Section:
            view = desk.examinations.set_field(view.id, path_of(who, section), longest, screen="observations")
    assert desk.examinations.open(view.id).document["dossier"]["observations"]["surgeon"]["history"] == longest
    with pytest.raises(UserError, match="the text is longer"):
        desk.examinations.set_field(view.id, COMPLAINTS, longest + "ab" * 100)
    assert desk.integrity.verify().ok


def test_typing_on_in_a_long_text_costs_the_audit_trail_what_was_typed(desk: Desk, clock: FakeClock) -> None:
    view = desk.examinations.create()
    texts = [TEXT * 5 + TEXT[:at] for at in (0, 20, 60, 100)]
    for text in texts:
        desk.examinations.set_field(view.id, COMPLAINTS, text, screen="observations")
    rows = [r for r in audit_of(desk, view.id) if r["path"] == COMPLAINTS]
    assert [row["action"] for row in rows] == ["field", "text", "text", "text"]
    assert rows[-1]["new"]["text"].strip() == TEXT[60:100].strip()
    assert desk.examinations.open(view.id).document["dossier"]["observations"]["neurologist"]["complaints"] == texts[-1]
    (change,) = desk.examinations.history(view.id, COMPLAINTS)
    assert (change.old, change.new, change.saves) == (None, texts[-1], 4), "one stretch of typing is one change"
    clock.jump(minutes=10)
    clock.running += 600
    desk.examinations.set_field(view.id, COMPLAINTS, TEXT, screen="observations")
    assert [c.new for c in desk.examinations.history(view.id, COMPLAINTS)] == [TEXT, texts[-1]]
    assert desk.integrity.verify().ok


def test_the_history_of_a_field_says_who_when_where_and_from_what_to_what(full_desk: Desk, data_dir: Any) -> None:
    desk = full_desk
    view = desk.examinations.import_case(case_document())
    desk.examinations.set_field(view.id, "person.sex", "female", screen="person")
    desk.examinations.set_field(view.id, "person.sex", "male", screen="decision", reason="undo")
    desk.examinations.set_field(view.id, "previous", {"on": "2025-01-02", "outcome": "group_3"}, screen="examination")
    desk.close()
    other = factories.make_access(data_dir).sign_in(factories.FIRST, factories.passphrase_of(factories.FIRST))
    other.examinations.set_field(view.id, "previous.on", "2025-01-03", screen="examination")
    told = [(c.actor, c.action, c.screen, c.old, c.new) for c in other.examinations.history(view.id, "person.sex")]
    head, first = factories.NAMES[factories.HEAD], factories.NAMES[factories.FIRST]
    assert told == [
        (head, "undo", "decision", "female", "male"),
        (head, "field", "person", "male", "female"),
        (head, "begun", "", None, "male"),
    ]
    told = [(c.actor, c.old, c.new) for c in other.examinations.history(view.id, "previous.on")]
    assert told == [(first, "2025-01-02", "2025-01-03"), (head, None, "2025-01-02")]
    assert other.examinations.history(view.id, "person.patronymic")[0].new == "Өмірқұлұлы"
    assert other.examinations.history(view.id, "cause.paper.number") == ()
    assert other.integrity.verify().ok
    other.close()


def test_a_history_is_found_by_an_index(desk: Desk) -> None:
    from app.storage.chain import AUDIT

    with desk._place.database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {AUDIT._case}", ("x",)).all()
    assert "audit_of_cases" in str(plan)


@pytest.mark.parametrize(
    ("text", "source", "percent"),
    [
        (TEXT, TEXT, 100),
        (TEXT, TEXT.upper().replace(",", " –"), 100),
        (TEXT, "Мүлде басқа мәтін, онда бір де бір ортақ сөз тіркесі жоқ.", 0),
        ("", TEXT, 0),
        ("бас айналу", "Шағымдары: бас айналу, әлсіздік", 100),
    ],
)
def test_the_share_counts_words_that_stand_there_in_runs(text: str, source: str, percent: int) -> None:
    assert share(text, source) == percent


def test_half_of_a_text_from_elsewhere_is_half() -> None:
    own = "Жаңадан жазылған, басқа ешқандай істе жоқ сөйлемдер тізбегі, оны дәрігер өз қолымен осы жерде терді."
    assert 60 <= share(TEXT + own, TEXT) <= 75


def test_a_text_that_stands_in_another_persons_case_is_told_and_kept(desk: Desk) -> None:
    first, second = desk.examinations.create(), desk.examinations.create()
    desk.examinations.set_field(first.id, COMPLAINTS, TEXT)
    assert desk.origins.trace(first.id, COMPLAINTS) is None, "a case is not compared with itself"
    desk.examinations.set_field(second.id, COMPLAINTS, TEXT + " Осы адамға тән жаңа сөздер.")
    found = desk.origins.trace(second.id, COMPLAINTS)
    assert found is not None
    assert found[0] == ORIGINS
    assert found[1] is not None
    (origin,) = found[1]
    assert (origin["kind"], origin["id"], origin["name"]) == ("case", first.id, first.number)
    assert 80 <= origin["share"] < 100
    assert get(desk.examinations.open(second.id).document, ORIGINS) == [origin]
    assert desk.origins.trace(second.id, COMPLAINTS) is None, "the same again is not written again"
    desk.examinations.set_field(second.id, COMPLAINTS, "Басқаша. " * 40)
    assert desk.origins.trace(second.id, COMPLAINTS) == (ORIGINS, None)
    assert desk.integrity.verify().ok


def test_a_later_case_of_the_same_person_and_short_texts_are_no_copies(desk: Desk) -> None:
    signed = factories.signed_case(factories.with_commission(desk))
    case = desk.examinations.correct(signed.id, CorrectionKind.SLIP, "typed wrong")
    desk.examinations.set_field(case.id, COMPLAINTS, TEXT)
    again, other = desk.examinations.create(), desk.examinations.create()
    desk.examinations.set_field(again.id, COMPLAINTS, "Шағымы жоқ.")
    desk.examinations.set_field(other.id, COMPLAINTS, "Шағымы жоқ.")
    assert desk.origins.trace(other.id, COMPLAINTS) is None
    with desk._place.begin() as work:
        from app.storage import cases

        cases.set_placed(work, other.id, "person_id", case.person_id)
        work.commit()
    desk.examinations.set_field(other.id, COMPLAINTS, TEXT)
    assert desk.origins.trace(other.id, COMPLAINTS) is None


def test_a_phrase_put_in_is_kept_with_the_share_that_is_still_verbatim(desk: Desk) -> None:
    phrase = desk.snippets.keep("инсульт", TEXT[:105], language="kk", specialist="neurologist")
    view = desk.examinations.create()
    desk.examinations.set_field(view.id, COMPLAINTS, TEXT)
    found = desk.origins.trace(view.id, COMPLAINTS, [phrase.id])
    assert found is not None
    assert found[1] is not None
    assert (found[1][0]["kind"], found[1][0]["name"]) == ("snippet", "инсульт")
    assert 40 < found[1][0]["share"] < 60
    desk.snippets.remove(phrase.id)
    assert desk.origins.trace(view.id, COMPLAINTS) is None, "a phrase that is gone stays told"
    desk.examinations.set_field(view.id, COMPLAINTS, None)
    assert desk.origins.trace(view.id, COMPLAINTS) == (ORIGINS, None)


def test_origins_are_not_written_into_a_case_that_takes_no_changes(full_desk: Desk) -> None:
    first = full_desk.examinations.create()
    full_desk.examinations.set_field(first.id, COMPLAINTS, TEXT)
    view = full_desk.examinations.import_case(case_document())
    full_desk.examinations.set_field(view.id, COMPLAINTS, TEXT)
    full_desk.conclusions.decide(view.id, factories.DECISION)
    assert full_desk.origins.trace(view.id, COMPLAINTS) is None


def test_phrases_are_ones_own_or_the_departments(full_desk: Desk, data_dir: Any) -> None:
    mine = full_desk.snippets.keep("  бас   айналу ", " Бас айналады. ", language="kk")
    ours = full_desk.snippets.keep("сознание", "В сознании.", language="ru", section="objective", shared=True)
    assert (mine.name, mine.text) == ("бас айналу", "Бас айналады.")
    assert full_desk.snippets.all() == (mine, ours)
    assert mine.fits("surgeon", "complaints")
    assert not ours.fits("surgeon", "complaints")
    with pytest.raises(UserError, match="already") as refused:
        full_desk.snippets.keep("БАС АЙНАЛУ", "x", language="kk")
    assert refused.value.where == "name"
    for name, text, where in (("", "x", "name"), ("x", " \n ", "text"), ("x", "a\x00", None)):
        with pytest.raises(UserError) as refused:
            full_desk.snippets.keep(name, text, language="kk")
        assert where is None or refused.value.where == where
    changed = full_desk.snippets.keep("бас", "Басы айналады.", language="kk", identity=mine.id)
    assert changed in full_desk.snippets.all()
    full_desk.close()
    other = factories.make_access(data_dir).sign_in(factories.FIRST, factories.passphrase_of(factories.FIRST))
    assert other.snippets.all() == (ours,)
    other.snippets.remove(ours.id)
    assert other.snippets.all() == ()
    assert other.integrity.verify().ok
    other.close()


def test_taking_back_goes_step_by_step_and_passes_by_what_was_written_over() -> None:
    track, held = Track(), {"a": 2, "b": "xyz"}
    track.add(Change("a", None, 1))
    track.add(Change("a", 1, 2))
    for old, new in (("", "x"), ("x", "xy"), ("xy", "xyz")):
        track.add(Change("b", old, new, visit=7))
    change = track.undo(held.get)
    assert change is not None
    assert (change.path, change.old) == ("b", ""), "one stay in a field is one change"
    held["b"] = ""
    again = track.redo(held.get)
    assert again is not None
    assert again.new == "xyz"
    pass
    held["a"] = 5
    assert track.undo(held.get) is None, "somebody wrote another value since"


def test_a_new_change_ends_doing_again() -> None:
    track, held = Track(), {"a": 1}
    track.add(Change("a", None, 1))
    assert track.undo(held.get) is not None
    track.add(Change("a", None, 3))
    assert track.redo(held.get) is None


def test_a_change_taken_back_is_audited_as_such_and_replayed(desk: Desk) -> None:
    view = decided_case(factories.with_commission(desk))
    desk.conclusions.reopen(view.id)
    desk.examinations.set_field(view.id, "person.surname", "Ахметов")
    desk.examinations.set_field(view.id, "person.surname", "Әбдіқадырұлы", screen="person", reason="undo")
    desk.examinations.set_field(view.id, "person.surname", "Ахметов", screen="person", reason="redo")
    assert [r["action"] for r in audit_of(desk, view.id)][-3:] == ["field", "undo", "redo"]
    assert desk.integrity.verify().ok
