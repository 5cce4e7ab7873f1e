"""Decision diagrams: a function of a few facts with finite values, kept as a shared graph.

A node asks one variable and has one branch per value; a leaf holds a result. Nodes are ordered by variable, equal
nodes are one object, and a node whose branches are all the same is left out. In such a reduced diagram a variable
stands exactly if two assignments that differ in it alone give different results: what is missing can be read off.
"""

from collections.abc import Callable, Hashable, Sequence
from itertools import repeat
from typing import Any, Union


class Leaf:
    """A result."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class Node:
    """A question: variable number `var`, and what follows for each of its values."""

    __slots__ = ("branches", "var")

    def __init__(self, var: int, branches: "tuple[Diagram, ...]") -> None:
        self.var = var
        self.branches = branches


Diagram = Union[Leaf, Node]  # noqa: UP007 - forward reference above


class Diagrams:
    """Makes diagrams in which equal parts are one object. Two diagrams of one maker are equal if they are identical."""

    def __init__(self) -> None:
        self._leaves: dict[Hashable, Leaf] = {}
        self._nodes: dict[tuple[Hashable, ...], Node] = {}

    def leaf(self, value: Hashable) -> Leaf:
        """The diagram that is `value` whatever the facts."""
        key = (value.__class__, value)
        found = self._leaves.get(key)
        if found is None:
            found = self._leaves[key] = Leaf(value)
        return found

    def node(self, var: int, branches: Sequence[Diagram]) -> Diagram:
        """The diagram that asks `var` first; its branches must ask later variables only."""
        first = branches[0]
        for branch in branches:
            if branch is not first:
                break
        else:
            return first
        key = (var, *branches)  # parts are compared by identity
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = Node(var, tuple(branches))
        return found

    def literal(self, var: int, results: Sequence[Hashable]) -> Diagram:
        """The diagram of one variable: `results[i]` for its value number i."""
        return self.node(var, [self.leaf(result) for result in results])

    def apply(self, function: Callable[[Any, Any], Hashable], a: Diagram, b: Diagram) -> Diagram:
        """The diagram of `function(a, b)`, whatever the facts."""
        memo: dict[tuple[Diagram, Diagram], Diagram] = {}

        def walk(a: Diagram, b: Diagram) -> Diagram:
            found = memo.get((a, b))
            if found is not None:
                return found
            result: Diagram
            if isinstance(a, Node):
                if isinstance(b, Leaf) or a.var < b.var:
                    result = self.node(a.var, [walk(branch, b) for branch in a.branches])
                elif b.var < a.var:
                    result = self.node(b.var, [walk(a, branch) for branch in b.branches])
                else:
                    result = self.node(a.var, [walk(x, y) for x, y in zip(a.branches, b.branches, strict=True)])
            elif isinstance(b, Node):
                result = self.node(b.var, [walk(a, branch) for branch in b.branches])
            else:
                result = self.leaf(function(a.value, b.value))
            memo[a, b] = result
            return result

        return walk(a, b)

    def choose(self, condition: Diagram, yes: Diagram, no: Diagram) -> Diagram:
        """The diagram of `yes` where `condition` holds, else of `no`. All three are of this maker: so a branch on
        which the condition is decided is taken over as it stands, where `apply` would walk it."""
        memo: dict[tuple[Diagram, Diagram, Diagram], Diagram] = {}

        def walk(condition: Diagram, yes: Diagram, no: Diagram) -> Diagram:
            if isinstance(condition, Leaf):
                return yes if condition.value else no
            if yes is no:
                return yes
            key = (condition, yes, no)
            found = memo.get(key)
            if found is None:
                var = min([part.var for part in key if isinstance(part, Node)])
                asked = [part.branches if isinstance(part, Node) and part.var == var else repeat(part) for part in key]
                # Not strict: what doesn't ask this variable is the same on each of its branches.
                found = memo[key] = self.node(var, [walk(*parts) for parts in zip(*asked, strict=False)])
            return found

        return walk(condition, yes, no)

    def restrict(self, diagram: Diagram, values: Sequence[int | None]) -> Diagram:
        """The diagram that is left when the variables with a value (its number) are known."""
        memo: dict[int, Diagram] = {}

        def walk(at: Diagram) -> Diagram:
            if isinstance(at, Leaf):
                return self.leaf(at.value)
            found = memo.get(id(at))
            if found is None:
                value = values[at.var]
                if value is None:
                    found = self.node(at.var, [walk(branch) for branch in at.branches])
                else:
                    found = walk(at.branches[value])
                memo[id(at)] = found
            return found

        return walk(diagram)

    def map(self, function: Callable[[Any], Hashable], diagram: Diagram) -> Diagram:
        """The diagram whose results are `function` of the given one's, reduced again."""
        memo: dict[int, Diagram] = {}

        def walk(at: Diagram) -> Diagram:
            found = memo.get(id(at))
            if found is None:
                if isinstance(at, Leaf):
                    found = self.leaf(function(at.value))
                else:
                    found = self.node(at.var, [walk(branch) for branch in at.branches])
                memo[id(at)] = found
            return found

        return walk(diagram)


def value_at(diagram: Diagram, values: Sequence[int | None]) -> Leaf | None:
    """The leaf that these values lead to; None where an unknown variable is asked on the way."""
    at = diagram
    while at.__class__ is Node:
        value = values[at.var]
        if value is None:
            return None
        at = at.branches[value]
    assert isinstance(at, Leaf)  # noqa: S101 - the loop ends on nothing else
    return at


def support(diagram: Diagram) -> set[int]:
    """The variables that matter: those asked anywhere in the reduced diagram."""
    return {node.var for node in _parts(diagram) if isinstance(node, Node)}


def results(diagram: Diagram) -> set[Any]:
    """Every result that some assignment reaches."""
    return {leaf.value for leaf in _parts(diagram) if isinstance(leaf, Leaf)}


def _parts(diagram: Diagram) -> list[Diagram]:
    seen: dict[int, Diagram] = {}
    waiting = [diagram]
    while waiting:
        at = waiting.pop()
        if id(at) not in seen:
            seen[id(at)] = at
            if isinstance(at, Node):
                waiting.extend(at.branches)
    return list(seen.values())
