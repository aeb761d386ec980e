"""Equations as a graph of shared sub-expressions: parse, differentiate, evaluate, print.

A value is the number of a node; equal expressions are the same node, so common sub-expressions are found for free.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from nightdose.errors import KnowledgeError

Node = int
FUNCTIONS: Mapping[str, Callable[[float], float]] = {"cos": math.cos, "sin": math.sin}


def names_in(text: str) -> list[str]:
    """Names of an expression in order of appearance, functions left out."""
    tree = ast.parse(text, mode="eval")
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id not in FUNCTIONS]
    return [node.id for node in sorted(found, key=lambda node: (node.lineno, node.col_offset))]


@dataclass(slots=True)
class Graph:
    """Expressions over named symbols. `operations[i]` is (operator, *arguments) of node i."""

    operations: list[tuple[str | float | int, ...]] = field(default_factory=list)
    _known: dict[tuple[str | float | int, ...], Node] = field(default_factory=dict)
    _slopes: dict[tuple[Node, str], Node] = field(default_factory=dict)

    def _node(self, *operation: str | float | int) -> Node:
        if operation not in self._known:
            self._known[operation] = len(self.operations)
            self.operations.append(operation)
        return self._known[operation]

    def constant(self, value: float) -> Node:
        return self._node("constant", float(value))

    def symbol(self, name: str) -> Node:
        return self._node("symbol", name)

    def value(self, node: Node) -> float | None:
        """The number of a constant node, None for anything else."""
        operation = self.operations[node]
        return float(operation[1]) if operation[0] == "constant" else None

    def add(self, a: Node, b: Node) -> Node:
        x, y = self.value(a), self.value(b)
        if x is not None and y is not None:
            return self.constant(x + y)
        if x == 0:
            return b
        if y == 0:
            return a
        if self.operations[b][0] == "negative":
            return self.subtract(a, int(self.operations[b][1]))
        return self._node("add", min(a, b), max(a, b))

    def negative(self, a: Node) -> Node:
        x = self.value(a)
        if x is not None:
            return self.constant(-x)
        if self.operations[a][0] == "negative":
            return int(self.operations[a][1])
        return self._node("negative", a)

    def subtract(self, a: Node, b: Node) -> Node:
        x, y = self.value(a), self.value(b)
        if x is not None and y is not None:
            return self.constant(x - y)
        if y == 0:
            return a
        if x == 0:
            return self.negative(b)
        if a == b:
            return self.constant(0.0)
        if self.operations[b][0] == "negative":
            return self.add(a, int(self.operations[b][1]))
        return self._node("subtract", a, b)

    def multiply(self, a: Node, b: Node) -> Node:
        x, y = self.value(a), self.value(b)
        if x is not None and y is not None:
            return self.constant(x * y)
        if x == 0 or y == 0:
            return self.constant(0.0)
        if x == 1:
            return b
        if y == 1:
            return a
        if x == -1:
            return self.negative(b)
        if y == -1:
            return self.negative(a)
        return self._node("multiply", min(a, b), max(a, b))

    def divide(self, a: Node, b: Node) -> Node:
        x, y = self.value(a), self.value(b)
        if x == 0:
            return a
        if y is not None:
            return self.multiply(a, self.constant(1.0 / y))
        if x == 1:
            return self._node("reciprocal", b)
        return self.multiply(a, self._node("reciprocal", b))

    def power(self, a: Node, exponent: int) -> Node:
        if exponent == 1:
            return a
        half = self.power(a, exponent // 2)
        square = self.multiply(half, half)
        return self.multiply(square, a) if exponent % 2 else square

    def apply(self, function: str, a: Node) -> Node:
        x = self.value(a)
        return self.constant(FUNCTIONS[function](x)) if x is not None else self._node(function, a)

    def parse(self, text: str, known: Mapping[str, Node]) -> Node:
        """Node of an expression; a name in `known` stands for its node, any other is a symbol."""

        def build(tree: ast.expr) -> Node:
            match tree:
                case ast.Constant(value=float() | int() as number):
                    return self.constant(float(number))
                case ast.Name(id=name):
                    return known[name] if name in known else self.symbol(name)
                case ast.UnaryOp(op=ast.USub(), operand=inner):
                    return self.negative(build(inner))
                case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() as exponent)) if exponent > 0:
                    return self.power(build(left), exponent)
                case ast.BinOp(left=left, op=operator, right=right) if type(operator) in self._binary():
                    return self._binary()[type(operator)](build(left), build(right))
                case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in FUNCTIONS:
                    return self.apply(name, build(inner))
            raise KnowledgeError(f"equation '{text}': '{ast.unparse(tree)}' is not part of the equation language")

        return build(ast.parse(text, mode="eval").body)

    def _binary(self) -> dict[type, Callable[[Node, Node], Node]]:
        return {ast.Add: self.add, ast.Sub: self.subtract, ast.Mult: self.multiply, ast.Div: self.divide}

    def slope(self, node: Node, name: str) -> Node:
        """Node of the partial derivative by one symbol."""
        key = (node, name)
        if key not in self._slopes:
            self._slopes[key] = self._slope(node, name)
        return self._slopes[key]

    def _slope(self, node: Node, name: str) -> Node:
        operator, *rest = self.operations[node]
        match operator:
            case "constant":
                return self.constant(0.0)
            case "symbol":
                return self.constant(1.0 if rest[0] == name else 0.0)
        inner = [int(argument) for argument in rest]
        d = [self.slope(argument, name) for argument in inner]
        match operator:
            case "add":
                return self.add(d[0], d[1])
            case "subtract":
                return self.subtract(d[0], d[1])
            case "negative":
                return self.negative(d[0])
            case "multiply":
                return self.add(self.multiply(d[0], inner[1]), self.multiply(inner[0], d[1]))
            case "reciprocal":
                return self.negative(self.multiply(d[0], self.multiply(node, node)))
            case "cos":
                return self.negative(self.multiply(d[0], self.apply("sin", inner[0])))
            case "sin":
                return self.multiply(d[0], self.apply("cos", inner[0]))
        raise AssertionError(f"operator {operator} has no derivative here")

    def reachable(self, roots: Iterable[Node]) -> list[Node]:
        """Nodes that the roots need, arguments before their users."""
        needed: set[Node] = set()
        waiting = list(roots)
        while waiting:
            node = waiting.pop()
            if node not in needed:
                needed.add(node)
                waiting += self.arguments(node)
        return sorted(needed)  # a node is always made after its arguments

    def arguments(self, node: Node) -> list[Node]:
        operator, *rest = self.operations[node]
        return [] if operator in ("constant", "symbol") else [int(argument) for argument in rest]
