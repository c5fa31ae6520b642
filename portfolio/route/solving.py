"""Solve a PuLP model with HiGHS: the same answer on PuLP 3.3 and 4, and told how good it is.

The solver is driven step by step, because PuLP 3.3 ends with a KeyError where HiGHS stops at a
limit of nodes, and tells the bound of a maximisation with the other sign. Models are minimised, for
the same reason. Their variables are added in the order of their names, as PuLP 3.3 sorts them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    import pulp

Status: TypeAlias = Literal["optimal", "not-proved", "infeasible", "unbounded", "no-solution"]
WHOLE_WITHIN: Final = 1e-5  # how far a solver's whole number may be from one
SEED: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What came of a model."""

    status: Status  # optimal: within the gap that was asked for
    values: Mapping[str, float]  # by the name of the variable; empty where there is no solution
    objective: float | None  # None: no solution
    bound: float | None  # no solution is below it; None: not known
    prices: Mapping[str, float]  # by the name of the constraint; only of a model solved as an LP

    @property
    def has_solution(self) -> bool:
        """Tell whether there is a solution to look at."""
        return self.objective is not None

    @property
    def gap(self) -> float | None:
        """Give how far from its bound the solution is, as a share of it; None: not known."""
        if self.objective is None or self.bound is None:
            return None
        return max(0.0, self.objective - self.bound) / max(abs(self.objective), 1e-9)


def solve(
    model: pulp.LpProblem,
    *,
    gap: float = 0.0,
    max_nodes: int | None = None,
    start: Mapping[str, float] | None = None,
) -> Solved:
    """Solve a model with whole numbers, to a gap or a number of nodes, never to a time.

    Args:
        model: To be minimised.
        gap: Relative: the solver may stop this near to its bound.
        max_nodes: It stops after this many; then the answer may be `not-proved`.
        start: A solution to begin with, by the name of the variable.
    """
    options: dict[str, Any] = {"gapRel": gap, "random_seed": SEED}
    if max_nodes is not None:
        options["mip_max_nodes"] = max_nodes
    return _solved(model, start=start, is_whole=True, options=options)


def solve_relaxed(model: pulp.LpProblem) -> Solved:
    """Solve a model as if nothing had to be whole: its bound, and what each constraint is worth."""
    return _solved(model, start=None, is_whole=False, options={"random_seed": SEED})


def _solved(
    model: pulp.LpProblem,
    *,
    start: Mapping[str, float] | None,
    is_whole: bool,
    options: Mapping[str, Any],
) -> Solved:
    import pulp

    if model.sense != pulp.LpMinimize:
        raise ValueError("only a model that is minimised is solved alike by every PuLP")
    solver = pulp.HiGHS(mip=is_whole, msg=False, threads=1, **options)
    solver.createAndConfigureSolver(model)
    solver.buildSolverModel(model)
    variables = model.variables()
    if start is not None:
        places = [place for place, one in enumerate(variables) if one.name in start]
        values = [float(start[variables[place].name]) for place in places]
        model.solverModel.setSolution(len(places), places, values)
    solver.callSolver(model)
    return _told(model, variables, is_whole=is_whole and any(_is_whole(v) for v in variables))


def _told(model: Any, variables: list[Any], *, is_whole: bool) -> Solved:
    engine = model.solverModel
    status = _status(engine)
    info = engine.getInfo()
    if status not in ("optimal", "not-proved"):
        return Solved(status=status, values={}, objective=None, bound=None, prices={})
    solution = engine.getSolution()
    found = dict(zip((one.name for one in variables), map(float, solution.col_value), strict=True))
    if is_whole:
        found = {one.name: _rounded(one, found[one.name]) for one in variables}
    objective = float(info.objective_function_value)
    bound = float(info.mip_dual_bound) if is_whole else objective
    return Solved(
        status=status,
        values=found,
        objective=objective,
        bound=bound if math.isfinite(bound) else None,
        prices={} if is_whole else _prices(model, solution),
    )


def _status(engine: Any) -> Status:
    import highspy

    told = engine.getModelStatus()
    kinds = highspy.HighsModelStatus
    if told in (kinds.kOptimal, kinds.kModelEmpty):
        return "optimal"
    if told in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return "infeasible"
    if told == kinds.kUnbounded:
        return "unbounded"
    feasible = int(highspy.SolutionStatus.kSolutionStatusFeasible)
    has_solution = int(engine.getInfo().primal_solution_status) == feasible
    return "not-proved" if has_solution else "no-solution"


def _is_whole(variable: Any) -> bool:
    import pulp

    return bool(variable.cat == pulp.LpInteger)


def _rounded(variable: Any, value: float) -> float:
    if not _is_whole(variable):
        return value
    if abs(value - round(value)) > WHOLE_WITHIN:
        raise ValueError(f"{variable.name} = {value} is not whole")
    return float(round(value))


def _prices(model: Any, solution: Any) -> dict[str, float]:
    told = model.constraints()
    rows = list(told.values()) if hasattr(told, "values") else list(told)
    return dict(zip((row.name for row in rows), map(float, solution.row_dual), strict=True))
