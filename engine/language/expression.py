"""Text to Expression: our tokenizer, Python's parser for precedence alone, then an allow-list into the closed tree."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from ..amounts import parse_decimal
from ..diagnostics import Diagnostic, Origin, Span
from ..messages import diagnose, did_you_mean
from .signatures import FUNCTIONS, HELD_SINCE
from .tokens import Tokens, tokenize
from .tree import Arithmetic, Call, Choose, Compare, Expression, Literal, Logic, Member, Name, Negate, Node, Not, Value

MAX_DEPTH = 100

_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse(text: str, origin: Origin) -> Expression | list[Diagnostic]:
    """The expression ``text`` written at ``origin``, or every reason why it is none. Names are not looked up."""
    tokens = tokenize(text, origin)
    if isinstance(tokens, list):
        return tokens
    blanks = len(tokens.source) - len(tokens.source.lstrip())
    try:
        parsed = ast.parse(tokens.source[blanks:], mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        offset = _error_offset(error, text, blanks)
        return [diagnose("expression-syntax", origin.span(offset, offset + 1), problem=_problem(text, offset))]
    reader = _Reader(text, origin, tokens, blanks)
    root = reader.node(parsed)
    return reader.problems or Expression(text, root, origin)


def constant(value: Value, text: str, origin: Origin) -> Expression:
    """The expression of a value that YAML has read already: a number, a date, true."""
    return Expression(text, Literal(value, 0, len(text)), origin)


def _error_offset(error: Exception, text: str, blanks: int) -> int:
    """Where Python stopped: 0 where it came to the end and wanted more; the end of an ``a if b`` without ``else``."""
    column = error.offset if isinstance(error, SyntaxError) and error.offset is not None else 1
    if isinstance(error, SyntaxError) and error.msg.startswith("expected 'else'"):
        column = error.end_offset or column
    return max(0, min(column - 1 + blanks, len(text) - 1)) if column else len(text.rstrip()) - 1


def _problem(text: str, offset: int) -> str:
    outside = _QUOTED.sub("", text)
    if any(outside.count(opening) != outside.count(closing) for opening, closing in ("()", "[]")):
        return "the brackets do not pair up"
    if offset >= len(text.rstrip()) - 1:
        return "it ends too early, or its end does not fit what stands before"
    return f"it stops making sense at {text[offset:][:20]!r}"


class _Reader:
    """One pass over Python's tree; keeps going after a problem so that all are found."""

    def __init__(self, text: str, origin: Origin, tokens: Tokens, blanks: int) -> None:
        self.text, self.origin, self.percents, self.blanks = text, origin, tokens.percents, blanks
        self.problems: list[Diagnostic] = []
        self.depth = 0
        encoded = tokens.source[blanks:]
        self.ascii = encoded.isascii()
        self.encoded = encoded.encode("utf-8")

    def node(self, tree: ast.expr) -> Node:
        start, end = self._place(tree)
        if self.depth >= MAX_DEPTH:
            if not any(problem.code == "expression-too-deep" for problem in self.problems):
                self._problem("expression-too-deep", start, end, limit=MAX_DEPTH)
            return Literal(None, start, end)
        self.depth += 1
        made = self._node(tree, start, end)
        self.depth -= 1
        return made

    def _node(self, tree: ast.expr, start: int, end: int) -> Node:
        match tree:
            case ast.Constant():
                return self._constant(start, end)
            case ast.Name(id=name):
                return Literal(name == "true", start, end) if name in ("true", "false") else Name(name, start, end)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._negate(self.node(operand), start, end)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                # a plus changes nothing, but is for numbers alone: it is read as two minuses
                return self._negate(self._negate(self.node(operand), start, end), start, end)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.node(operand), start, end)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _ARITHMETIC:
                return Arithmetic(_ARITHMETIC[type(op)], self.node(left), self.node(right), start, end)
            case ast.BoolOp(op=op, values=values):
                word = "and" if isinstance(op, ast.And) else "or"
                return Logic(word, tuple(self.node(value) for value in values), start, end)
            case ast.Compare():
                return self._compare(tree, start, end)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Choose(self.node(test), self.node(body), self.node(orelse), start, end)
            case ast.Call():
                return self._call(tree, start, end)
            case _:
                return self._refuse(start, end)

    def _negate(self, operand: Node, start: int, end: int) -> Node:
        if isinstance(operand, Literal) and isinstance(operand.value, Fraction):
            return replace(operand, value=-operand.value, start=start, end=end)
        return Negate(operand, start, end)

    def _constant(self, start: int, end: int) -> Node:
        written = self.text[start:end]
        if written[0] in "'\"":
            # two texts side by side are one constant to Python; to a reader they are a mistake
            if written[0] in written[1:-1]:
                return self._refuse(start, end)
            return Literal(written[1:-1], start, end)
        is_percent = start in self.percents
        value = parse_decimal(written.removesuffix("%").strip())
        if value is None:
            return self._refuse(start, end)
        return Literal(value / 100 if is_percent else value, start, end, is_percent)

    def _compare(self, tree: ast.Compare, start: int, end: int) -> Node:
        if any(isinstance(op, ast.In | ast.NotIn) for op in tree.ops):
            listed = tree.comparators[0]
            if len(tree.ops) > 1 or not isinstance(listed, ast.Tuple | ast.List | ast.Constant):
                self._problem("membership-form", start, end)
                return Literal(None, start, end)
            # Python drops the brackets of ('A'): one value is a list of one
            written = [listed] if isinstance(listed, ast.Constant) else listed.elts
            items = tuple(self.node(item) for item in written)
            if not items:
                self._problem("membership-form", start, end)
            return Member(self.node(tree.left), items, isinstance(tree.ops[0], ast.NotIn), start, end)
        if not all(type(op) in _COMPARE for op in tree.ops):
            return self._refuse(start, end)
        operands = tuple(self.node(operand) for operand in (tree.left, *tree.comparators))
        return Compare(tuple(_COMPARE[type(op)] for op in tree.ops), operands, start, end)

    def _call(self, tree: ast.Call, start: int, end: int) -> Node:
        if not isinstance(tree.func, ast.Name) or tree.keywords or any(isinstance(a, ast.Starred) for a in tree.args):
            return self._refuse(start, end)
        name = tree.func.id
        name_start, name_end = self._place(tree.func)
        arguments = tuple(self.node(argument) for argument in tree.args)
        if name == HELD_SINCE and len(arguments) == 1 and isinstance(arguments[0], Name):
            # whoever holds a role is a fact of the account like any other, so this is a name
            return Name(f"{HELD_SINCE}({arguments[0].id})", start, end)
        if name == "date":
            return self._date(arguments, start, end)
        function = FUNCTIONS.get(name)
        if function is None:
            self._problem("unknown-function", name_start, name_end, name=name, near=did_you_mean(name, FUNCTIONS))
        elif not function.takes(len(arguments)) or name == HELD_SINCE:
            self._problem("argument-count", start, end, name=name, found=len(arguments), usage=function.usage)
        return Call(name, arguments, start, end)

    def _date(self, arguments: tuple[Node, ...], start: int, end: int) -> Node:
        value = arguments[0].value if len(arguments) == 1 and isinstance(arguments[0], Literal) else None
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return Literal(date.fromisoformat(value), start, end)
            except ValueError:
                self._problem("bad-date-literal", start, end, found=value)
                return Literal(None, start, end)
        self._problem("bad-date-literal", start, end, found=self.text[start:end])
        return Literal(None, start, end)

    def _refuse(self, start: int, end: int) -> Node:
        self._problem("expression-form", start, end, found=self.text[start:end][:40])
        return Literal(None, start, end)

    def _problem(self, code: str, start: int, end: int, **values: Any) -> None:
        self.problems.append(diagnose(code, self._span(start, end), **values))

    def _span(self, start: int, end: int) -> Span:
        return self.origin.span(start, end)

    def _place(self, tree: ast.expr) -> tuple[int, int]:
        """Python counts columns in UTF-8 bytes, and saw no percent signs; the house counts characters, and what ends in
        a percentage ends behind its sign.
        """
        start, end = tree.col_offset, tree.end_col_offset or tree.col_offset
        if not self.ascii:
            start, end = len(self.encoded[:start].decode()), len(self.encoded[:end].decode())
        end += self.blanks
        return start + self.blanks, end + self.text.startswith("%", end)
