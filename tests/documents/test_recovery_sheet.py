"""The recovery sheet: one page, the code whole and readable, nothing personal in the file's properties."""

import re

import pytest

from app.crypto.recovery import new_code, read_code
from app.documents.recovery import render_recovery_sheet
from tests.documents.papers import DEPARTMENT, LANGUAGES, pages, text_of, tool


def sheet(code: str, language: str) -> bytes:
    return render_recovery_sheet(
        login="gulnur", name="Сейтқазина Гүлнұр Әбдіқызы", department=DEPARTMENT, code=code, language=language
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_on_the_sheet_opens_what_the_code_opens(language: str) -> None:
    code = new_code()
    data = sheet(code, language)
    assert pages(data) == 1
    text = text_of(data)
    copied = re.search(r"(?:[0-9A-Z]{4}[ –]+){8}[0-9A-Z]{4}", text)
    assert copied is not None
    assert read_code(copied[0]) == read_code(code)
    assert "gulnur" in text
    assert "Сейтқазина Гүлнұр Әбдіқызы" in text
    assert DEPARTMENT.names.of(language)[:20] in text


def test_the_sheet_is_the_same_when_printed_again_and_keeps_the_person_out_of_its_properties() -> None:
    code = new_code()
    assert sheet(code, "kk") == sheet(code, "kk")
    information = tool("pdfinfo", "{}", data=sheet(code, "kk"))
    assert "Сейтқазина" not in information
    assert "gulnur" not in information
    assert "Helvetica" not in tool("pdffonts", "{}", data=sheet(code, "kk"))
