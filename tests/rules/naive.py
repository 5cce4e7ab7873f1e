"""A second evaluator for any pack: it reads the parsed TOML itself and asks SQLite about every completion.

Written from `criteria.md` and from what decisions.toml says of its conditions; nothing of `app` is used. The facts
that apply are the columns of one cross join, a given fact is a number in its place; levels and rows are CASE
expressions over them. Folded is only what the rows cannot tell apart: unknown facts of the same groups count by the
greatest degree alone, so one of them stands for all; a set of defects counts by its heaviest level.
"""

import sqlite3
from datetime import date

from tests.rules import naive_checks
from tests.rules.oracle import age_on, anniversary, plus_months

NONE = 9  # in comparisons, "no level" is the lightest


class Criteria:
    """The records of a pack that hold on one day."""

    def __init__(self, contents, on):
        self.contents, self.on = contents, on

    def records(self, file, key):
        for record in self.contents[file].get(key, ()):
            if record.get("valid_from", date.min) <= self.on <= record.get("valid_to", date.max):
                yield record

    def rows(self, key, age=None):
        """The rows of one decision, in order; those for an age alone where one is given."""
        return [row for row in self.records("decisions.toml", key) if age is None or self.covers(row, age)]

    def parameter(self, name):
        for record in self.records("parameters.toml", "parameter"):
            if record["id"] == name:
                for value in record["values"]:
                    if value.get("from", date.min) <= self.on <= value.get("until", date.max):
                        return value["value"]
        raise LookupError(name)

    def covers(self, row, age):
        return ("from" not in row or age >= self.parameter(row["from"])) and (
            "below" not in row or age < self.parameter(row["below"])
        )


