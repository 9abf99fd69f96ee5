"""The explorer's page: one file that needs nothing else, and the numbers in it are those of the tensors."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from tests.visualize.graphs import chain, scalar_expression, small_mlp, xor
from tinygrad_scratch import visualize
from tinygrad_scratch.visualize.explorer import page as page_module
from tinygrad_scratch.visualize.summary import summarized


def content_of(page: visualize.Explorer) -> dict[str, Any]:
    """The graph in the page, as the browser will read it."""
    found = re.search(r'<script type="application/json" id="graph">(.*?)</script>', page.html, re.DOTALL)
    assert found is not None
    content: dict[str, Any] = json.loads(found[1])
    return content


def box_named(content: dict[str, Any], title: str, role: str | None = None) -> dict[str, Any]:
    (found,) = (b for b in content["boxes"] if b["title"] == title and role in (None, b["role"]))
    return found


# The file


def test_it_is_one_file_that_needs_no_network(tmp_path: Path) -> None:
    loss, names = xor()
    path = tmp_path / "graph.html"
    page = visualize.explore(loss, path, names=names, title="XOR")
    text = path.read_text(encoding="utf-8")
    assert text == page.html
    assert set(re.findall(r"https?://[^\s\"'`]+", text)) == {"http://www.w3.org/2000/svg"}, "a name, not an address"
    assert not re.search(r"<(link|img|iframe)|@import|url\((?!#)|src=", text)
    assert "default-src 'none'" in text, "the page forbids itself to load anything"
    assert "<title>XOR</title>" in text


def test_an_mlp_takes_less_than_two_megabytes() -> None:
    model = nn.MLP(784, [256, 128], 10)
    page = visualize.explore(
        (lambda x, t: nn.functional.cross_entropy(model(x), t), (tg.randn(32, 784), tg.zeros(32, dtype=tg.int64)))
    )
    assert len(page.html.encode()) < 200_000


def test_notebooks_show_it_in_a_frame() -> None:
    page = visualize.explore(chain(2))
    frame = page._repr_html_()
    srcdoc = re.search(r'srcdoc="([^"]*)"', frame)
    assert srcdoc is not None
    assert html.unescape(srcdoc[1]) == page.html
    assert 'title="Graph explorer"' in frame


def test_the_same_graph_gives_the_same_page() -> None:
    assert visualize.explore(small_mlp()).html == visualize.explore(small_mlp()).html


def test_text_cannot_become_markup() -> None:
    hostile = "</script><script>alert(1)</script><!-- \u2028"
    x = tg.tensor([1.0], requires_grad=True)
    page = visualize.explore({hostile: x.exp()}, names={hostile: x}, title=hostile)
    assert "alert(1)</script>" not in page.html.replace("&lt;/script&gt;", "")
    assert box_named(content_of(page), hostile, "parameter")


def test_every_source_file_is_in_the_page() -> None:
    sources = {str(file.relative_to(page_module._SOURCES)) for file in page_module._SOURCES.rglob("*.js")}
    included = set(re.findall(r'^modules\["(.*?)"\] = ', visualize.explore(chain(1)).html, re.MULTILINE))
    assert included == sources
    assert "import {" not in visualize.explore(chain(1)).html


# What stands in it


def test_values_and_gradients_are_the_tensors_own() -> None:
    loss, names = xor()
    content = content_of(visualize.explore(loss, names=names))
    for path, parameter in names["model"].named_parameters():
        box = box_named(content, path)
        assert np.array(box["value"]["values"], np.float32).tolist() == parameter.detach().numpy().ravel().tolist()
        assert np.array(box["gradient"]["values"], np.float32).tolist() == parameter.grad.numpy().ravel().tolist()
    assert box_named(content, "x")["value"]["values"] == names["x"].detach().numpy().ravel().tolist()
    assert np.float32(box_named(content, "loss")["value"]["values"][0]) == loss.detach().numpy()


def test_statistics_of_large_arrays() -> None:
    x = tg.randn(50, 20, requires_grad=True)
    box = box_named(content_of(visualize.explore((lambda x: (x * x).mean(), x))), "x")
    value = box["value"]
    assert value["mean"] == pytest.approx(x.detach().numpy().mean(), rel=1e-5)
    assert value["std"] == pytest.approx(x.detach().numpy().std(), rel=1e-5)
    assert (value["minimum"], value["maximum"]) == pytest.approx(
        (x.detach().numpy().min(), x.detach().numpy().max()), rel=1e-5
    )
    assert value["histogram"] == np.histogram(x.detach().numpy().astype(np.float64), 24)[0].tolist()
    assert box["gradient"]["mean"] == pytest.approx((2 * x.detach().numpy() / x.detach().numpy().size).mean(), rel=1e-4)


def test_nan_and_infinity_are_counted_and_kept_out_of_the_statistics() -> None:
    x = tg.tensor([np.nan, np.inf, -np.inf, 1.0], requires_grad=True)
    value = box_named(content_of(visualize.explore(x * 1, names={"x": x})), "x")["value"]
    assert value == {"values": ["nan", "inf", "-inf", 1.0], "shape": [4], "nans": 1, "infinities": 2}
    summary = summarized(np.r_[np.full(100, np.nan), 1.0, 3.0])
    assert (summary.mean, summary.nans) == (2.0, 100)


def test_an_empty_array_and_integers() -> None:
    content = content_of(visualize.explore((lambda x, i: x.sum() + i, (tg.zeros(0, 3), tg.tensor([7])))))
    assert box_named(content, "x")["value"] == {"values": [], "shape": [0, 3]}
    assert box_named(content, "i")["value"]["values"] == [7]


def test_what_the_rules_keep_and_how_many_bytes() -> None:
    model, x = small_mlp()
    content = content_of(visualize.explore((model, x)))
    first, second = (box for box in content["boxes"] if box["title"] == "linear")
    assert first["saved"] == [{"name": "x", "shape": "(1, 4)", "bytes": 16}]
    assert {"name": "weight", "shape": "(2, 3)", "bytes": 24} in second["saved"]
    loss, _ = xor()
    assert all(box["isFreed"] for box in content_of(visualize.explore(loss))["boxes"] if box["title"] == "tanh")


def test_module_path_settings_and_formulas() -> None:
    model, x = small_mlp()
    content = content_of(visualize.explore((lambda x: model(x).sum(dim=1), x)))
    linear = next(box for box in content["boxes"] if box["title"] == "linear")
    assert content["clusters"][linear["cluster"]]["title"] == "layers.0: Linear"
    assert "dim=(1,)" in box_named(content, "sum")["settings"]
    relu = content["boxes"].index(box_named(content, "relu"))
    (edge,) = (edge for edge in content["edges"] if edge["target"] == relu)
    assert edge["rule"] == "g * (y != 0)"


def test_the_line_of_source_is_known_from_recording_and_from_anomaly_detection() -> None:
    x = tg.tensor([1.0], requires_grad=True)
    with visualize.recording():
        recorded = x.exp()
    with tg.autograd.detect_anomaly():
        watched = x.exp()
    unseen = x.exp()
    for y, name in ((recorded, "recorded"), (watched, "watched")):
        origin = box_named(content_of(visualize.explore(y)), "exp")["origin"]
        assert re.fullmatch(rf"test_explorer.py:\d+ in test_the_line\w+: {name} = x.exp\(\)", origin)
    assert "origin" not in box_named(content_of(visualize.explore(unseen)), "exp")


def test_fan_out_is_accumulated_part_by_part() -> None:
    y, names = scalar_expression()
    content = content_of(visualize.explore(y, names=names))
    a = content["boxes"].index(box_named(content, "a"))
    parts = [edge for edge in content["edges"] if edge["source"] == a]
    given = sorted(edge.get("given", edge["total"])["values"][0] for edge in parts)
    total = {edge["total"]["values"][0] for edge in parts}
    assert sum(given) == pytest.approx(names["a"].grad.item(), rel=1e-5)
    assert np.float32(min(total)) == names["a"].grad.numpy()


def test_a_model_is_run_and_its_backward_pass_replayed_without_touching_any_grad() -> None:
    model, x = small_mlp()
    content = content_of(visualize.explore((lambda x: model(x).sum(), x)))
    assert all(parameter.grad is None for parameter in model.parameters())
    assert "gradient" in box_named(content, "layers.0.weight")


def test_large_graphs_start_closed() -> None:
    content = content_of(visualize.explore(chain(2000)))
    assert len(content["boxes"]) == 2002
    assert _shown(content, content["closed"]) <= 60
    assert content_of(visualize.explore(chain(20)))["closed"] == []


def _shown(content: dict[str, Any], closed: Iterable[int]) -> int:
    def stands_for(box: dict[str, Any]) -> Any:
        cluster, found = box.get("cluster"), None
        while cluster is not None:
            found = cluster if cluster in closed else found
            cluster = content["clusters"][cluster].get("cluster")
        return id(box) if found is None else -1 - found

    return len({stands_for(box) for box in content["boxes"]})
