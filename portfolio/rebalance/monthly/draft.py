"""A model as named columns and rows, before PuLP: its rows can be read, tested and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import pulp

    from portfolio.route.solving import Solved

Terms: TypeAlias = Mapping[str, float]  # coefficient by the name of the variable
Sense: TypeAlias = Literal["<=", ">=", "="]


class Sum(NamedTuple):
    """A linear sum: terms and a number."""

    terms: dict[str, float]
    number: float = 0.0

    def plus(self, other: Sum, times: float = 1.0) -> Sum:
        """Add another one, so many times."""
        terms = dict(self.terms)
        for name, value in other.terms.items():
            terms[name] = terms.get(name, 0.0) + times * value
        return Sum(terms, self.number + times * other.number)

    def at(self, values: Mapping[str, float]) -> float:
        """Give its value."""
        return self.number + sum(c * values.get(name, 0.0) for name, c in self.terms.items())


class Row(NamedTuple):
    """A constraint: terms, sense, and the number on the right."""

    name: str
    terms: Terms
    sense: Sense
    right: float

    def holds(self, values: Mapping[str, float], *, within: float = 1e-6) -> bool:
        """Tell whether it holds for these values."""
        left = sum(c * values.get(name, 0.0) for name, c in self.terms.items())
        if self.sense == "<=":
            return left <= self.right + within
        if self.sense == ">=":
            return left >= self.right - within
        return abs(left - self.right) <= within


class Variable(NamedTuple):
    """A quantity to be found."""

    low: float
    high: float | None
    is_whole: bool


def whole(most: float) -> Variable:
    """Give a quantity that is a whole number, from 0 on."""
    return Variable(0.0, most, is_whole=True)


def real(most: float | None = None, *, low: float = 0.0) -> Variable:
    """Give a quantity that is any number."""
    return Variable(low, most, is_whole=False)


@dataclass(slots=True)
class Draft:
    """Variables, rows and what is minimised."""

    variables: dict[str, Variable] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    objective: dict[str, float] = field(default_factory=dict)
    number: float = 0.0  # added to what is minimised

    def extend(self, rows: Iterable[Row]) -> None:
        """Add rows; a name is used once."""
        for row in rows:
            if row.name in self.rows:
                raise ValueError(f"two rows are named {row.name}")
            self.rows[row.name] = row

    def copy(self) -> Draft:
        """Give one to be changed on its own."""
        return Draft(dict(self.variables), dict(self.rows), dict(self.objective), self.number)

    def to_pulp(self) -> pulp.LpProblem:
        """Give the model for the solver: variables and rows sorted by name."""
        import pulp

        model = pulp.LpProblem("monthly", pulp.LpMinimize)
        made = {
            name: model.add_variable(
                name,
                one.low,
                one.high,
                cat=pulp.LpInteger if one.is_whole else pulp.LpContinuous,
            )
            for name, one in sorted(self.variables.items())
        }
        # PuLP 3.3 takes the pairs itself, 4 by a function; both ten times as quick as lpSum
        summed = getattr(pulp.LpAffineExpression, "from_list", pulp.LpAffineExpression)
        model += summed([(made[name], c) for name, c in sorted(self.objective.items())]), "cost"
        for place, (_, row) in enumerate(sorted(self.rows.items())):
            name = _in_pulp(place)
            left = summed([(made[term], c) for term, c in row.terms.items()])
            if row.sense == "<=":
                model += left <= row.right, name
            elif row.sense == ">=":
                model += left >= row.right, name
            else:
                model += left == row.right, name
        return model

    def prices(self, solved: Solved) -> dict[str, float]:
        """Give what each row was worth where the relaxed model was solved, by its name here."""
        return {
            name: solved.prices[_in_pulp(place)] for place, name in enumerate(sorted(self.rows))
        }


def _in_pulp(place: int) -> str:
    """Name a row by its place: PuLP changes names, and `a b` would become that of `a_b`."""
    return f"r{place:06}"
