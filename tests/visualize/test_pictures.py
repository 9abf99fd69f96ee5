"""Pictures: what stands in the DOT text, for every option of `draw`."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from tests.visualize.golden import FOLDER, PICTURES, golden_text
from tests.visualize.graphs import Loop, chain, cubed, drawing_of, scalar_expression, small_mlp, the_box, titles, xor
from tinygrad_scratch import visualize
from tinygrad_scratch.visualize.drawing import Role
from tinygrad_scratch.visualize.repeats import with_repeats_folded
from tinygrad_scratch.visualize.results import with_single_results_merged


@pytest.mark.parametrize("name", PICTURES)
def test_dot_text_is_what_it_was(name: str) -> None:
    assert golden_text(name) == (FOLDER / f"{name}.dot").read_text(encoding="utf-8")


def test_the_same_graph_gives_the_same_text() -> None:
    assert visualize.draw(small_mlp()).source == visualize.draw(small_mlp()).source


# Roles, names, shapes


def test_every_role_has_its_own_shape_and_colour() -> None:
    x = tg.tensor([1.0, 2.0])
    weight = tg.tensor([3.0, 4.0], requires_grad=True)
    source = visualize.draw((lambda x: (x * weight + 2).sum(), x), names={"weight": weight}).source
    looks = [
        (look["shape"], look["fill"])
        for look in re.finditer(r'fillcolor="(?P<fill>\S+)".*? shape=(?P<shape>\w+)', source)
    ]
    assert {shape for shape, _ in looks} == {"ellipse", "cylinder", "note", "box"}
    assert len(set(looks)) == 5, "an input and an output are both ellipses, but of two colours, and one has two lines"
    assert source.count("peripheries=2") == 1


def test_inputs_and_constants_of_a_function_are_seen() -> None:
    weight = tg.tensor([3.0, 4.0], requires_grad=True)
    drawing = drawing_of((lambda x, scale: x * weight * scale + 2, (tg.tensor([1.0, 2.0]), np.ones(2))))
    assert titles(drawing, Role.INPUT) == ["x", "scale"]
    assert titles(drawing, Role.CONSTANT) == ["2"]
    assert titles(drawing, Role.OPERATION) == ["multiply", "multiply", "add"]
    assert titles(drawing, Role.OUTPUT) == ["output"]


def test_an_input_that_is_an_index_is_an_input_too() -> None:
    tokens = tg.tensor([[1, 2], [3, 0]])
    model = nn.Sequential(nn.Embedding(4, 3), nn.Linear(3, 2))
    assert titles(drawing_of((model, tokens)), Role.INPUT) == ["input"]
    weight = tg.ones(4, 3, requires_grad=True)
    drawing = drawing_of((lambda tokens: weight[tokens] * (tokens > 0)[:, :, None], tokens))
    assert titles(drawing, Role.INPUT) == ["tokens"], "the index and what is compared are one tensor"


def test_what_needs_no_gradient_at_all_is_drawn_too() -> None:
    drawing = drawing_of((lambda x: (x * 2).exp(), tg.tensor([1.0])))
    assert titles(drawing, Role.OPERATION) == ["multiply", "exp"]
    assert not any(box.wants_gradient for box in drawing.boxes)


def test_inputs_may_be_a_mapping_by_name() -> None:
    drawing = drawing_of((lambda a, b: a - b, {"b": tg.tensor(1.0), "a": tg.tensor(2.0)}))
    assert titles(drawing, Role.INPUT) == ["a", "b"]


def test_parameters_carry_the_path_in_their_model() -> None:
    drawing = drawing_of(small_mlp())
    assert titles(drawing, Role.PARAMETER) == ["layers.0.weight", "layers.0.bias", "layers.2.weight", "layers.2.bias"]


def test_a_loss_alone_knows_the_names_of_its_model() -> None:
    model, x = small_mlp()
    assert "layers.2.weight" in titles(drawing_of(model(x).sum()), Role.PARAMETER)


def test_edges_say_shapes_and_dtypes() -> None:
    source = visualize.draw(small_mlp()).source
    assert "label=< (3, 4) float32 >" in source
    assert "label=< (1, 3) float32 >" in source


def test_tooltips_say_settings_lines_and_rules() -> None:
    source = visualize.draw((lambda x: (x * x).sum(dim=0), tg.ones(2, requires_grad=True))).source
    assert "operation: sum\n() float32\ndim=(0,)" in source
    assert re.search(r"test_pictures.py:\d+ in <lambda>: source = visualize.draw", source)
    assert 'tooltip="g * b"' in source


def test_several_results_are_all_drawn() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    assert titles(drawing_of({"sum": x.sum(), "exp": x.exp()}), Role.OUTPUT) == ["sum", "exp"]
    assert titles(drawing_of([x.sum(), x.exp()]), Role.OUTPUT) == ["output[0]", "output[1]"]


def test_an_operation_with_several_results_has_a_box_for_each() -> None:
    x = tg.tensor([[2.0, 0.0], [0.0, 3.0]], requires_grad=True)
    with visualize.recording():
        values, vectors = tg.linalg.eigh(x)
        y = values.sum() + vectors.sum()
        y.backward()
    drawing = drawing_of(y, {"x": x})
    assert titles(drawing, Role.OPERATION) == ["eigh", "output 0", "output 1", "sum", "sum", "add"]
    result = the_box(drawing, "output 0")
    assert result.value is not None
    assert result.gradient is not None
    assert result.value.values.tolist() == [2, 3]
    assert result.gradient.values.tolist() == [1, 1]
    assert [saved.name for saved in the_box(drawing, "eigh").saved] == ["y[0]", "y[1]"]
    visualize.draw(y, values=True, backward=True)
    with tg.no_grad():
        unrecorded = drawing_of((tg.linalg.eigh, tg.ones(2, 2)))
    assert titles(unrecorded, Role.OPERATION) == ["eigh", "output 0", "output 1"]


def test_an_operation_of_whose_results_one_is_used_is_one_box() -> None:
    x = tg.tensor([[2.0, 0.0], [0.0, 3.0]], requires_grad=True)
    with visualize.recording():
        y = tg.linalg.eigh(x)[0].sum()
        y.backward()
    merged = with_single_results_merged(drawing_of(y, {"x": x}))
    assert titles(merged, Role.OPERATION) == ["eigh", "sum"]
    box = the_box(merged, "eigh")
    assert box.value is not None
    assert box.gradient is not None
    assert (box.value.values.tolist(), box.gradient.values.tolist(), box.shape_text) == ([2, 3], [1, 1], "(2,) float32")
    assert [(edge.source.title, edge.target.title) for edge in merged.edges] == [
        ("x", "eigh"),
        ("eigh", "sum"),
        ("sum", "output"),
    ]
    assert "output 0" not in visualize.draw(y, values=True, backward=True).source


def test_writing_in_place_is_an_operation_after_what_was_there_before() -> None:
    x = tg.tensor([2.0, 0.0], requires_grad=True)
    with visualize.recording():
        y = x * 2
        y[0] = 5.0
    drawing = drawing_of(y, {"x": x})
    assert titles(drawing, Role.OPERATION) == ["multiply", "overwrite"]
    assert all(edge.source is not edge.target for edge in drawing.edges)


def test_what_a_write_replaced_is_not_drawn_if_nothing_is_known_of_it() -> None:
    w = tg.tensor(3.0, requires_grad=True)
    with visualize.recording():
        y = tg.zeros(2)
        y[1] = w
    drawing = drawing_of(y, {"w": w})
    assert [(edge.source.title, edge.target.title) for edge in drawing.edges] == [
        ("w", "overwrite"),
        ("overwrite", "output"),
    ]


def test_a_function_of_the_users_own_is_drawn_by_its_name() -> None:
    class Double(tg.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, gradient):
            return gradient * 2

    x = tg.tensor([1.0], requires_grad=True)
    with visualize.recording():
        y = Double.apply(x)
        y.sum().backward()
    assert titles(drawing_of(y), Role.OPERATION) == ["Double"]


# Clusters


def test_clusters_nest_by_module_path_and_name_the_class() -> None:
    titles_by_depth = [
        (sum(1 for _ in cluster.upwards()), cluster.title) for cluster in drawing_of(small_mlp()).clusters
    ]
    assert titles_by_depth == [
        (1, "MLP"),
        (2, "layers: Sequential"),
        (3, "layers.0: Linear"),
        (3, "layers.1: ReLU"),
        (3, "layers.2: Linear"),
    ]


def test_a_module_that_runs_twice_has_two_clusters() -> None:
    layer = nn.Linear(3, 3)
    drawing = drawing_of((lambda x: layer(layer(x).relu()), tg.ones(1, 3)))
    assert [cluster.title for cluster in drawing.clusters] == ["Linear", "Linear (call 2)"]


def test_at_most_one_box_stands_on_each_side_of_another() -> None:
    source = visualize.draw((nn.LSTM(3, 4), tg.ones(5, 2, 3))).source
    rows = re.findall(r"rank=same]([^}]*)}", source)
    assert [len(row.split()) for row in rows] == [3], "Graphviz has crashed with more"


# Values


def test_values_and_gradients_are_the_tensors_own() -> None:
    y, names = scalar_expression()
    drawing = drawing_of(y, names)
    for name in ("a", "b", "c", "y"):
        box = the_box(drawing, name)
        assert box.value is not None
        assert box.value.values == names[name].detach().numpy()
        if name != "y":
            assert box.gradient is not None
            assert box.gradient.values == names[name].grad.numpy()
    source = visualize.draw(y, names=names, values=True).source
    assert "0.2449" in source
    assert "-0.94" in source


def test_before_backward_there_is_no_grad_yet() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    with visualize.recording():
        y = (x * x).sum()
    source = visualize.draw(y, values=True).source
    assert source.count("no grad yet") == 4  # x, multiply, sum and the output
    assert ">0<" not in source


def test_what_was_not_recorded_is_not_made_up() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    y = (x + 1).sum()
    y.backward()
    source = visualize.draw(y, names={"x": x}, values=True).source
    assert "not recorded" in source
    assert "visualize.recording()" in source, "the caption says how to record it"
    assert "[1,&#160;1]" in source, "the grad of x is known"


def test_values_are_those_at_the_time_even_after_a_step() -> None:
    w = tg.tensor([1.0], requires_grad=True)
    with visualize.recording():
        y = (w * 3).sum()
        y.backward()
    with tg.no_grad():
        w -= 10 * w.grad
    box = the_box(drawing_of(y, {"w": w}), "w")
    assert box.value is not None
    assert box.value.values == [1.0]


def test_nan_and_infinity_stand_out() -> None:
    x = tg.tensor([0.0, -1.0, 1.0], requires_grad=True)
    with np.errstate(all="ignore"), visualize.recording():
        y = x.log()
    box = the_box(drawing_of(y), "log")
    assert box.value is not None
    assert box.value.alarm == "1 NaN, 1 infinite"
    alarm = "#b91c1c"
    assert alarm in visualize.draw(y, values=True).source
    assert alarm not in visualize.draw(y).source


def test_a_hook_changes_the_gradient_that_is_shown() -> None:
    x = tg.tensor(2.0, requires_grad=True)
    x.register_hook(lambda gradient: gradient * 100)
    with visualize.recording():
        y = x * 3
        y.backward()
    box = the_box(drawing_of(y, {"x": x}), "x")
    assert box.gradient is not None
    assert box.gradient.values == 300


def test_pictures_do_not_keep_a_graph_alive() -> None:
    from weakref import ref

    x = tg.tensor([1.0], requires_grad=True)
    with visualize.recording():
        y = x.exp()
    node = ref(y.node)
    visualize.draw(y, values=True)
    visualize.explore(y)
    del y
    assert node() is None


# Collapsing and repeats


def test_depth_closes_modules_to_boxes_with_shapes_and_parameter_count() -> None:
    source = visualize.draw(small_mlp(), depth=1).source
    assert "shape=folder" in source
    assert "(1, 4) → (1, 2)" in source
    assert "23 parameters" in source
    assert "layers.0" not in source
    deeper = visualize.draw(small_mlp(), depth=3).source
    assert deeper.count("shape=folder") == 3
    assert "layers.0: Linear" in deeper
    assert "15 parameters" in deeper


def test_depth_below_one_is_an_error() -> None:
    with pytest.raises(ValueError, match="depth must be at least 1"):
        visualize.draw(chain(1), depth=0)


def test_repeated_blocks_are_drawn_once_on_request() -> None:
    model, x = nn.MLP(8, [8] * 6, 8), tg.ones(1, 8)
    whole, folded = drawing_of((model, x)), with_repeats_folded(drawing_of((model, x)))
    assert titles(whole, Role.OPERATION).count("linear") == 7
    assert titles(folded, Role.OPERATION).count("linear") == 2
    assert "repeated ×6" in [cluster.title for cluster in folded.clusters]
    assert "repeated ×6" in visualize.draw((model, x), fold_repeats=True).source
    assert "repeated" not in str([cluster.title for cluster in whole.clusters])


def test_the_layers_of_a_transformer_are_drawn_once_in_training_too() -> None:
    model = nn.Transformer(8, 2, 3, 4, 16)
    x = tg.ones(5, 2, 8)
    source = visualize.draw((model, (x, x)), fold_repeats=True).source
    assert "encoder.layers.0: TransformerEncoderLayer ×3" in source
    assert "decoder.layers.0: TransformerDecoderLayer ×4" in source
    assert "repeated" not in source, "queries, keys and values are different things"


def test_a_loop_over_a_sequence_is_drawn_as_one_step() -> None:
    folded = with_repeats_folded(drawing_of((Loop(), tg.ones(5, 2, 3))))
    assert titles(folded, Role.OPERATION) == ["getitem", "linear", "linear", "add", "tanh", "stack"]
    assert [cluster.title for cluster in folded.clusters][1] == "repeated ×5"
    edges = [(edge.source.title, edge.target.title) for edge in folded.edges]
    assert edges.count(("tanh", "stack")) == 1
    assert edges.count(("tanh", "output[1]")) == 1, "the last state is that of the step that stands for all"


def test_the_steps_of_a_sequence_that_was_divided_at_once_are_folded_too() -> None:
    def states(x: tg.Tensor) -> tg.Tensor:
        state = tg.zeros(2, 3)
        for step in x.unbind(1):
            state = (state + step).tanh()
        return state

    folded = with_repeats_folded(drawing_of((states, tg.ones(2, 5, 3))))
    assert titles(folded, Role.OPERATION) == ["getitem", "add", "tanh"]


def test_steps_may_take_the_results_of_one_operation() -> None:
    pieces = tg.primitive(lambda x: tuple(x), name="pieces", is_multiple=True, x=lambda g: np.stack(g))

    def states(x: tg.Tensor) -> tg.Tensor:
        state = tg.zeros(3)
        for step in pieces(x):
            state = (state + step).tanh()
        return state

    folded = with_repeats_folded(drawing_of((states, tg.ones(5, 3))))
    assert titles(folded, Role.OPERATION) == ["pieces", "output 0", "add", "tanh"]


def test_the_last_step_may_use_fewer_results() -> None:
    cell = nn.LSTMCell(3, 4)

    def states(x: tg.Tensor) -> tg.Tensor:
        state = tg.zeros(2, 4), tg.zeros(2, 4)
        found = []
        for step in x:
            state = cell(step, state)
            found.append(state[0])
        return tg.stack(found)

    folded = with_repeats_folded(drawing_of((states, tg.ones(5, 2, 3))))
    assert titles(folded, Role.OPERATION) == ["getitem", "lstm", "output 1", "output 2", "stack"]
    assert folded.clusters[0].title == "repeated ×5"


def test_steps_of_which_not_all_are_collected_alike_are_not_folded() -> None:
    folded = with_repeats_folded(drawing_of((lambda x: tg.stack([x[0].exp(), x[1].exp() + 1, x[2].exp()]), tg.ones(3))))
    assert titles(folded, Role.OPERATION).count("exp") == 3


def test_only_as_many_blocks_are_folded_as_have_the_same_parameters() -> None:
    model = nn.Sequential(*(nn.Linear(4, 4, bias=bias) for bias in (False, False, True, True, True)))
    folded = with_repeats_folded(drawing_of((model, tg.ones(1, 4))))
    assert [cluster.title for cluster in folded.clusters][1:] == ["0: Linear ×2", "2: Linear ×3"]


def test_a_block_whose_result_is_used_elsewhere_is_not_folded() -> None:
    x = tg.tensor([1.0], requires_grad=True)
    a = x.sin()
    b = a.sin()
    c = b.sin()
    folded = with_repeats_folded(drawing_of(a + b + c))
    assert titles(folded, Role.OPERATION).count("sin") == 3


# The backward pass


def test_backward_draws_a_gradient_for_every_box_and_a_rule_on_every_edge() -> None:
    y, names = scalar_expression()
    source = visualize.draw(y, names=names, backward=True).source
    for title in ("∂ a", "∂ b", "∂ c", "∂ add", "∂ tanh", "∂ y"):
        assert f"<b>{title}</b>" in source
    assert "g * b" in source
    assert "sum of 2" in source, "the gradient of a has two parts"
    assert "<b>∂ " not in visualize.draw(y, names=names).source


def test_what_wants_no_gradient_has_none_in_the_backward_pass() -> None:
    source = visualize.draw(small_mlp(), backward=True).source
    assert "∂ layers.0.weight" in source
    assert "∂ input" not in source
    assert "∂ reshape" not in source


def test_a_graph_of_second_order_draws_like_any_other() -> None:
    x, _, slope = cubed()
    drawing = drawing_of(slope, {"x": x})
    assert titles(drawing, Role.PARAMETER) == ["x"]
    assert set(titles(drawing, Role.OPERATION)) == {"multiply", "add"}
    assert "∂ x" in visualize.draw(slope, names={"x": x}, backward=True).source


# Text


HOSTILE = '</td><b>"&\\N\\l {x|y}\n%s\x00<script>alert(1)</script>'


def test_all_text_is_escaped() -> None:
    x = tg.tensor([1.0], requires_grad=True)
    picture = visualize.draw({HOSTILE: x.exp()}, names={HOSTILE: x}, values=True, backward=True)
    quoted = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)  # text in which nothing has a meaning but \" and \\
    assert "<script>" not in quoted.sub("", picture.source)
    assert "\x00" not in picture.source
    assert "&lt;/td&gt;" in picture.source


def test_escaped_text_still_renders() -> None:
    pytest.importorskip("pygraphviz", reason="pygraphviz brings the engine: pip install 'tinygrad-scratch[viz]'")
    from tinygrad_scratch.visualize.engines import rendered

    x = tg.tensor([1.0], requires_grad=True)
    picture = visualize.draw({HOSTILE: x.exp()}, names={HOSTILE: x}, values=True)
    svg = rendered(picture.source, "svg").decode()
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_long_names_are_shortened() -> None:
    x = tg.tensor([1.0], requires_grad=True)
    source = visualize.draw(x.exp(), names={"x" * 500: x}).source
    assert "<b>" + "x" * 59 + "…</b>" in source


# Mistakes


def test_nothing_to_draw() -> None:
    with pytest.raises(TypeError, match=r"nothing to draw: expected a Tensor.*got int"):
        visualize.draw(3)
    with pytest.raises(RuntimeError, match=r"no graph behind this.*draw \(function, inputs\)"):
        visualize.draw(tg.tensor(1.0) * 2)


def test_inputs_that_do_not_fit() -> None:
    model, x = small_mlp()
    with pytest.raises(TypeError, match=r"MLP takes \(input.*these inputs do not fit"):
        visualize.draw((model, (x, x)))


def test_options_change_direction_and_theme() -> None:
    y, _ = xor()
    assert "rankdir=LR" in visualize.draw(y, left_to_right=True).source
    light, dark = visualize.draw(y).source, visualize.draw(y, dark=True).source
    assert light != dark
    assert re.sub(r"#[0-9a-f]{6}", "", light) == re.sub(r"#[0-9a-f]{6}", "", dark), "only colours differ"
    assert "boxes that stand for" not in visualize.draw(y, depth=math.inf).source
