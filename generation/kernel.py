"""Text of `cpp/model/equations.hpp` from the model's one description: rates, Jacobian, unrolled sparse LU, outputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nightdose.mechanism.expressions import Graph, Node
from nightdose.mechanism.system import QUANTITIES, RATES, STATE_NAMES, fingerprint, parameter_names

DYNAMIC = frozenset({*STATE_NAMES, "t"})


def system_graph() -> tuple[Graph, list[Node], list[Node]]:
    """Graph with the node of every quantity and of every rate."""
    graph = Graph()
    known: dict[str, Node] = {}
    for quantity in QUANTITIES:
        known[quantity.name] = graph.parse(quantity.equation, known)
    rates = [graph.parse(RATES[name], known) for name in STATE_NAMES]
    return graph, [known[quantity.name] for quantity in QUANTITIES], rates


class Printer:
    """C++ text of nodes; what depends on parameters alone is computed once a person, in `prepare`."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.slots: dict[Node, int] = {}
        self.moving: dict[Node, bool] = {}
        for node, (operator, *rest) in enumerate(graph.operations):
            self.moving[node] = (
                rest[0] in DYNAMIC if operator == "symbol" else any(self.moving[a] for a in graph.arguments(node))
            )

    def slot(self, node: Node) -> str:
        return f"c[{self.slots.setdefault(node, len(self.slots))}]"

    def formula(self, node: Node, names: dict[Node, str]) -> str:
        operator, *rest = self.graph.operations[node]
        if operator == "constant":
            return f"{float(rest[0])!r}"
        arguments = [names[int(argument)] for argument in rest]
        match operator:
            case "add":
                return f"{arguments[0]} + {arguments[1]}"
            case "subtract":
                return f"{arguments[0]} - {arguments[1]}"
            case "multiply":
                return f"{arguments[0]} * {arguments[1]}"
            case "negative":
                return f"-{arguments[0]}"
            case "reciprocal":
                return f"1.0 / {arguments[0]}"
        return f"{operator}_of({arguments[0]})"

    def block(self, roots: Sequence[tuple[str, Node]]) -> list[str]:
        """Statements that assign each root's value to its target."""
        names: dict[Node, str] = {}
        lines = []
        for node in self.graph.reachable(node for _, node in roots):
            operator, *rest = self.graph.operations[node]
            if operator == "constant":
                names[node] = f"{float(rest[0])!r}"  # a plain number meets vectors and doubles alike
            elif not self.moving[node]:
                names[node] = "?"  # a slot only if something moving uses it, see below
            elif operator == "symbol":
                names[node] = "t" if rest[0] == "t" else f"y[{STATE_NAMES.index(str(rest[0]))}]"
            else:
                used = {a: self.slot(a) if names[a] == "?" else names[a] for a in self.graph.arguments(node)}
                names[node] = f"v{node}"
                lines.append(f"const R v{node} = {self.formula(node, used)};")
        for target, node in roots:
            value = self.slot(node) if names[node] == "?" else names[node]
            number = self.graph.value(node) is not None
            lines.append(f"{target} = R{{}} + {value};" if number else f"{target} = {value};")
        return lines

    def prepare(self) -> list[str]:
        """Statements that fill the slots from the raw parameters `p`."""
        index = {name: i for i, name in enumerate(parameter_names())}
        names: dict[Node, str] = {}
        lines = []
        for node in self.graph.reachable(self.slots):
            operator, *rest = self.graph.operations[node]
            if operator == "symbol":
                names[node] = f"p[{index[str(rest[0])]}]"
            elif operator == "constant":
                names[node] = f"{float(rest[0])!r}"
            else:
                lines.append(f"const R v{node} = {self.formula(node, names)};")
                names[node] = f"v{node}"
        return lines + [f"c[{slot}] = {names[node]};" for node, slot in self.slots.items()]


def elimination(pattern: set[tuple[int, int]], size: int) -> tuple[list[int], set[tuple[int, int]]]:
    """Pivot order of least fill (Markowitz count) and the pattern with its fill."""
    left, filled, order = set(range(size)), set(pattern), []
    working = set(pattern)
    while left:

        def cost(k: int) -> tuple[int, int]:
            rows = sum((i, k) in working for i in left if i != k)
            columns = sum((k, j) in working for j in left if j != k)
            return rows * columns, k

        pivot = min(left, key=cost)
        left.remove(pivot)
        order.append(pivot)
        for i in left:
            if (i, pivot) in working:
                for j in left:
                    if (pivot, j) in working:
                        working.add((i, j))
                        filled.add((i, j))
    return order, filled


