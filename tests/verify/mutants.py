"""`python -m tests.verify.mutants`: is each line of `checker/verify` needed to refuse forgeries?

Each line is changed in some ways, a change at a time, and the certificates of `forgeries.py` are
tried again: a change that lets a forgery through, or refuses an honest certificate, is noticed.
What nothing noticed is printed; `mutants.md` says why that does no harm.
"""

from __future__ import annotations

import ast
import copy
import importlib
import multiprocessing
import os
import signal
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import checker.verify
from tests.verify import forgeries

MODULES = ("tokens", "certificate_file", "case_sets", "claims", "certificates")
SECONDS = 60  # of a change without an end
COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMES = {
    "min": "max",
    "max": "min",
    "all_of": "any_of",
    "any_of": "all_of",
    "any": "all",
    "left": "right",
    "right": "left",
    "own": "inside",
    "inside": "own",
}


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what the node may be changed to, each with a word for the change."""
    for what, new in _changes(node):
        yield what, ast.copy_location(new, node)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for operator in COMPARISONS.get(type(node.ops[0]), []):
            yield operator.__name__, ast.Compare(node.left, [operator()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield other.__name__, ast.BoolOp(other(), node.values)
        for number in range(len(node.values)):
            rest = [value for index, value in enumerate(node.values) if index != number]
            kept = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
            yield f"without operand {number + 1}", kept
    elif isinstance(node, ast.UnaryOp):
        yield "without the operator", node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        yield "operator", ast.BinOp(node.left, OPERATIONS[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Name) and node.id in NAMES and isinstance(node.ctx, ast.Load):
        yield NAMES[node.id], ast.Name(NAMES[node.id], ast.Load())
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield NAMES[node.attr], ast.Attribute(node.value, NAMES[node.attr], node.ctx)
    elif isinstance(node, ast.stmt):
        yield from _statements(node)
    else:
        yield from _parts(node)


def _parts(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what is a part of the node in its place."""
    if isinstance(node, ast.IfExp):
        yield "always so", node.body
        yield "never so", node.orelse
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "negate":
        yield "without negate", node.args[0]
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        yield "without the slice", node.value
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield "without the condition", ast.comprehension(node.target, node.iter, [], 0)


def _constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.value, bool) or node.value is None:
        yield from (
            (str(value), ast.Constant(value))
            for value in (True, False, None)
            if value is not node.value
        )
    elif isinstance(node.value, int):
        yield from ((str(node.value + step), ast.Constant(node.value + step)) for step in (1, -1))
    elif isinstance(node.value, str):
        yield "another text", ast.Constant(node.value + "?")


def _statements(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(
        node, ast.Raise | ast.Assign | ast.AugAssign | ast.Delete | ast.Expr | ast.Continue
    ):
        yield "left out", ast.Pass()
    elif isinstance(node, ast.If):
        for value in (True, False):
            yield f"if {value}", ast.If(ast.Constant(value), node.body, node.orelse)
    elif isinstance(node, ast.Return):
        for value in (True, False, None):
            yield f"returns {value}", ast.Return(ast.Constant(value))


class _Change(ast.NodeTransformer):
    """Makes the one change of a number; counts them where there is none of that number."""

    def __init__(self, number: int) -> None:
        self.number, self.count, self.made = number, 0, ("", 0)

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the node, or what it is changed to."""
        if isinstance(node, ast.AnnAssign):  # an annotation is no code
            if node.value:
                node.value = self.visit(node.value)  # type: ignore[assignment]
            return node
        if isinstance(node, ast.FunctionDef):
            node.body = [self.visit(statement) for statement in node.body]  # type: ignore[misc]
            return node
        if isinstance(node, ast.Raise) or _is_words(node):  # the words of an error are not changed
            return self._change(node)
        changed = self._change(node)
        return self.generic_visit(node) if changed is node else changed

    def _change(self, node: ast.AST) -> ast.AST:
        if _is_words(node):
            return node
        for what, new in changes(node):
            if self.count == self.number:
                self.made = what, getattr(node, "lineno", 0)
                self.count += 1
                return new
            self.count += 1
        return node


def _is_words(node: ast.AST) -> bool:
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return text or isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom)


def mutants(source: str) -> Iterator[tuple[int, str, ast.Module]]:
    """Yield each change: its line, a word for it and the changed module."""
    tree, number = ast.parse(source), 0
    while True:
        change = _Change(number)
        changed = change.visit(copy.deepcopy(tree))
        if change.count <= number:
            return
        assert isinstance(changed, ast.Module)
        yield change.made[1], change.made[0], ast.fix_missing_locations(changed)
        number += 1


def _put(name: str, module: ast.Module) -> None:
    """Load the verifier anew, with one of its modules changed."""
    for each in MODULES:
        del sys.modules[f"checker.verify.{each}"]
    made = types.ModuleType(f"checker.verify.{name}")
    made.__file__ = f"{name}.py"
    for each in MODULES:
        full = f"checker.verify.{each}"
        if each != name:
            importlib.import_module(full)
            continue
        sys.modules[full] = made
        exec(compile(module, made.__file__, "exec"), made.__dict__)


def noticed(name: str, module: ast.Module) -> bool:
    """Return whether the change is noticed; it is tried in a process of its own."""
    process = os.fork()
    if not process:
        try:
            signal.alarm(SECONDS)
            _put(name, module)
            os._exit(1 if any(forgeries.mistakes()) else 0)
        except BaseException:  # whatever the change leads to
            os._exit(1)
    return os.waitpid(process, 0)[1] != 0


def _survivor(job: tuple[str, int, str, ast.Module]) -> tuple[str, int, str] | None:
    name, line, what, module = job
    return None if noticed(name, module) else (name, line, what)


def main() -> None:
    """Print the changes that nothing noticed, and how many there were."""
    assert not [*forgeries.mistakes()]
    sources = {
        name: Path(checker.verify.__path__[0], f"{name}.py").read_text(encoding="utf-8")
        for name in MODULES
    }
    names = sys.argv[1:] or MODULES
    jobs = [(name, *mutant) for name in names for mutant in mutants(sources[name])]
    count = 0
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for name, line, what in filter(None, pool.imap(_survivor, jobs, chunksize=4)):
            count += 1
            print(f"{name}.py:{line}: {what}: {sources[name].splitlines()[line - 1].strip()}")
    print(f"{len(jobs):,} changes, of which {count:,} were not noticed")


if __name__ == "__main__":
    main()
