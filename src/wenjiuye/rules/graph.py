"""Which facts and values feed a measure, as text and as a picture (SVG) that needs no other program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from wenjiuye.rules.expression import Expression, ValueUse
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.wording import Lang, formula, heading, sentence, window_sentence


@dataclass(frozen=True, slots=True)
class Node:
    """A box: its id, layer from left to right (0 facts and values, then conditions, last the measure), label."""

    id: str
    layer: int
    kind: str
    label: str


@dataclass(frozen=True)
class Graph:
    """Boxes and the arrows between them."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]


def measure_graph(policy: Policy, measure: Measure, on: dt.date, lang: Lang = "zh") -> Graph:
    """The graph of one measure: facts and values → conditions and formula → measure."""
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str], None] = {}

    def inputs(target: str, expression: Expression) -> None:
        for ref in expression.refs:
            name = f"fact:{ref.key}"
            nodes.setdefault(name, Node(name, 0, "fact", ref.fact.zh if lang == "zh" else ref.fact.en))
            edges[name, target] = None
        for node in expression.walk_into_rows():
            if isinstance(node.data, ValueUse):
                value = policy.values[node.data.name]
                name = f"value:{value.name}"
                nodes.setdefault(name, Node(name, 0, "value", value.zh if lang == "zh" else value.en))
                edges[name, target] = None

    for condition in measure.nodes:
        if condition.children:
            words = heading(condition.written, lang)
        else:
            say = window_sentence if condition.is_window else sentence
            words = say(policy, condition.written, on, lang)
        name = f"c{condition.index}"
        depth = _depth(measure, condition.index)
        nodes[name] = Node(name, -depth, "condition", words)
        if condition.parent is not None:
            edges[name, f"c{condition.parent}"] = None
        if not condition.children:
            inputs(name, condition.resolved)
    last = Node("measure", 1, "measure", measure.zh if lang == "zh" else measure.en)
    nodes[last.id] = last
    edges["c0", last.id] = None
    if measure.amount is not None and measure.written_amount is not None:
        nodes["amount"] = Node("amount", 0, "amount", formula(policy, measure.written_amount, on, lang))
        edges["amount", last.id] = None
        inputs("amount", measure.amount)
    return Graph(tuple(_layered(nodes)), tuple(edges))


def _depth(measure: Measure, index: int) -> int:
    parent = measure.nodes[index].parent
    return 0 if parent is None else 1 + _depth(measure, parent)


def _layered(nodes: dict[str, Node]) -> list[Node]:
    """Facts first, deep conditions before shallow ones, the measure last."""
    deepest = -min(node.layer for node in nodes.values() if node.kind == "condition")
    first = {"fact": 0, "value": 0, "measure": deepest + 2}

    def layer(node: Node) -> int:
        return first.get(node.kind, deepest + 1 + (node.layer if node.kind == "condition" else 0))

    return [replace(node, layer=layer(node)) for node in nodes.values()]


def graph_text(graph: Graph) -> str:
    """The graph as indented text, from the measure down to facts and values."""
    labels = {node.id: node for node in graph.nodes}
    into: dict[str, list[str]] = {}
    for source, target in graph.edges:
        into.setdefault(target, []).append(source)
    signs = {"fact": "·", "value": "#", "condition": "?", "amount": "=", "measure": ""}
    lines: list[str] = []

    def visit(name: str, depth: int) -> None:
        node = labels[name]
        lines.append(f"{'  ' * depth}{signs[node.kind]} {node.label}".rstrip())
        for source in into.get(name, ()):
            visit(source, depth + 1)

    visit("measure", 0)
    return "\n".join(lines).lstrip()


_WIDTH, _LINE, _GAP, _COLUMN = 250, 18, 12, 320
_COLOURS = {
    "fact": ("#eef4fb", "#2f6db3"),
    "value": ("#fdf5e6", "#b3832f"),
    "condition": ("#ffffff", "#5b6470"),
    "amount": ("#eef8f0", "#2f8a4c"),
    "measure": ("#2f6db3", "#1d4a7d"),
}


def graph_svg(graph: Graph) -> str:
    """The graph as a stand-alone SVG picture, layers from left to right."""
    columns: dict[int, list[Node]] = {}
    for node in graph.nodes:
        columns.setdefault(node.layer, []).append(node)
    place = _places(columns, graph.edges)
    height = max(y + tall for _, y, tall in place.values()) + _GAP
    width = len(columns) * _COLUMN - (_COLUMN - _WIDTH) + 2 * _GAP
    body = [_arrow(place[a], place[b]) for a, b in graph.edges] + [
        _box(node, place[node.id]) for node in graph.nodes
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif" font-size="13">\n'
        '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#8a94a0"/></marker></defs>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _places(
    columns: dict[int, list[Node]], edges: Sequence[tuple[str, str]]
) -> dict[str, tuple[int, int, int]]:
    """Left, top and height of each box; a box stands level with the middle of what feeds it."""
    place: dict[str, tuple[int, int, int]] = {}
    for number, layer in enumerate(sorted(columns)):
        feeds = {
            node.id: [place[a][1] + place[a][2] // 2 for a, b in edges if b == node.id and a in place]
            for node in columns[layer]
        }
        y = _GAP
        for node in sorted(columns[layer], key=lambda n: sum(feeds[n.id]) / max(len(feeds[n.id]), 1)):
            tall = _LINE * len(_wrapped(node.label)) + 12
            level = sum(feeds[node.id]) // len(feeds[node.id]) - tall // 2 if feeds[node.id] else y
            y = max(y, level)
            place[node.id] = (number * _COLUMN + _GAP, y, tall)
            y += tall + _GAP
    return place


def _box(node: Node, place: tuple[int, int, int]) -> str:
    x, y, tall = place
    fill, line = _COLOURS[node.kind]
    colour = "#ffffff" if node.kind == "measure" else "#1c2530"
    rows = "".join(
        f'<text x="{x + 10}" y="{y + 20 + i * _LINE}" fill="{colour}">{escape(row)}</text>'
        for i, row in enumerate(_wrapped(node.label))
    )
    return (
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{tall}" rx="5" fill="{fill}" stroke="{line}"/>{rows}'
    )


def _arrow(start: tuple[int, int, int], end: tuple[int, int, int]) -> str:
    x1, y1 = start[0] + _WIDTH, start[1] + start[2] // 2
    x2, y2 = end[0], end[1] + end[2] // 2
    bend = (x2 - x1) // 2
    return (
        f'<path d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}" '
        'fill="none" stroke="#8a94a0" marker-end="url(#a)"/>'
    )


def _wrapped(label: str) -> list[str]:
    """Lines of about 230 pixels: a Chinese character is twice as wide as a Latin one."""
    lines, line, width = [], "", 0
    for char in label:
        step = 2 if ord(char) > 0x2E7F else 1
        if width + step > 32 and (step == 2 or char == " "):
            lines.append(line.strip())
            line, width = "", 0
        line, width = line + char, width + step
    return [*lines, line.strip()] if line.strip() else lines