def factor_and_solve(
    pattern: set[tuple[int, int]], size: int
) -> tuple[dict[tuple[int, int], int], list[str], list[str]]:
    """Place of each matrix entry, statements of the LU factorisation in place, statements of the solution."""
    order, filled = elimination(pattern, size)
    rank = {pivot: k for k, pivot in enumerate(order)}
    place = {entry: k for k, entry in enumerate(sorted(filled, key=lambda e: (rank[e[0]], rank[e[1]])))}
    factor, forward, backward = [], [], []
    for k, pivot in enumerate(order):
        factor.append(f"m[{place[pivot, pivot]}] = 1.0 / m[{place[pivot, pivot]}];")
        below = [i for i in order[k + 1 :] if (i, pivot) in filled]
        right = [j for j in order[k + 1 :] if (pivot, j) in filled]
        for i in below:
            factor.append(f"m[{place[i, pivot]}] *= m[{place[pivot, pivot]}];")
            forward.append(f"b[{i}] -= m[{place[i, pivot]}] * b[{pivot}];")
            for j in right:
                factor.append(f"m[{place[i, j]}] -= m[{place[i, pivot]}] * m[{place[pivot, j]}];")
    for k in reversed(range(size)):
        pivot = order[k]
        for j in order[k + 1 :]:
            if (pivot, j) in filled:
                backward.append(f"b[{pivot}] -= m[{place[pivot, j]}] * b[{j}];")
        backward.append(f"b[{pivot}] *= m[{place[pivot, pivot]}];")
    return place, factor, forward + backward


def indented(lines: Iterable[str]) -> str:
    return "\n".join("  " + line for line in lines)


def header() -> str:
    """Text of equations.hpp."""
    graph, quantities, rates = system_graph()
    size = len(STATE_NAMES)
    slopes = {
        (i, j): graph.slope(rates[i], STATE_NAMES[j])
        for i in range(size)
        for j in range(size)
        if graph.value(graph.slope(rates[i], STATE_NAMES[j])) != 0
    }
    by_time = [graph.slope(rate, "t") for rate in rates]
    pattern = set(slopes) | {(i, i) for i in range(size)}
    place, factor, solve = factor_and_solve(pattern, size)
    printer = Printer(graph)
    rate_lines = printer.block([(f"f[{i}]", node) for i, node in enumerate(rates)])
    entries = [(f"m[{place[entry]}]", graph.negative(node)) for entry, node in slopes.items()]
    printer = _with(printer, graph)
    jacobian_lines = [f"m[{k}] = R{{}};" for e, k in sorted(place.items(), key=lambda x: x[1]) if e not in slopes]
    jacobian_lines += printer.block(entries)
    time_lines = printer.block([(f"dfdt[{i}]", node) for i, node in enumerate(by_time)])
    output_lines = printer.block([(f"q[{i}]", node) for i, node in enumerate(quantities)])
    prepare_lines = printer.prepare()
    diagonal = [f"m[{place[i, i]}] += inverse;" for i in range(size)]
    return f"""// Written by `python -m generation` from the model's description in src/nightdose. Do not edit.
// {size} states, {len(parameter_names())} parameters, {len(slopes)} Jacobian entries, {len(place)} after fill.
constexpr char FINGERPRINT[] = "{fingerprint()}";
constexpr int STATES = {size};
constexpr int PARAMETERS = {len(parameter_names())};
constexpr int QUANTITIES = {len(quantities)};
constexpr int PREPARED = {len(printer.slots)};
constexpr int ENTRIES = {len(place)};

// Once a person: everything that depends on parameters alone.
template <class R> static inline void prepare(const R* p, R* c) {{
{indented(prepare_lines)}
}}

// Right-hand sides dy/dt, per hour.
template <class R> static inline void rates(R t, const R* y, const R* c, R* f) {{
{indented(rate_lines)}
}}

// Minus the Jacobian, in the places that `factor` expects.
template <class R> static inline void minus_jacobian(R t, const R* y, const R* c, R* m) {{
{indented(jacobian_lines)}
}}

// Partial derivative of the rates by time.
template <class R> static inline void rates_by_time(R t, const R* y, const R* c, R* dfdt) {{
{indented(time_lines)}
}}

// LU factors of (inverse * I - J) in place, no pivoting, pivots stored inverted.
template <class R> static inline void factor(R inverse, R* m) {{
{indented(diagonal + factor)}
}}

// Solution of (inverse * I - J) x = b, in place.
template <class R> static inline void solve(const R* m, R* b) {{
{indented(solve)}
}}

// Quantities without memory, in the order of QUANTITY_NAMES.
template <class R> static inline void quantities(R t, const R* y, const R* c, R* q) {{
{indented(output_lines)}
}}
"""


def _with(printer: Printer, graph: Graph) -> Printer:
    """The same printer after the graph has grown."""
    grown = Printer(graph)
    grown.slots = printer.slots
    return grown
