"""Packs by chance, within the language that the loader reads: ages, groups, rows, measures, checks and dates at will.

They mean nothing in law; whatever the loader takes of them, engine and second evaluator must decide alike. Words and
what a pack must have by name are those of the built-in pack. `chance` is a `random.Random`: equal seeds, equal packs.
"""

import copy
from datetime import date, timedelta

WORDS = {"kk": "х", "ru": "х", "en": "x"}
FUNCTIONS = ("functions.mental", "functions.sensory", "functions.statodynamic", "functions.visceral")
LIMITATIONS = ("limitations.self_care", "limitations.movement", "limitations.orientation", "limitations.behaviour",
               "limitations.motor", "limitations.learning", "limitations.work", "limitations.play")  # fmt: skip
CODES = ("01", "02", "04", "05", "06", "07.1")
OUTCOMES = {
    "small": ("child",), "school": ("child_group_1", "child_group_2", "child_group_3"),
    "adult": ("group_1", "group_2", "group_3"),
}  # fmt: skip
CAPACITIES = ("none", "reduced", "lower_qualification", "special_conditions", "full_loss")
RESULTS = ("propose", "also", "band", "kind", "previous", "switch")  # what a record may be changed in from a day on
FIRST = date(2023, 7, 1)


class Generated:
    """One pack being made. `contents` is what the loader takes: parsed files by name."""

    def __init__(self, chance, base):
        self.chance, self.contents = chance, {"words.toml": base["words.toml"]}
        head = base["pack.toml"]
        self.act = next(iter(head["act"]))
        self.contents["pack.toml"] = {
            **{key: value for key, value in head.items() if key not in ("act", "place", "valid_to")},
            "act": {self.act: head["act"][self.act]}, "place": {"here": WORDS}, "valid_from": FIRST,
        }  # fmt: skip
        self.names = {key: "x" for key in WORDS if key in base["parameters.toml"]["parameter"][0]}

    def some(self, values, least=0, most=None):
        values = list(values)
        return self.chance.sample(values, self.chance.randint(least, min(len(values), most or len(values))))

    def maybe(self, share):
        return self.chance.random() < share

    def cited(self, **record):
        return {**record, "cite": [self.act, "here", self.chance.choice(("memory", "seen"))]}

    def worded(self, **record):
        return self.cited(**record, **WORDS)

    def make(self):
        self._parameters()
        self._facts()
        self._decisions()
        self._conflicts()
        self._dates()
        self._prune()
        return self.contents

    # ---------------------------------------------------------------------------------------------- files

    def _values(self, *choices):
        """One to three dated values, none without an end but the last."""
        days = sorted(self.some([FIRST + timedelta(step) for step in range(0, 4000, 37)], 0, 2))
        starts, ends = [None, *days], [*(day - timedelta(1) for day in days), None]
        return [
            {key: value for key, value in (("from", start), ("until", end), ("value", self.chance.choice(choices)))
             if value is not None}
            for start, end in zip(starts, ends, strict=True)
        ]  # fmt: skip

    def _parameters(self):
        ages = {"age.a": (3, 5), "age.b": (7, 8, 12), "age.c": (14, 16, 18), "age.d": (20, 40)}
        months = {
            "limit.male": (700, 756, 757),
            "limit.female": (720, 726, 732),
            "wait": (0, 1, 4),
            "holds": (1, 2, 13),
        }
        records = [self.cited(id=name, **WORDS, unit="years", values=self._values(*of)) for name, of in ages.items()]
        records += [
            self.cited(id=name, **WORDS, unit="months", values=self._values(*of)) for name, of in months.items()
        ]
        records.append(self.cited(id="members", **WORDS, unit="persons", values=self._values(1, 2, 3)))
        rules = {"period.end": ("first_of_next_month", "day_itself"), "period.start": ("examination", "registration")}
        records += [self.cited(id=name, **WORDS, unit="rule", values=self._values(*of)) for name, of in rules.items()]
        records.append(self.cited(id="switch", **WORDS, unit="switch", values=self._values(True, False)))
        self.contents["parameters.toml"] = {"parameter": [{**record, **self.names} for record in records]}

    def _ages(self, share=0.4):
        ordered, found = ["age.a", "age.b", "age.c", "age.d"], {}
        if self.maybe(share):
            first = self.chance.randrange(4)
            if self.maybe(0.6):
                found["from"] = ordered[first]
            if self.maybe(0.6) and first < 3:
                found["below"] = ordered[self.chance.randint(first + ("from" in found), 3)]
        return found

    def _facts(self):
        scales = [
            self.cited(id="function", degrees=[self.worded(value=n) for n in range(self.chance.randint(2, 5))]),
            self.cited(id="limitation", degrees=[self.worded(value=n) for n in range(self.chance.randint(2, 4))]),
        ]
        for scale in scales:
            del scale["cite"]
        self.sizes = {scale["id"]: len(scale["degrees"]) for scale in scales}
        self.degrees = {}
        facts = []
        for names, scale in ((FUNCTIONS, "function"), (LIMITATIONS, "limitation")):
            for name in self.some(names, 1, 4):
                ages, more = self._ages(), {}
                if ages.get("from") in ("age.c", "age.d") and self.maybe(0.5):
                    more["if_given_from"] = "age.b"
                if self.maybe(0.3):
                    more["not_applicable_from"] = self.chance.choice(("age.c", "age.d"))
                self.degrees[name] = self.sizes[scale]
                facts.append(self.worded(id=name, kind="degree", scale=scale, **ages, **more))
        self.plain = {}
        for name in self.some(("defect_complication", "active_treatment", "insured"), 1):
            self.plain[name] = (True, False)
            facts.append(self.worded(id=name, kind="flag", **self._ages(0.3)))
        choices = ["favourable", "doubtful", "unfavourable"][: self.chance.randint(2, 3)]
        self.plain["prognosis"] = choices
        facts.append(self.worded(id="prognosis", kind="choice", **self._ages(0.2)))
        if self.maybe(0.8):
            facts.append(self.worded(id="anatomical_defects", kind="set"))
        self.chance.shuffle(facts)
        facts.append(self.worded(id="work_injury.capacity", kind="choice", present_if="work_injury"))
        said = [("prognosis", value) for value in choices] + [("work_injury.capacity", value) for value in CAPACITIES]
        self.contents["facts.toml"] = {
            "scale": scales, "fact": facts, "generic_none": WORDS,
            "choice": [self.worded(fact=fact, value=value) for fact, value in said],
        }  # fmt: skip

    def _condition(self, *, levels=True):
        kind = self.chance.choice(("some", "some", "fact", "age") + (("in", "in", "not") if levels else ()))
        if kind == "some":
            groups = self.some(self.groups, 1, 2)
            most = max(self.degrees[fact] for group in groups for fact in self.groups[group]) - 1
            return {"some": groups, "at_least": self.chance.randint(1, most)}
        if kind == "fact":
            name = self.chance.choice([*self.plain, *self.some(self.degrees, 1, 1)])
            of = self.plain.get(name) or range(self.degrees[name])
            return {"fact": name, "is": self.chance.choice(list(of))}
        if kind == "age":
            return {"below_age": {"male": "limit.male", "female": "limit.female"}}
        which, other = self.chance.sample(("by_criteria", "by_defects", "of_case"), 2)
        if kind == "in":
            return {"level": which, "in": sorted(self.some((0, *self.levels), 1))}
        return {"level": which, "not_lighter_than": other}

    def _rows(self, key, least, most, make, **options):
        rows, seen = [], []
        for number in range(self.chance.randint(least, most)):
            ages = self._ages()
            when = [self._condition(**options) for _ in range(self.chance.randint(1, 3))]
            if (ages, sorted(map(repr, when))) not in seen:
                seen.append((ages, sorted(map(repr, when))))
                rows.append(self.worded(id=f"{key}.{number}", **ages, when=when, **make()))
        return rows

    def _decisions(self):
        self.groups = {
            name: self.some(self.degrees, 1) for name in ("one", "two", "three")[: self.chance.randint(1, 3)]
        }
        self.levels = sorted(self.some((1, 2, 3), 1))
        order = iter(sorted([*self.levels, *(self.chance.choice(self.levels) for _ in range(3))]))
        levels = self._rows("level", 4, 4, lambda: {"level": next(order)}, levels=False)
        self.levels = sorted({row["level"] for row in levels})
        most = self.levels[-1]
        bands = {"small": {"below": "age.b"}, "school": {"from": "age.b", "below": "age.c"}, "adult": {"from": "age.c"}}
        outcomes = [
            self.cited(
                id=f"outcome.{who}", **bands[who], levels=[self.chance.choice(OUTCOMES[who]) for _ in range(most)]
            )
            for who in self.some(bands, 2)
        ]
        kinds = {"small": "until_7", "school": "until_18"}
        clips = [self.cited(id=f"clip.{who}", **bands[who], kind=kinds[who]) for who in self.some(kinds, 1)]
        self.kinds = [clip["kind"] for clip in clips]
        causes = [self._cause(code) for code in self.some(CODES, 2)]
        codes = [cause["code"] for cause in causes]
        for cause in causes:
            if cause["paper"] == "childhood":
                cause["childhood_causes"] = self.some(codes)
        capacities = self.some(CAPACITIES, 1)
        proposed = [
            self.cited(id=f"cause.{number}", **self._ages(), code=self.chance.choice(codes),
                       **({"previous": self.chance.choice(codes)} if self.maybe(0.5) else {}),
                       **({"switch": "switch"} if self.maybe(0.4) else {}))
            for number in range(self.chance.randint(1, 4))
        ]  # fmt: skip
        self.contents["decisions.toml"] = {
            "group": self.groups,
            "measure": [self.cited(id=f"measure.{name}", parts=self._measure_parts()) for name in ("a", "b")],
            "level": levels, "outcome": outcomes, "clip": clips,
            "period": self._rows("period", 2, 7, self._period),
            "ground": [self.worded(id="ground.any")],
            "general_capacity": self._rows("general", 1, 4, self._band),
            "professional_capacity": [
                self.worded(id=f"professional.{value}", **self._band(),
                            when=[{"fact": "work_injury.capacity", "is": value}])
                for value in capacities
            ],
            "cause": causes, "proposed_cause": proposed,
        }  # fmt: skip
        self.contents["defects.toml"] = {
            "defect": [
                self.worded(id=f"defect_{number}", level=self.chance.choice(self.levels))
                for number in range(self.chance.randint(1, 5))
            ]
        }

    def _measure_parts(self):
        parts = []
        for group in self.some(self.groups, 1):
            size = max(self.degrees[fact] for fact in self.groups[group])
            values = [0]
            while len(values) < size:
                values.append(values[-1] + self.chance.choice((0, 1, 1)))
            parts.append({"group": group, "values": values})
        return parts

    def _cause(self, code):
        paper = self.chance.choice(("none", "competent_body", "childhood"))
        more = {"childhood_until": self.chance.choice(("age.b", "age.c"))} if paper == "childhood" else {}
        return self.worded(code=code, **self._ages(), paper=paper, **more)

    def _offer(self):
        kind = self.chance.choice(("months", "years", "years", "no_term", *self.kinds))
        if kind in ("months", "years"):
            return {"kind": kind, "value": self.chance.choice((1, 2, 3, 6))}
        return {"kind": kind}

    def _period(self):
        found = {"propose": self._offer(), "also": [self._offer() for _ in range(self.chance.randint(0, 2))]}
        if self.maybe(0.3):
            found |= {"candidates": [self._offer()], "ground": "ground.any"}
        return found

    def _band(self):
        return {"band": sorted(self.chance.sample(range(101), 2))}

    def _conflicts(self):
        arguments = {
            "measures_differ": {"measures": ["measure.a", "measure.b"]}, "referral_too_early": {"months": "wait"},
            "referral_expired": {"months": "holds"},
            "commission": {"members": "members", "head_not_needed": self.some(("home", "in_absentia_proactive"))},
        }  # fmt: skip
        plain = ("excluded_by_age", "iin_checksum", "iin_birth_date", "iin_sex", "cause_age", "cause_paper_missing",
                 "percentage_outside_band", "decision_differs")  # fmt: skip
        checks = ["measures_differ", *self.some([*list(arguments)[1:], *plain])]
        self.contents["conflicts.toml"] = {"conflict": [
            self.worded(code=check, kind=self.chance.choice(("conflict", "obstacle")), check=check,
                        **arguments.get(check, {}))
            for check in checks
        ]}  # fmt: skip

    # ---------------------------------------------------------------------------------------------- dates and order

    def _dates(self):
        """Some records hold for some days only, some are another record from a day on."""
        if self.maybe(0.5):
            return
        days = self.some([FIRST + timedelta(step) for step in range(100, 4000, 59)], 1, 3)
        decided = ("period", "general_capacity", "level", "proposed_cause", "cause")
        files = {**dict.fromkeys(decided, "decisions.toml"), "conflict": "conflicts.toml",
                 "parameter": "parameters.toml"}  # fmt: skip
        for key, file in files.items():
            records, found = self.contents[file][key], []
            for place, record in enumerate(records):
                day, whole = self.chance.choice(days), place == 0 or key in ("parameter", "cause", "conflict")
                if not self.maybe(0.25):
                    found.append(record)
                elif whole or self.maybe(0.5):
                    other = copy.deepcopy(record)
                    others = self.chance.choice(records)
                    other |= {name: others[name] for name in RESULTS if name in record and name in others}
                    if record.get("unit") == "months":
                        for value in other["values"]:
                            value["value"] += self.chance.choice((0, 1, 6))
                    found += [{**record, "valid_to": day - timedelta(1)}, {**other, "valid_from": day}]
                else:
                    found.append({**record, self.chance.choice(("valid_from", "valid_to")): day})
            self.contents[file][key] = found

    def _prune(self):
        """Take out what nothing uses on some day: the loader asks for that, and records may come and go."""
        decisions = self.contents["decisions.toml"]
        if not any("candidates" in row for row in decisions["period"]):
            del decisions["ground"]
        told = repr([decisions, self.contents["facts.toml"]["fact"], self.contents["conflicts.toml"]])
        parameters = self.contents["parameters.toml"]
        parameters["parameter"] = [
            record for record in parameters["parameter"] if f"'{record['id']}'" in told or record["unit"] == "rule"
        ]
        told = repr({key: value for key, value in decisions.items() if key != "group"})
        decisions["group"] = {name: facts for name, facts in decisions["group"].items() if f"'{name}'" in told}


def contents(chance, base):
    """The parsed files of one pack by chance."""
    return Generated(chance, base).make()
