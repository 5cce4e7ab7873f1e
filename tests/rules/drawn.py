"""Cases by chance for any pack: people near the age borders, facts given, unknown and wrongly given, papers, decisions.

`chance` is a `random.Random`; equal seeds draw equal cases. The documents need not be coherent, only within the form
that a case file has; every value of a fact is one that the pack has.
"""

from datetime import date, timedelta

from tests.rules.naive import Person, age_on, plus_months

FIRST = date(2023, 7, 1)
LIMITS = (date(1990, 1, 1), date(2060, 12, 31))
OUTCOMES = (
    "group_1", "group_2", "group_3", "child_group_1", "child_group_2", "child_group_3", "child", "not_established",
)  # fmt: skip
PERIODS = (("months", 6), ("years", 1), ("years", 2), ("years", 5), ("until_7", None), ("until_18", None),
           ("no_term", None), ("months", 3))  # fmt: skip


def days(contents):
    """Every day on which something in the pack begins or ends, with its neighbours."""
    found = set()

    def walk(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in ("from", "until", "valid_from", "valid_to") and type(inner) is date:
                    found.update(inner + timedelta(step) for step in (-1, 0, 1) if date.min < inner < date.max)
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    for file, content in contents.items():
        if file != "cases.toml":
            walk(content)
    return sorted(day for day in found if LIMITS[0] <= day <= LIMITS[1])


def borders(contents):
    """Ages in months at which something changes."""
    months = {"years": 12, "months": 1}
    return sorted({
        value["value"] * months[record["unit"]]
        for record in contents["parameters.toml"]["parameter"] if record["unit"] in months
        for value in record["values"]
    } | {0, 36, 360, 960})  # fmt: skip


def document(chance, contents, *, unknown=None, on=None):
    """One case. `unknown`: how many facts at most are left out; None: any number, all of them too."""
    known, border = days(contents), chance.choice(borders(contents))
    turn = chance.choice(known) if known and chance.random() < 0.5 else FIRST + timedelta(chance.randrange(4200))
    on = turn if on is None else on
    near = chance.choice((-1, 0, 0, 1, 2, 30, 100, 180, 200, 364))
    if on == turn and chance.random() < 0.3:  # an age is reached near the day, the examination comes later
        on = turn + timedelta(chance.choice((0, 1, 30, 100)))
        near = chance.choice((-1, 0, 1, 2))
    birth = max(min(plus_months(turn, -border) - timedelta(near), on), date(1900, 3, 1))
    if chance.random() < 0.1:  # a birthday on the very day on which a period may end
        end = plus_months(on, chance.choice((1, 2, 3, 6, 12, 24, 36, 60, 72)))
        end = chance.choice((end, plus_months(end.replace(day=1), 1)))
        ages = [months for months in borders(contents) if months % 12 == 0 and plus_months(end, -months) <= on]
        birth = max(plus_months(end, -chance.choice(ages)), date(1900, 3, 1))
    if chance.random() < 0.05:
        birth = min(date(max(birth.year // 4 * 4, 1904), 2, 29), on)
    sex = chance.choice(("male", "female"))
    found = {"format": "mse-case/1", "person": {"birth_date": birth.isoformat(), "sex": sex},
             "examination": {"on": on.isoformat()}}  # fmt: skip
    found["facts"] = _facts(chance, Person(contents, found), unknown)
    if chance.random() < 0.5:
        found["person"]["iin"] = _number(chance, birth, sex)
    if chance.random() < 0.6:
        _papers(chance, found, birth, on)
    if chance.random() < 0.6:
        found["decision"] = _decision(chance)
    return found


def _facts(chance, person, unknown):
    facts, names = {}, [fact["id"] for fact in person.records("facts.toml", "fact")]
    if unknown is None:
        share = chance.choice((0, 0.1, 0.3, 0.6, 1))
        left_out = {name for name in names if chance.random() < share}
    else:
        left_out = set(chance.sample(names, min(len(names), chance.randint(0, unknown))))
    heavy = chance.random()
    for fact in person.records("facts.toml", "fact"):
        name, kind = fact["id"], fact["kind"]
        section, _, key = name.rpartition(".")
        place = facts.setdefault(section, {}) if section and not fact.get("present_if") else facts
        if fact.get("present_if"):
            if chance.random() < 0.4:
                injured = {} if name in left_out else {key: chance.choice(person.choices(name))}
                facts[section] = chance.choice((injured, injured, None))
            continue
        if name in left_out:
            if chance.random() < 0.1:
                place[key] = None
            continue
        if kind == "degree":
            most = person.scales[fact["scale"]] - 1
            value = chance.choice((0, most, chance.randint(0, most))) if chance.random() < heavy else 0
        elif kind == "flag":
            value = chance.random() < 0.5
        elif kind == "choice":
            value = chance.choice(person.choices(name))
        else:
            listed = list(person.level_of)
            value = chance.sample(listed, min(len(listed), chance.choice((0, 0, 0, 1, 1, 2))))
        place[key] = value
        if chance.random() < 0.05 and not_applicable(person, fact):
            place[key] = "n/a"
    return facts


def not_applicable(person, fact):
    """Whether a case may say “n/a” of a fact: excluded, only if given, or from an age on."""
    first = person.parameter(fact["from"]) if "from" in fact else 0
    if "not_applicable_from" in fact and person.age >= person.parameter(fact["not_applicable_from"]):
        return True
    return not person.covers(fact, person.age) and (first > person.age or "below" in fact)


def _number(chance, birth, sex):
    century = {18: (1, 2), 19: (3, 4), 20: (5, 6)}[birth.year // 100]
    seventh = century[sex == "female"] if chance.random() < 0.8 else chance.randint(0, 9)
    start = f"{birth:%y%m%d}{seventh}{chance.randint(0, 9999):04}"
    if chance.random() < 0.2:
        start = f"{chance.randint(0, 99999999999):011}"
    if chance.random() < 0.2:
        return start + str(chance.randint(0, 9))
    for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        control = sum(weight * int(digit) for weight, digit in zip(weights, start, strict=True)) % 11
        if control < 10:
            return start + str(control)
    return start + "0"


def _papers(chance, found, birth, on):
    def before(least=0):
        return max(birth, on - timedelta(chance.choice((least, 27, 28, 29, 30, 31, 32, 60, 120, 122, 123, 124, 150))))

    signed = before()
    referral = {"signed_on": signed.isoformat()}
    for name in ("incapacity_since", "diagnosed_on"):
        if chance.random() < 0.6:
            wait = chance.choice((0, 28, 31, 59, 90, 119, 120, 121, 122, 123, 124, 200))
            referral[name] = max(birth, signed - timedelta(wait)).isoformat()
    if chance.random() < 0.6:
        referral["registered_on"] = before().isoformat()
    referral["exception"] = chance.choice((None, None, None, "incurable"))
    roles = [chance.choice(("head", "member", "member")) for _ in range(chance.choice((0, 1, 2, 3, 3, 4)))]
    found["examination"] |= {
        "occasion": chance.choice(("first", "first", "repeat")),
        "place": chance.choice((None, "home", "department", "in_absentia_proactive")),
        "commission": chance.choice((None, [{"name": "…", "role": role} for role in roles])),
    }
    grown = plus_months(birth, min(200, 12 * age_on(birth, on)))
    paper = {"number": chance.choice(("1", " ", None)), "issuer": chance.choice(("2", "2", None)),
             "date": chance.choice((before(), grown, birth)).isoformat()}  # fmt: skip
    codes = ("01", "02", "04", "04", "05", "06", "07.1", "08")
    found |= {
        "referral": referral,
        "cause": {"code": chance.choice((None, *codes)), "paper": chance.choice((None, paper, paper))},
        "previous": chance.choice((None, {"cause": chance.choice(codes)})),
    }


def _decision(chance):
    kind, value = chance.choice(PERIODS)
    return {
        "outcome": chance.choice((None, *OUTCOMES)),
        "period": chance.choice((None, {"kind": kind, "value": value}, {"kind": kind, "value": value})),
        "cause": chance.choice((None, "01", "04", "05", "06")),
        "general_capacity": chance.choice((None, 0, 29, 30, 59, 60, 79, 80, 100)),
        "professional_capacity": chance.choice((None, None, 4, 5, 29, 30, 59, 89, 90)),
    }