class Person(Criteria):
    """The criteria of one day with one person, and what is given and unknown of the person's facts."""

    def __init__(self, contents, document):
        super().__init__(contents, date.fromisoformat(document["examination"]["on"]))
        self.document, self.sex = document, document["person"]["sex"]
        self.born = date.fromisoformat(document["person"]["birth_date"])
        self.age = age_on(self.born, self.on)
        self.groups = contents["decisions.toml"]["group"]
        self.scales = {scale["id"]: len(scale["degrees"]) for scale in self.records("facts.toml", "scale")}
        self.level_of = {defect["id"]: defect["level"] for defect in self.records("defects.toml", "defect")}
        self.column, self.values, self.excluded = {}, {}, []
        self.injury, self.defects = None, None
        for fact in self.records("facts.toml", "fact"):
            if "present_if" in fact:
                self.injury = fact
            else:
                self._read(fact)

    def given(self, name):
        found = self.document.get("facts") or {}
        for part in name.split("."):
            found = (found or {}).get(part)
        return found

    def choices(self, name):
        return [choice["value"] for choice in self.records("facts.toml", "choice") if choice["fact"] == name]

    def _read(self, fact):
        """A number in the place of a given fact, a column of all values for an unknown one."""
        name, kind, given = fact["id"], fact["kind"], self.given(fact["id"])
        first = self.parameter(fact["from"]) if "from" in fact else 0
        if_given = "if_given_from" in fact and self.parameter(fact["if_given_from"]) <= self.age < first
        applies = self.covers(fact, self.age)
        if not applies and not if_given:
            if given not in (None, "n/a"):
                self.excluded.append(name)
            return
        may_be_none = if_given or ("not_applicable_from" in fact and
                                   self.age >= self.parameter(fact["not_applicable_from"]))  # fmt: skip
        if kind == "degree":
            domain = list(range(self.scales[fact["scale"]]))
        elif kind == "flag":
            domain = [False, True]
        elif kind == "choice":
            domain = self.choices(name)
        else:
            domain, self.defects = [0, *sorted(set(self.level_of.values()))], name
        if (given is None and if_given) or (given == "n/a" and may_be_none):
            self.column[name] = "0"
        elif given is None or given == "n/a":
            self.column[name] = f"c{len(self.column)}"
            self.values[name] = domain if kind in ("degree", "set") else list(range(len(domain)))
        elif kind == "set":
            self.column[name] = str(min((self.level_of[defect] for defect in given), default=0))
        else:
            self.column[name] = str(domain.index(given))

    def number(self, name, value):
        """The number that stands for a value of a fact in a column."""
        return self.choices(name).index(value) if isinstance(value, str) else int(value)

    def reached(self, name):
        """Whether the person reached the age of a dated parameter on some day up to this one."""
        for record in self.contents["parameters.toml"]["parameter"]:
            if record["id"] == name:
                for value in record["values"]:
                    years, months = divmod(value["value"], 12)
                    day = plus_months(self.born, value["value"]) if months else anniversary(self.born, years)
                    first = max(day, value.get("from", date.min), record.get("valid_from", date.min))
                    if first <= min(self.on, value.get("until", date.max), record.get("valid_to", date.max)):
                        return True
        return False

    # ------------------------------------------------------------------------------------------ as SQL

    def members(self, groups):
        found = dict.fromkeys(fact for group in groups for fact in self.groups[group] if fact in self.column)
        return list(found)

    def truth(self, when):
        """All conditions of a row as one SQL expression."""
        return " AND ".join(f"({self.condition(condition)})" for condition in when) or "1"

    def condition(self, condition):
        if "some" in condition:
            members = self.members(condition["some"])
            return " OR ".join(f"{self.column[name]} >= {condition['at_least']}" for name in members) or "0"
        if "fact" in condition:
            name = condition["fact"]
            return f"{self.column[name]} = {self.number(name, condition['is'])}" if name in self.column else "0"
        if "below_age" in condition:
            return "0" if self.reached(condition["below_age"][self.sex]) else "1"
        level = condition["level"]
        if "in" in condition:
            return f"{level} IN ({', '.join(str(number) for number in condition['in'])})"
        other = condition["not_lighter_than"]
        return f"IFNULL(NULLIF({level}, 0), {NONE}) <= IFNULL(NULLIF({other}, 0), {NONE})"

    def first(self, rows, result, guard="1"):
        """The result of the first row that holds, as SQL; NULL where none does."""
        cases = "".join(f" WHEN {self.truth(row.get('when', ()))} THEN {result(place, row)}"
                        for place, row in enumerate(rows))  # fmt: skip
        return f"CASE WHEN NOT ({guard}) THEN NULL{cases} ELSE NULL END"

    def greatest(self, measure_id):
        """A measure as SQL: the greatest of the degrees, each read through the values of its group."""
        measure = next(record for record in self.rows("measure") if record["id"] == measure_id)
        parts = ["0", "0"]
        for part in measure["parts"]:
            for name in self.members([part["group"]]):
                read = "".join(f" WHEN {degree} THEN {value}" for degree, value in enumerate(part["values"]))
                parts.append(f"CASE {self.column[name]}{read} END")
        return f"MAX({', '.join(parts)})"

    def stands_for(self):
        """Of the unknown facts that no row can tell apart: the one that varies → all of them."""
        named = {condition["fact"] for key in ("level", "period", "general_capacity") for row in self.rows(key)
                 for condition in row.get("when", ()) if "fact" in condition}  # fmt: skip
        like = {}
        for name, domain in self.values.items():
            alone = name if name in named or name == self.defects else None
            groups = tuple(group for group, members in self.groups.items() if name in members)
            if alone or groups:
                like.setdefault((alone, groups, tuple(domain)), []).append(name)
        return {names[0]: names for names in like.values()}

    def completions(self, fold):
        """(names that vary, [their values, levels, period row, general row, whether each pair of measures differs])."""
        stand = self.stands_for() if fold else {name: [name] for name in self.values}
        for name in set(self.values) - set(stand):
            self.column[name] = "0"
        vary = list(stand)
        domains = [" UNION ALL ".join(f"SELECT {value} AS {self.column[name]}" for value in self.values[name])
                   for name in vary]  # fmt: skip
        cross = ", ".join(f"({domain})" for domain in domains) or "(SELECT 1)"
        levels = self.first(self.rows("level", self.age), lambda _, row: row["level"])
        listed = self.column.get(self.defects, "0")
        place = lambda place, _: place  # noqa: E731
        pairs = [rule["measures"] for rule in self.records("conflicts.toml", "conflict") if "measures" in rule]
        columns = [
            *(self.column[name] for name in vary), "by_criteria", "by_defects", "of_case",
            self.first(self.rows("period", self.age), place, "of_case <> 0"),
            self.first(self.rows("general_capacity", self.age), place),
            *(f"{self.greatest(one)} <> {self.greatest(other)}" for one, other in pairs),
        ]  # fmt: skip
        sql = f"""
            WITH facts AS MATERIALIZED (SELECT * FROM {cross}),
            levels AS MATERIALIZED (SELECT *, IFNULL({levels}, 0) AS by_criteria, {listed} AS by_defects FROM facts),
            cases AS MATERIALIZED (SELECT *, IFNULL(MIN(NULLIF(by_criteria, 0), NULLIF(by_defects, 0)),
                                                    by_criteria + by_defects) AS of_case FROM levels)
            SELECT {", ".join(columns)} FROM cases"""  # noqa: S608 - numbers and column names of our own making
        self.stand = stand
        return vary, DATABASE.execute(sql).fetchall()

    # ------------------------------------------------------------------------------------------ what rows give

    def outcome(self, level):
        rows = self.rows("outcome", self.age)
        return rows[0]["levels"][level - 1] if level and rows else "not_established"

    def birthday_of(self, clip):
        return anniversary(self.born, self.parameter(clip["below"]))

    def period(self, row):
        """(proposed and alternatives, candidates), each (kind, value, until), without doubles."""
        if row is None:
            return None
        row = self.rows("period", self.age)[row]
        clip = next(iter(self.rows("clip", self.age)), None)
        registered = (self.document.get("referral") or {}).get("registered_on")
        by_registration = registered and self.parameter("period.start") == "registration"
        start = date.fromisoformat(registered) if by_registration else self.on

        def term(offer):
            kind, value = offer["kind"], offer.get("value")
            if kind == "no_term":
                return kind, None, None
            if value is None:
                named = next(row for row in self.rows("clip") if row["kind"] == kind)
                return kind, None, self.birthday_of(named)
            until = plus_months(start, value * (12 if kind == "years" else 1))
            if self.parameter("period.end") == "first_of_next_month":
                until = plus_months(until.replace(day=1), 1)
            if clip is not None and until >= self.birthday_of(clip):
                return clip["kind"], None, self.birthday_of(clip)
            return kind, value, until

        offers = [term(offer) for offer in (row["propose"], *row.get("also", ()))]
        return tuple(dict.fromkeys(offers)), tuple(term(offer) for offer in row.get("candidates", ()))

    def general(self, row):
        return None if row is None else tuple(self.rows("general_capacity", self.age)[row]["band"])

    def professional(self):
        """(band or None or `undetermined`, missing, every band that is possible)."""
        section, _, key = self.injury["id"].rpartition(".") if self.injury else ("", "", "")
        injured = (self.document.get("facts") or {}).get(section) if section else None
        if injured is None:
            return None, (), [None]
        name = self.injury["id"]
        capacity = injured.get(key)
        bands = []
        for value in self.choices(name) if capacity is None else [capacity]:
            rows = [
                row
                for row in self.rows("professional_capacity", self.age)
                if row["when"] == [{"fact": name, "is": value}]
            ]
            bands.append(tuple(rows[0]["band"]) if rows else None)
        if len(set(bands)) == 1:
            return bands[0], (), bands
        return "undetermined", (name,), bands

    def cause(self):
        previous = (self.document.get("previous") or {}).get("cause")
        for row in self.rows("proposed_cause", self.age):
            if row.get("previous") in (None, previous) and ("switch" not in row or self.parameter(row["switch"])):
                return row["code"]
        return None


