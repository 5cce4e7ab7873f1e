"""The contradictions and obstacles of section 6 of `criteria.md` for the second evaluator, apart from the engine."""

from collections import namedtuple
from datetime import date

# `results`: outcome and period of every completion; `general`, `professional`: every band that is possible;
# `differ`: for each pair of measures, whether they differ in every completion.
Seen = namedtuple("Seen", "person results general professional differ")
OUTSIDE = ("measures_differ", "scale_differs")  # measures are compared by SQL; scales speak only where one is given


def conflicts(seen):
    """[(code, kind)] of what is reported, sorted."""
    found, differ = [], iter(seen.differ)
    for rule in seen.person.records("conflicts.toml", "conflict"):
        check = rule["check"]
        reported = next(differ) if check == "measures_differ" else check not in OUTSIDE and CHECKS[check](seen, rule)
        if reported:
            found.append((rule["code"], rule["kind"]))
    return sorted(found)


def section(seen, name):
    return seen.person.document.get(name) or {}


def day(text):
    return date.fromisoformat(text) if text else None


def later(start, months):
    """`start` and some calendar months: the day of that number, else the last of the month."""
    from tests.rules.naive import plus_months

    return plus_months(start, months)


def digits_sum(digits, weights):
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11


def number(seen):
    digits = section(seen, "person").get("iin") or ""
    return digits if len(digits) == 12 and digits.isdecimal() else None


def iin_checksum(seen, rule):
    digits = number(seen)
    if digits is None:
        return False
    control = digits_sum(digits, range(1, 12))
    if control == 10:
        control = digits_sum(digits, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
    return control != int(digits[11])


def iin_birth_date(seen, rule):
    digits = number(seen)
    if digits is None:
        return False
    born = seen.person.born
    century = {"1": 18, "2": 18, "3": 19, "4": 19, "5": 20, "6": 20}.get(digits[6])
    return digits[6] in "789" or digits[:6] != f"{born:%y%m%d}" or century not in (None, born.year // 100)


def iin_sex(seen, rule):
    digits = number(seen)
    sexes = {"0": ("male", "female"), **dict.fromkeys("135", ("male",)), **dict.fromkeys("246", ("female",))}
    return digits is not None and seen.person.sex not in sexes.get(digits[6], ())


def excluded_by_age(seen, rule):
    return bool(seen.person.excluded)


def referral_too_early(seen, rule):
    referral = section(seen, "referral")
    since = [day(referral.get(name)) for name in ("incapacity_since", "diagnosed_on") if referral.get(name)]
    signed = day(referral.get("signed_on"))
    if (
        signed is None
        or not since
        or referral.get("exception")
        or section(seen, "examination").get("occasion") != "first"
    ):
        return False
    return signed < later(min(since), seen.person.parameter(rule["months"]))


def referral_expired(seen, rule):
    signed = day(section(seen, "referral").get("signed_on"))
    return signed is not None and seen.person.on > later(signed, seen.person.parameter(rule["months"]))


def commission(seen, rule):
    examination = section(seen, "examination")
    members, place = examination.get("commission"), examination.get("place")
    if members is None:
        return False
    headless = all(member.get("role") != "head" for member in members)
    needed = place is not None and place not in rule["head_not_needed"]
    return len(members) < seen.person.parameter(rule["members"]) or (needed and headless)


def causes(seen):
    return {cause["code"]: cause for cause in seen.person.rows("cause")}


def codes_of_age(seen):
    return [cause["code"] for cause in seen.person.rows("cause", seen.person.age)]


def cause_age(seen, rule):
    code = section(seen, "cause").get("code")
    return code is not None and code not in codes_of_age(seen)


def cause_paper_missing(seen, rule):
    from tests.rules.naive import anniversary

    cause = causes(seen).get(section(seen, "cause").get("code"))
    if cause is None or cause["paper"] == "none":
        return False
    paper = section(seen, "cause").get("paper") or {}
    complete = all((paper.get(key) or "").strip() for key in ("number", "date", "issuer"))
    if cause["paper"] == "competent_body":
        return not complete
    if section(seen, "previous").get("cause") in cause.get("childhood_causes", ()):
        return False
    border = anniversary(seen.person.born, seen.person.parameter(cause["childhood_until"]))
    return not (complete and day(paper["date"]) < border)


def percentage_outside_band(seen, rule):
    decision = section(seen, "decision")
    for name, bands in (("general_capacity", seen.general), ("professional_capacity", seen.professional)):
        figure = decision.get(name)
        if figure is not None and not any(band and band[0] <= figure <= band[1] for band in bands):
            return True
    return False


def decision_differs(seen, rule):
    decision = section(seen, "decision")
    outcome, period, cause = decision.get("outcome"), decision.get("period") or {}, decision.get("cause")
    if outcome is None and period.get("kind") is None and cause is None:
        return False
    proposed = seen.person.cause()
    known = [proposed] if proposed is not None else codes_of_age(seen)
    if cause is not None and cause not in known:
        return True

    def agrees(result):
        offers = [] if result[1] is None else [(kind, value) for kind, value, _ in result[1][0]]
        return outcome in (None, result[0]) and (
            period.get("kind") is None or (period["kind"], period.get("value")) in offers
        )

    return not any(agrees(result) for result in seen.results)


CHECKS = {
    check.__name__: check
    for check in (
        iin_checksum, iin_birth_date, iin_sex, excluded_by_age, referral_too_early, referral_expired, commission,
        cause_age, cause_paper_missing, percentage_outside_band, decision_differs,
    )
}  # fmt: skip
