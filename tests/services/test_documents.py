"""The papers of a case at the desk: which there are, on which blank, given out once, and recorded."""

import json
from pathlib import Path

import pytest

from app.cli import main
from app.domain.errors import UserError
from app.domain.vocabulary import CorrectionKind, PaperKind
from app.services.deadlines import APPEAL
from app.services.desk import Desk
from app.services.steps import step_states
from app.storage.chain import EVENTS
from tests import factories
from tests.documents.papers import pages, text_of
from tests.factories import DECISION, case_document, signatures, signed_case

CERTIFICATE = PaperKind.DISABILITY_CERTIFICATE


def give_out(desk: Desk, case_id: str, form: str, language: str, **more: object) -> str:
    """Render and record, as the window does; the text of the paper."""
    paper = desk.documents.render(case_id, form, language)
    desk.documents.record(case_id, form, language, paper.digest, "printed", **more)  # type: ignore[arg-type]
    return text_of(paper.pdf)


def test_a_signed_case_has_the_papers_of_its_decision_and_says_why_not_the_others(full_desk: Desk) -> None:
    case = signed_case(full_desk).id
    found = {paper.id: paper for paper in full_desk.documents.of_case(case)}
    assert full_desk.documents.set_of(case) == (
        "conclusion", "act", "certificate", "extract", "general-capacity", "plain", "notice", "receipt",
    )  # fmt: skip
    assert found["refusal"].lacks is not None
    assert found["professional-capacity"].lacks is not None
    assert found["application"].lacks is None
    assert not found["application"].in_set
    for form in ("refusal", "professional-capacity"):
        with pytest.raises(UserError):
            full_desk.documents.render(case, form, "kk")
    for language in ("kk", "ru", "en", "kk+ru"):
        paper = full_desk.documents.render(case, "certificate", language)
        assert not paper.draft
        assert paper == full_desk.documents.render(case, "certificate", language)
        assert "Әбдіқадырұлы" not in paper.file_name


def test_a_strict_form_stands_on_the_blank_that_was_issued(full_desk: Desk) -> None:
    case = signed_case(full_desk).id
    assert "________" in text_of(full_desk.documents.render(case, "certificate", "ru").pdf)
    full_desk.papers.add_range(CERTIFICATE, "АА", "0000007", "0000100")
    full_desk.papers.issue(case, CERTIFICATE)
    for language, number in (("ru", "Серия АА № 0000007"), ("en", "Series АА No. 0000007")):
        assert number in text_of(full_desk.documents.render(case, "certificate", language).pdf)
    found = {paper.id: paper.blank for paper in full_desk.documents.of_case(case)}
    assert found["certificate"] == "АА № 0000007"
    assert found["extract"] is None


def test_the_second_certificate_on_a_blank_is_a_duplicate_and_a_new_blank_is_not(full_desk: Desk) -> None:
    case = signed_case(full_desk).id
    full_desk.papers.add_range(CERTIFICATE, "АА", "1", "9")
    full_desk.papers.issue(case, CERTIFICATE)
    assert "ТЕЛНҰСҚА" not in give_out(full_desk, case, "certificate", "kk", target="HP LaserJet", copies=2)
    assert "ДУБЛИКАТ" not in give_out(full_desk, case, "certificate", "ru")
    assert "ТЕЛНҰСҚА" in give_out(full_desk, case, "certificate", "kk")
    assert "ДУБЛИКАТ" in text_of(full_desk.documents.render(case, "certificate", "kk+ru").pdf)
    full_desk.papers.spoil(CERTIFICATE, "АА", "1", "принтер зажевал")
    full_desk.papers.issue(case, CERTIFICATE)
    assert "ТЕЛНҰСҚА" not in give_out(full_desk, case, "certificate", "kk+ru")
    assert "ДУБЛИКАТ" in give_out(full_desk, case, "certificate", "ru")
    give_out(full_desk, case, "plain", "kk")
    assert "ТЕЛНҰСҚА" not in give_out(full_desk, case, "plain", "kk")
    with full_desk._place.database.reading() as connection:
        told = [
            event["payload"]
            for _, event in sorted(EVENTS.of_case(connection, case))
            if event["type"] == "document.printed"
        ]
    assert [one.get("duplicate") for one in told] == [False, False, True, False, True, None, None]
    assert told[0]["target"] == "HP LaserJet"
    assert told[0]["copies"] == 2
    assert (told[0]["blank"], told[3]["blank"]) == ("АА № 1", "АА № 2")
    assert full_desk.integrity.verify().problem is None