DATABASE = sqlite3.connect(":memory:", check_same_thread=False)


def answer(contents, document, *, fold=True):
    """What is certain of a case, else `undetermined` with the facts that matter, as short values to be compared."""
    person = Person(contents, document)
    vary, rows = person.completions(fold)
    count = len(vary)
    periods = {row: person.period(row) for row in {row[count + 3] for row in rows}}
    generals = {row: person.general(row) for row in {row[count + 4] for row in rows}}
    outcomes = {level: person.outcome(level) for level in {row[count + 2] for row in rows}}

    rows.sort(key=lambda row: row[:count])  # as one counts: the last name that varies runs through its values first

    def part(said):
        found = [said(row) for row in rows]
        if len(set(found)) == 1:
            return found[0], ()
        matters, step = [], 1
        for name in reversed(vary):
            block = step * len(person.values[name])  # within it two completions `step` apart differ in this fact alone
            blocks = range(0, len(found), block)
            if any(found[at : at + block - step] != found[at + step : at + block] for at in blocks):
                matters += person.stand[name]
            step = block
        return "undetermined", tuple(sorted(matters))

    level = [part(lambda row, place=place: row[place])[0] for place in range(count, count + 3)]
    band, missing, bands = person.professional()
    seen = naive_checks.Seen(
        person,
        [(outcomes[row[count + 2]], periods[row[count + 3]]) for row in rows],
        [generals[row[count + 4]] for row in rows],
        bands,
        [all(row[place] for row in rows) for place in range(count + 5, len(rows[0]))],
    )
    return {
        "outcome": part(lambda row: outcomes[row[count + 2]]),
        "level": [None if found in (0, "undetermined") else found for found in level],
        "period": part(lambda row: periods[row[count + 3]]),
        "general": part(lambda row: generals[row[count + 4]]),
        "professional": (band, missing),
        "cause": person.cause(),
        "conflicts": naive_checks.conflicts(seen),
    }
