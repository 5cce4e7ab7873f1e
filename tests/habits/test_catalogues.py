"""The catalogues are fresh, complete, and their placeholders survive translation."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]


def load_tool() -> ModuleType:
    spec = spec_from_file_location("catalogues_tool", ROOT / "build" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


tool = load_tool()


@pytest.fixture(scope="module")
def template() -> Catalog:
    catalogue: Catalog = tool.extract()
    return catalogue


def test_the_sources_hold_sentences(template: Catalog) -> None:
    assert len(template) > 100


def test_the_template_is_what_the_sources_say(template: Catalog) -> None:
    assert tool.POT.read_bytes() == tool.text_of(template), "run dev.py i18n"


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_a_catalogue_has_every_sentence_and_no_other(language: str, template: Catalog) -> None:
    committed = tool.read(tool.po_path(language), language)
    assert {message.id for message in committed} == {message.id for message in template}


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_every_sentence_is_translated_with_its_placeholders_and_plural_forms(language: str) -> None:
    assert tool.faults(language, tool.read(tool.po_path(language), language)) == []


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_a_catalogue_carries_no_dates_names_or_addresses(language: str) -> None:
    header = tool.po_path(language).read_text(encoding="utf-8").split("\n\n")[0]
    assert not any(word in header for word in ("-Date:", "Translator:", "@", "http", "Generated-By"))


@pytest.mark.parametrize(
    ("msgid", "translation"),
    [
        ("Saved at {time}", "Сақталды"),
        ("Saved at {time}", "Сақталды {уақыт}"),
        ("Saved at {time}", "Сақталды {time"),
        ("Saved", ""),
        (("{n} case of {name}", "{n} cases of {name}"), ("{n} іс",) * 2),
        (("{n} case", "{n} cases"), ("{n} іс",)),
        (("and {n} more", "and {n} more"), ("ж", "ә")),
    ],
)
def test_the_check_sees_a_bad_translation(msgid: str | tuple[str, str], translation: str | tuple[str, ...]) -> None:
    catalogue = Catalog(locale="kk", fuzzy=False)
    catalogue.add(msgid, translation)
    assert tool.faults("kk", catalogue)
