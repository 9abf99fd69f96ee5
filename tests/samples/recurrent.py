"""Recurrent cells."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

for cell, gates, states in (
    ("rnn_tanh_cell", 1, "h"),
    ("rnn_relu_cell", 1, "h"),
    ("lstm_cell", 4, "(h, c)"),
    ("gru_cell", 3, "h"),
):
    for batch, features, size in ((3, 2, 4), (1, 3, 1), (0, 2, 3)):
        cell_state = {"c": array(normal, batch, size, seed=3)} if gates == 4 else {}
        more(
            cell,
            f"T.{cell}(x, {states}, v, w)",
            f"T.{cell}(x, {states}, v, w, a, b)",
            x=array(normal, features, batch).T,
            h=array(normal, batch, size, seed=1),
            **cell_state,
            v=array(normal, gates * size, features, seed=2),
            w=array(normal, size, gates * size, seed=4).T,
            a=array(normal, gates * size, seed=5),
            b=array(normal, gates * size, seed=6),
        )