def test_a_draft_that_was_printed_makes_no_duplicate(full_desk: Desk) -> None:
    view = factories.decided_case(full_desk)
    drafted = give_out(full_desk, view.id, "certificate", "ru")
    assert full_desk.documents.render(view.id, "certificate", "ru").draft
    full_desk.conclusions.sign(view.id, signatures())
    assert "ДУБЛИКАТ" not in drafted + give_out(full_desk, view.id, "certificate", "ru")


def test_papers_of_a_corrected_case_say_what_took_its_place(full_desk: Desk) -> None:
    old = signed_case(full_desk)
    new = full_desk.examinations.correct(old.id, CorrectionKind.SLIP, "typed wrong")
    full_desk.conclusions.decide(new.id, DECISION)
    full_desk.conclusions.sign(new.id, signatures())
    assert new.number in text_of(full_desk.documents.render(old.id, "certificate", "ru").pdf)


def test_a_refusal_is_printed_of_a_case_that_ended_so_and_nothing_else_is(full_desk: Desk) -> None:
    view = full_desk.examinations.import_case(case_document())
    assert full_desk.documents.set_of(view.id) == ()
    ending = {"kind": "refusal", "ground": "expired_documents", "on": "2026-11-18", "head": factories.NAMES["head"]}
    full_desk.endings.end(view.id, ending)
    assert full_desk.documents.set_of(view.id) == ("refusal",)
    for language, ground in (("ru", "истек срок действия документов"), ("kk", "құжаттардың мерзімі өткен")):
        shown = give_out(full_desk, view.id, "refusal", language)
        assert ground in shown
        assert factories.NAMES["head"] in shown
        assert "ПРОЕКТ" not in shown.replace(" ", "")
    assert full_desk.integrity.verify().problem is None


def test_the_plain_page_knows_the_last_day_once_the_department_has_entered_the_term(full_desk: Desk) -> None:
    case = signed_case(full_desk).id
    assert "_" * 10 in text_of(full_desk.documents.render(case, "plain", "ru").pdf)
    full_desk.deadlines.set_days(APPEAL, 30)
    assert "18.12.2026" in text_of(full_desk.documents.render(case, "plain", "ru").pdf)


def test_the_receipt_lists_what_was_given_out_and_what_is_printed_along(full_desk: Desk) -> None:
    case = signed_case(full_desk).id
    full_desk.papers.add_range(CERTIFICATE, "АА", "0000007", "0000100")
    full_desk.papers.issue(case, CERTIFICATE)
    give_out(full_desk, case, "certificate", "kk+ru")
    shown = text_of(full_desk.documents.render(case, "receipt", "ru", along=[("plain", "en")]).pdf)
    assert "Справка об инвалидности Серия АА № 0000007 казахский, русский" in shown
    assert "Решение простыми словами – английский" in shown
    assert "Извещение" not in shown
    assert pages(full_desk.documents.render(case, "receipt", "kk").pdf) == 1


