"""A small, fixed sample of `python -m tests.rules.mutation`: what is broken in the pack is noticed."""

import random

import pytest

from tests.rules import mutation

PACK = mutation.contents()
NOTICED = [mutant for mutant in mutation.mutants(PACK) if not mutation.explained(mutant[0])]
BESIDE = [mutant for mutant in NOTICED if mutant[1] in mutation.BESIDE]
DECIDING = [mutant for mutant in NOTICED if mutant[1] not in mutation.BESIDE]
SAMPLE = random.Random(2).sample(DECIDING, 40) + random.Random(2).sample(BESIDE, 20)


def test_the_pack_as_it_is_survives():
    assert mutation.killer(PACK) is None


@pytest.mark.parametrize("mutant", SAMPLE, ids=lambda mutant: mutant[0])
def test_a_change_of_the_pack_is_noticed(mutant):
    name, file, path, replacement = mutant
    assert mutation.killer(mutation.mutated(PACK, file, path, replacement), file) is not None, name
