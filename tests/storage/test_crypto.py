"""Key slots, recovery codes, passphrases, signatures: what they promise to the rest of the house."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crypto import recovery, signing
from app.crypto.passphrase import MINIMUM_SCORE, require_strength, strength
from app.crypto.slots import STANDARD, Bundle, Cost, KeySlots, MalformedSlots
from app.domain.errors import UserError
from tests.factories import CHEAP, PASSPHRASE

BUNDLE = Bundle(b"k" * 32, "user-1", b"s" * 32)


def slots() -> KeySlots:
    return KeySlots.empty().with_slot("Айгүл", "passphrase", PASSPHRASE, BUNDLE, CHEAP)


def test_a_slot_opens_with_its_login_and_passphrase_alone() -> None:
    kept = KeySlots.from_bytes(slots().to_bytes())
    assert kept.open(" айгүл", "passphrase", PASSPHRASE) == BUNDLE
    assert kept.open("айгүл", "passphrase", PASSPHRASE + " ") is None
    assert kept.open("айгүл", "recovery", PASSPHRASE) is None
    assert kept.open("айгул", "passphrase", PASSPHRASE) is None


def test_a_composed_and_a_decomposed_letter_are_one_passphrase() -> None:
    kept = KeySlots.empty().with_slot("u", "passphrase", "й" * 12, BUNDLE, CHEAP)
    assert kept.open("u", "passphrase", "й" * 12) == BUNDLE


def test_the_file_shows_neither_login_nor_keys() -> None:
    data = slots().to_bytes()
    for secret in ("Айгүл", "айгүл", "user-1", BUNDLE.database_key.hex(), BUNDLE.seed.hex()):
        assert secret.encode() not in data


def test_the_standard_cost_is_the_second_recommendation_of_rfc_9106() -> None:
    assert Cost(memory_kib=65536, passes=3, lanes=4) == STANDARD
    assert STANDARD.bounded()


@pytest.mark.parametrize(
    "change",
    [
        {"memory_kib": 1 << 40},
        {"memory_kib": 0},
        {"passes": 1 << 30},
        {"lanes": 1000},
        {"passes": True},
        {"passes": 1.5},
        {"memory_kib": "64"},
        {"kdf": "md5"},
        {"kind": "other"},
        {"tag": "AA=="},
        {"salt": "not base64!"},
        {"sealed": None},
    ],
)
def test_a_hostile_slot_is_refused_before_anything_is_computed(change: dict[str, object]) -> None:
    content = json.loads(slots().to_bytes())
    content["slots"][0] |= change
    with pytest.raises(MalformedSlots):
        KeySlots.from_bytes(json.dumps(content).encode())


@given(
    st.binary(max_size=300)
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["format", "salt", "slots", "tag", "kind"]), inner)
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_garbage_is_refused_and_never_crashes(data: bytes) -> None:
    with pytest.raises(MalformedSlots):
        KeySlots.from_bytes(data)


def test_a_slot_whose_cost_was_lowered_does_not_open() -> None:
    whole = slots()
    cheaper = replace(whole.slots[0], cost=Cost(32, 1, 1))
    assert replace(whole, slots=(cheaper,)).open("айгүл", "passphrase", PASSPHRASE) is None


def test_a_slot_that_was_relabelled_does_not_open() -> None:
    """Otherwise somebody who may write the file could pass one user's slot, or its kind, for another's."""
    whole = slots()
    moved = replace(whole.slots[0], tag=whole.tag("other"))
    assert replace(whole, slots=(moved,)).open("other", "passphrase", PASSPHRASE) is None
    renamed = replace(whole.slots[0], kind="recovery")
    assert replace(whole, slots=(renamed,)).open("айгүл", "recovery", PASSPHRASE) is None


def test_a_signature_holds_for_its_purpose_message_and_key_alone() -> None:
    seed, other = signing.new_seed(), signing.new_seed()
    made = signing.sign(seed, signing.CONCLUSION, b"message")
    public = signing.public_key(seed)
    assert signing.verify(public, signing.CONCLUSION, b"message", made)
    assert not signing.verify(public, "another purpose", b"message", made)
    assert not signing.verify(public, signing.CONCLUSION, b"massage", made)
    assert not signing.verify(signing.public_key(other), signing.CONCLUSION, b"message", made)
    assert not signing.verify(public, signing.CONCLUSION, b"message", made[:-1])
    assert not signing.verify(b"", signing.CONCLUSION, b"message", made)


def test_a_recovery_code_is_read_however_it_was_copied() -> None:
    code = recovery.new_code()
    assert len(code.replace("-", "")) == 36
    read = recovery.read_code(code)
    cyrillic = code.translate(str.maketrans("ABEKMHPCTX0", "АВЕКМНРСТХО"))
    for copied in (code.lower(), code.replace("-", ""), code.replace("-", " – "), cyrillic, f"  {code}\n"):
        assert recovery.read_code(copied) == read


@given(st.integers(min_value=0, max_value=35), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_nearly_every_single_slip_in_a_recovery_code_is_noticed(position: int, letter: str) -> None:
    # Fixed code: one slip in a million may fit a checksum of 20 bits, this one's slips must not.
    plain = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    whole = plain + recovery._checksum(plain)
    slipped = whole[:position] + letter + whole[position + 1 :]
    if slipped == whole:
        assert recovery.read_code(slipped) == plain
    else:
        with pytest.raises(UserError, match="slip"):
            recovery.read_code(slipped)


def test_a_character_outside_every_code_is_named() -> None:
    with pytest.raises(UserError) as refused:
        recovery.read_code("*" + recovery.new_code()[1:])
    assert refused.value.text.params["character"] == "*"


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "short",
        "aaaaaaaaaaaaaaaaaaaa",
        "1234567890123456",
        "қққққққққққққ",
        "йцукенгшщзхъ",
        "password password",
        "abcabcabcabcabc",
    ],
)
def test_what_a_guesser_tries_first_is_refused(weak: str) -> None:
    with pytest.raises(UserError):
        require_strength(weak)


def test_own_names_count_for_nothing_in_a_passphrase() -> None:
    assert strength("гүлнұр сейтқазина").score >= 1
    assert strength("гүлнұр сейтқазина", ["Сейтқазина Гүлнұр"]).score == 0


@given(st.text(max_size=60))
def test_strength_is_a_score_of_five_for_any_text(text: str) -> None:
    assert 0 <= strength(text).score <= 4


def test_several_words_are_enough_and_more_are_stronger() -> None:
    scores = [
        strength(text).score for text in ("grey stork over river", "grey stork over the wide river at noon today")
    ]
    assert MINIMUM_SCORE <= scores[0] < scores[1] == 4
