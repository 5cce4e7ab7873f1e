"""The database server is killed under load; the standby that is promoted holds all that a receipt was given for."""

import pytest

from tests.link import failover


def test_what_a_receipt_was_given_for_outlives_the_primary() -> None:
    if (reason := failover.lacking()) is not None:
        pytest.skip(reason)
    found = failover.rehearse(6, 1.5)
    assert found["acknowledged_before_the_kill"] > 0
    assert (found["lost"], found["doubled"], found["foreign"]) == (0, 0, 0)
    assert found["laptops_that_went_on"] == 6
