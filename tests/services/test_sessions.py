"""The papers of a session at the desk: its protocol in three languages, the sets of everybody, the commands."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.cli import main
from app.documents.forms import kit
from app.documents.protocol import render_protocol
from app.documents.session import Vote
from app.domain.errors import CheckFailed, UserError
from app.domain.vocabulary import CorrectionKind, PaperKind, QueueState
from app.services.desk import Desk
from app.services.paper_check import Verdict
from app.services.parity import Parity
from tests import factories
from tests.documents.papers import pages, text_of
from tests.documents.pdf_ua import findings
from tests.documents.test_forms import facts
from tests.documents.test_tagged import archived
from tests.trips import heard_trip, person

SECRET = "жаңбыр тас қалам түйе"


def said(desk: Desk, trip_id: str, language: str) -> str:
    return text_of(desk.sessions.render(trip_id, language).pdf)


def test_a_protocol_tells_each_case_in_its_order_and_says_the_same_in_three_languages(full_desk: Desk) -> None:
    trip, cases = heard_trip(full_desk, 3, closed=False)
    absent, put_off, refused, left = [full_desk.registration.register(trip.id, person(at)) for at in range(50, 54)]
    full_desk.trips.set_queue(absent, QueueState.NOT_COME)
    full_desk.trips.set_queue(put_off, QueueState.POSTPONED)
    ending = {"kind": "refusal", "ground": "expired_documents", "on": "2026-11-18", "head": factories.NAMES["head"]}
    full_desk.endings.end(refused, ending)
    assert full_desk.sessions.render(trip.id, "ru").draft
    assert "ПРОЕКТ" in said(full_desk, trip.id, "ru").replace(" ", "")
    full_desk.trips.close(trip.id)
    whole = {language: said(full_desk, trip.id, language) for language in ("kk", "ru", "en")}
    told = {language: facts(text, "protocol") for language, text in whole.items()}
    assert told["kk"] == told["ru"] == told["en"]
    assert len(told["ru"]["case"]) == 7
    assert len(told["ru"]["iin"]) == 7
    numbers = [full_desk.examinations.open(case).number for case in (*cases, absent, put_off, refused, left)]
    places = [whole["ru"].index(number) for number in numbers]
    assert places == sorted(places)
    for words in ("не явился", "отложено", "отказано в освидетельствовании истек срок", "Всего дел: 7", "70 %"):
        assert words in whole["ru"]
    for name in ("Сейітова Әлия Маратқызы", "Ким Андрей Викторович"):
        assert whole["ru"].count(name) == 2, "once as member, once to sign"
    assert "ПРОЕКТ" not in whole["ru"].replace(" ", "")
    assert "Әбенов" not in full_desk.sessions.render(trip.id, "ru").file_name


def test_a_final_protocol_is_signed_by_the_desk_and_printed_again_the_same_to_the_byte(full_desk: Desk) -> None:
    trip, cases = heard_trip(full_desk, 2, closed=False)
    full_desk.trips.add(trip.id, [factories.decided_case(full_desk).id])
    full_desk.trips.close(trip.id)
    assert full_desk.sessions.render(trip.id, "kk").draft, "a decision waits for signatures"
    full_desk.conclusions.sign(full_desk.trips.worklist(trip.id).turns[2].case_id, factories.signatures())
    paper = full_desk.sessions.render(trip.id, "kk")
    assert not paper.draft
    for how in ("printed", "folder"):
        full_desk.sessions.record(trip.id, "kk", paper.digest, how, target="HP")  # type: ignore[arg-type]
    assert full_desk.sessions.render(trip.id, "kk") == paper
    assert full_desk.paper_witness.check(paper.pdf).verdict is Verdict.GENUINE
    labels = [label.msgid for label, _ in full_desk.paper_witness.check(paper.pdf).said]
    assert {"Session", "Day"} <= set(labels)
    assert {"Case", "Day of the examination"}.isdisjoint(labels)
    assert full_desk.paper_witness.check(paper.pdf[:-40] + b"!" + paper.pdf[-39:]).verdict is not Verdict.GENUINE
    # What one case of it becomes later does not undo what the session was.
    full_desk.examinations.correct(cases[1], CorrectionKind.SLIP, "typed wrong")
    assert full_desk.paper_witness.check(full_desk.sessions.render(trip.id, "kk").pdf).verdict is Verdict.GENUINE
    assert full_desk.integrity.verify().problem is None


def test_a_long_protocol_repeats_its_head_counts_its_pages_and_keeps_the_signatures_together(full_desk: Desk) -> None:
    trip, _ = heard_trip(full_desk, 30)
    pdf = full_desk.sessions.render(trip.id, "ru").pdf
    reader = PdfReader(io.BytesIO(pdf))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) == pages(pdf) >= 3
    for number, text in enumerate(texts, start=1):
        assert f"стр. {number} из {len(texts)}" in text
        assert "Решение комиссии" in text or "Подписи" in text
    assert "Всего дел: 30" in texts[-1]
    assert texts[-1].count("подпись") == 3
    assert (findings(pdf), archived(pdf)) == ([], []), "tagged and fit for an archive as every paper"


def test_votes_are_told_where_they_are_open_and_a_cell_of_any_length_is_whole(full_desk: Desk) -> None:
    trip, _ = heard_trip(full_desk, 2)
    session = full_desk.sessions.session(trip.id)
    assert session.entries[0].votes is None
    against = Vote("Ким Андрей Викторович", "group_1", ("years", 1))
    longest = "ұ" * 90 + " " + "Ұзақтегі " * 60
    entries = (
        replace(session.entries[0], votes=(2, 1), against=(against,)),
        replace(session.entries[1], name=longest, others=tuple((f"Мүше {n} " + "а" * 60, "member") for n in range(60))),
    )
    shown = text_of(render_protocol(replace(session, entries=entries), "ru"))
    assert "Голоса: за решение – 2, за иное – 1" in shown
    assert "Голосовал(а) иначе: Ким Андрей Викторович – инвалидность первой группы, 1 год" in shown
    assert "Мүше 59" in shown
    assert shown.count("Ұзақтегі") == 60
    assert findings(render_protocol(replace(session, entries=entries), "ru")) == []


def test_sets_know_what_was_given_out_on_which_blank(full_desk: Desk) -> None:
    trip, cases = heard_trip(full_desk, 2)
    desk = full_desk
    desk.papers.add_range(PaperKind.DISABILITY_CERTIFICATE, "АА", "1", "9")
    desk.papers.issue(cases[0], PaperKind.DISABILITY_CERTIFICATE)

    def left(at: int = 0) -> list[str]:
        return [f"{paper.document} {paper.language}" for paper in desk.sessions.sets(trip.id, ("kk+ru",))[at].left]

    assert "certificate kk+ru" in left()
    assert "conclusion kk" in left()
    paper = desk.documents.render(cases[0], "certificate", "kk+ru")
    desk.documents.record(cases[0], "certificate", "kk+ru", paper.digest, "saved")
    assert "certificate kk+ru" in left(), "a saved copy is not handed out"
    assert desk.documents.render(cases[0], "certificate", "kk+ru") == paper, "nor does it make a duplicate"
    desk.documents.record(cases[0], "certificate", "kk", paper.digest, "printed")
    assert "certificate kk+ru" in left()
    desk.documents.record(cases[0], "certificate", "ru", paper.digest, "folder")
    assert "certificate kk+ru" not in left()
    assert "certificate kk+ru" in left(1)
    desk.papers.spoil(PaperKind.DISABILITY_CERTIFICATE, "АА", "1", "lost by the person")
    desk.papers.issue(cases[0], PaperKind.DISABILITY_CERTIFICATE, duplicate=True)
    assert "certificate kk+ru" in left(), "the new blank was not given out yet"
    shown = text_of(desk.documents.render(cases[0], "certificate", "kk+ru").pdf)
    assert "ТЕЛНҰСҚА" in shown
    assert "ДУБЛИКАТ" in shown
    assert desk.documents.duplicates_of(cases[0]) == ("certificate",)
    with pytest.raises(UserError):
        desk.papers.issue(cases[1], PaperKind.DISABILITY_CERTIFICATE, duplicate=True)
    with pytest.raises(UserError):
        desk.documents.duplicates_of(cases[1])
    assert desk.integrity.verify().problem is None


def test_a_set_whose_languages_differ_does_not_go_out(full_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = factories.signed_case(full_desk).id
    render = full_desk.documents.render
    parity = Parity()
    for document in ("conclusion", "certificate", "act"):
        for language in ("kk", "ru", "en"):
            parity.take(case, document, language, render(case, document, language))
    really = kit.Paper.per_cent
    monkeypatch.setattr(
        kit.Paper, "per_cent",
        lambda self, n: really(self, n + 1 if self.words.language == "ru" else n),
    )  # fmt: skip
    parity.take(case, "general-capacity", "kk", render(case, "general-capacity", "kk"))
    with pytest.raises(CheckFailed) as told:
        parity.take(case, "general-capacity", "ru", render(case, "general-capacity", "ru"))
    assert "71" in str(told.value.text.params["facts"])
    with pytest.raises(CheckFailed):
        render(case, "general-capacity", "kk+ru")


def test_the_command_writes_a_session_encrypted_and_goes_on_where_it_stopped(
    full_desk: Desk, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heard_trip(full_desk, 2)
    full_desk.trips.create({"settlement": "Бадамша", "on": "2026-11-19"})
    full_desk.trips.create({"settlement": "Қобда", "on": "2026-11-19"})
    full_desk.close()
    secret, papers = tmp_path / "secret", tmp_path / "papers"
    secret.write_text(factories.PASSPHRASE, encoding="utf-8")
    papers.write_text(SECRET, encoding="utf-8")
    who = ["--data", str(data_dir), "--user", factories.HEAD, "--passphrase-file", str(secret)]
    out = tmp_path / "out"
    order = [*who, "print", "--trip", "2026-11-18", "--lang", "kk+ru", "--out", str(out)]
    assert main([*order, "--papers-passphrase-file", str(papers)]) == 0
    assert capsys.readouterr().out.count(".pdf") == 22
    for path in out.iterdir():
        reader = PdfReader(path)
        assert reader.is_encrypted
        assert reader.decrypt(SECRET)
        assert reader.attachments[path.name][0].startswith(b"%PDF-")
    assert main([*order, "--plain"]) == 0
    captured = capsys.readouterr()
    assert captured.out.count(".pdf") == 2, "the protocol alone: the sets were given out"
    assert "20" in captured.err
    assert main([*order, "--plain", "--again"]) == 0
    assert capsys.readouterr().out.count(".pdf") == 22
    wrong = (
        ["--trip", "2026-11-17", "--plain"], ["--trip", "2026-11-19", "--plain"], ["--trip", "x", "--plain"],
        ["--trip", "2026-11-18", "--plain", "--form", "certificate"], [], ["--form", "protocol", "2/2026/000001"],
        ["--form", "recovery"], ["--form", "duplicate", "2/2026/000001"],
    )  # fmt: skip
    for words in wrong:
        assert main([*who, "print", *words, "--out", str(tmp_path / "no")]) == 2, words
    papers.write_text("123456", encoding="utf-8")
    assert main([*order, "--papers-passphrase-file", str(papers)]) == 2
    assert not (tmp_path / "no").exists()
    capsys.readouterr()
    assert main([*who, "print", "--trip", "2026-11-19/2", "--form", "protocol", "--plain", "--out", str(out)]) == 0
    assert main([*who, "print", "--form", "journal", "--lang", "ru", "--out", str(out)]) == 0
    journal = next(path for path in out.iterdir() if path.name.startswith("journal-protocols"))
    assert "Журнал протоколов" in text_of(journal.read_bytes())
    capsys.readouterr()
    assert main([*who, "documents"]) == 0
    shown = capsys.readouterr().out
    for name in ("protocol", "journal", "duplicate", "recovery"):
        assert f"{name}\tkk" in shown
    assert main([*who, "verify"]) == 0