def test_the_command_prints_a_set_of_a_case_by_its_number_and_records_each(
    full_desk: Desk, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    view = signed_case(full_desk)
    full_desk.close()
    secret = tmp_path / "secret"
    secret.write_text(factories.PASSPHRASE, encoding="utf-8")
    who = ["--data", str(data_dir), "--user", factories.HEAD, "--passphrase-file", str(secret)]
    assert main([*who, "documents", view.number]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert ["certificate", "+"] in [line[:2] for line in lines]
    assert ["refusal", "-"] in [line[:2] for line in lines]
    out = tmp_path / "out"
    assert main([*who, "print", view.number, "--form", "set", "--lang", "kk+ru", "--out", str(out)]) == 0
    names = sorted(path.name for path in out.iterdir())
    stem = view.number.replace("/", "-")
    assert f"certificate-{stem}-kk-ru.pdf" in names
    assert {f"conclusion-{stem}-kk.pdf", f"conclusion-{stem}-ru.pdf"} <= set(names)
    assert len(names) == 10
    assert capsys.readouterr().out.count(".pdf") == 10
    assert main([*who, "print", view.number, "--form", "certificate", "--lang", "kk", "--out", str(out)]) == 0
    assert "ТЕЛНҰСҚА" in text_of((out / f"certificate-{stem}-kk.pdf").read_bytes())
    for wrong in (["print", "9/2026/999999"], ["print", view.number, "--form", "refusal"]):
        assert main([*who, *wrong, "--out", str(tmp_path / "no")]) == 2
    capsys.readouterr()
    assert main([*who, "verify"]) == 0


def test_the_command_prints_forms_of_a_case_file_as_drafts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.case.json"
    path.write_text(json.dumps(case_document({"decision": DECISION})), encoding="utf-8")
    out = tmp_path / "out"
    assert main(["print", str(path), "--form", "certificate", "--lang", "kk+ru", "--out", str(out)]) == 0
    assert [one.name for one in out.iterdir()] == ["x-certificate-kk-ru.pdf"]
    assert "ЖОБА" in text_of((out / "x-certificate-kk-ru.pdf").read_bytes()).replace(" ", "")
    assert main(["documents", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "certificate\t+" in shown
    assert "refusal\t-" in shown
    assert main(["print", str(path), "--form", "refusal", "--out", str(tmp_path / "no")]) == 2
    assert not (tmp_path / "no").exists()
    assert main(["print", str(path), "--form", "nothing", "--out", str(tmp_path / "no")]) == 2


def test_what_the_commission_states_is_entered_before_signing_and_frozen_with_it(full_desk: Desk) -> None:
    desk, stated = full_desk, {
        "dossier.prognoses.clinical": "doubtful", "dossier.prognoses.potential": "low",
        "dossier.extra_help.kinds": ["constant_care"], "dossier.recommendations.work": "үйде",
        "dossier.recommendations.text": "Емдеу.",
    }  # fmt: skip
    case = desk.examinations.import_case(case_document({"referral.purpose": ["disability", "extra_help"]}))

    def wishes() -> dict[str, list[str]]:
        view = desk.examinations.open(case.id)
        states = step_states(view, desk.conclusions.draft(view.document, view.unfinished))
        return {state.step: [wish.path for wish in state.wishes] for state in states if state.wishes}

    found = wishes()
    assert found["functions"] == ["dossier.prognoses.clinical"]
    assert found["decision"] == ["dossier.extra_help.kinds"]
    for path, value in stated.items():
        desk.examinations.set_field(case.id, path, value)
    assert not {"functions", "decision"} & set(wishes())
    for kinds in (["none", "movement"], ["movement", "movement"], ["flying"]):
        with pytest.raises(UserError):
            desk.examinations.set_field(case.id, "dossier.extra_help.kinds", kinds)
    desk.conclusions.decide(case.id, DECISION)
    with pytest.raises(UserError, match="Reopen"):
        desk.examinations.set_field(case.id, "dossier.recommendations.work", "кеңседе")
    desk.conclusions.sign(case.id, signatures())
    assert "үйде" in text_of(desk.documents.render(case.id, "certificate", "kk").pdf)
    assert "☑ бөгде адамның тұрақты күтімі" in text_of(desk.documents.render(case.id, "extra-help", "kk").pdf)
    again = desk.examinations.correct(case.id, CorrectionKind.SLIP, "қате")
    assert again.document["dossier"]["recommendations"] == {"work": "үйде", "text": "Емдеу."}, "to be gone on from"
    assert desk.integrity.verify().problem is None


def test_who_is_refused_a_group_takes_the_conclusion_home_and_a_refusal_counts_its_own_days(full_desk: Desk) -> None:
    desk = full_desk
    desk.deadlines.set_days(APPEAL, 30)
    answers = [{"code": code, "text": "себебі", "citation": "2-тарау"}
               for code in ("decision_differs", "percentage_outside_band")]  # fmt: skip
    well = {**DECISION, "outcome": "not_established", "period": None, "cause": None}
    case = desk.examinations.import_case(case_document())
    desk.conclusions.decide(case.id, {**well, "reasons": answers})
    desk.conclusions.sign(case.id, signatures())
    papers = {paper.id: paper for paper in desk.documents.of_case(case.id)}
    assert papers["conclusion"].audience == "both"
    assert "1. Экспертное заключение" in give_out(desk, case.id, "receipt", "ru")
    other = signed_case(desk).id
    assert {paper.id: paper for paper in desk.documents.of_case(other)}["conclusion"].audience == "department"
    assert "1. Экспертное заключение" not in text_of(desk.documents.render(other, "receipt", "ru").pdf)
    refused = desk.examinations.import_case(case_document())
    desk.endings.end(refused.id, {"kind": "refusal", "ground": "expired_documents", "text": "031/у",
                                  "on": "2026-11-17", "head": "Сейітова Әлия Маратқызы"})  # fmt: skip
    shown = text_of(desk.documents.render(refused.id, "refusal", "ru").pdf)
    assert "17.12.2026" in shown
    assert "1414" in shown
