"""Graphs of thousands of operations: closed by themselves until they can be read, and never walked recursively."""

from __future__ import annotations

import math
import sys

import pytest

import nn
import tinygrad_scratch as tg
from tests.visualize.graphs import Loop, chain, drawing_of
from tinygrad_scratch import visualize
from tinygrad_scratch.visualize.collapsing import at_depth, collapsed
from tinygrad_scratch.visualize.drawing import Role
from tinygrad_scratch.visualize.fitting import fitted, grouped
from tinygrad_scratch.visualize.nesting import parts_of


def boxes_of(picture: visualize.Picture) -> int:
    return picture.source.count("fillcolor=") - picture.source.count("subgraph cluster")


def test_a_large_graph_is_closed_to_the_depth_that_fits_and_says_so() -> None:
    model = nn.MLP(4, [4] * 100, 2)
    picture = visualize.draw((model, tg.ones(1, 4)))
    assert boxes_of(picture) <= 60
    assert "boxes that stand for" in picture.source
    assert "depth=math.inf draws all of them" in picture.source


def test_depth_inf_draws_all_of_it() -> None:
    model = nn.MLP(4, [4] * 100, 2)
    picture = visualize.draw((model, tg.ones(1, 4)), depth=math.inf)
    assert picture.source.count("shape=cylinder") == 202
    assert "boxes that stand for" not in picture.source


def test_a_small_graph_is_left_as_it_is() -> None:
    assert "shape=folder" not in visualize.draw(chain(100)).source


def using_everywhere(shared: tg.Tensor) -> tg.Tensor:
    """Thirty products with one tensor, which are not repeats, since each is raised to another power."""
    y = tg.ones(1)
    for number in range(30):
        y = (y * shared) ** (number + 3)
    return y


def test_a_starting_point_that_is_used_everywhere_is_drawn_at_each_use() -> None:
    weight = tg.tensor([1.0], requires_grad=True)
    picture = visualize.draw(using_everywhere(weight), names={"weight": weight})
    assert picture.source.count("<b>weight</b>") == 30
    assert boxes_of(picture) == 30 * 4 + 2
    assert "boxes that stand for" not in picture.source


def test_a_result_that_is_used_everywhere_is_closed_earlier_and_so_is_all_beside_a_backward_pass() -> None:
    weight = tg.tensor([1.0], requires_grad=True)
    for picture in (
        visualize.draw(using_everywhere(weight.exp())),
        visualize.draw(using_everywhere(weight), backward=True),
    ):
        assert "boxes that stand for" in picture.source
        assert "shape=folder" in picture.source


def test_what_repeats_in_a_large_graph_is_drawn_once() -> None:
    picture = visualize.draw((Loop(), tg.ones(100, 2, 3)))
    assert "repeated ×100" in picture.source
    assert "14 boxes that stand for 509" in picture.source
    assert "shape=folder" not in picture.source


def test_the_explorer_closes_what_repeats_and_keeps_all_of_it() -> None:
    explorer = visualize.explore((Loop(), tg.ones(100, 2, 3)))
    assert '"title":"cell: Cell ×100"' in explorer.html
    assert explorer.html.count('"title":"getitem"') == 100


def test_no_recursion() -> None:
    length = 3 * sys.getrecursionlimit()
    root = chain(length).sum()
    assert "boxes that stand for" in visualize.draw(root).source
    assert "repeated ×" in visualize.draw(root, depth=math.inf, backward=True, fold_repeats=True).source
    assert "<html" in visualize.explore(root).html


def test_modules_nested_deeper_than_fits_are_closed_at_the_deepest_level_that_does() -> None:
    model = nn.Sequential(
        *(nn.Sequential(*(nn.Sequential(nn.Linear(2, 2), nn.ReLU()) for _ in range(6))) for _ in range(20))
    )
    drawing, closed = fitted(drawing_of((model, tg.ones(1, 2))), 60)
    shown = collapsed(drawing, closed)
    assert len(shown.boxes) == 22  # the twenty inner Sequentials, the input and the output
    assert {cluster.title for cluster in closed} == {f"{i}: Sequential" for i in range(20)}


@pytest.mark.parametrize("length", [41, 100, 601, 1601])
def test_groups_are_even_and_lose_nothing(length: int) -> None:
    drawing = drawing_of(chain(length))
    divided = grouped(drawing)
    assert all(len(parts) <= 40 for parts in parts_of(divided).values())
    operations = [box.title for box in divided.boxes if box.role is Role.OPERATION]
    assert operations == ["sin"] * length
    sizes = [len(parts_of(divided)[cluster]) for cluster in at_depth(divided, 1)]
    assert max(sizes) - min(sizes) <= 1


def test_a_closed_drawing_has_no_edge_to_a_box_that_is_not_there() -> None:
    drawing, closed = fitted(drawing_of(chain(1000)), 60)
    shown = collapsed(drawing, closed)
    boxes = set(shown.boxes)
    assert all({edge.source, edge.target} <= boxes for edge in shown.edges)
    assert all(box.cluster is None or set(box.cluster.upwards()) <= set(shown.clusters) for box in boxes)
