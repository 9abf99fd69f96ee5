"""Pictures of computation graphs, and an explorer in which a backward pass is replayed.

    from tinygrad_scratch import visualize

    visualize.draw(loss).save("graph.svg")                          # what the loss was computed from
    visualize.draw((model, x), depth=2).save("model.svg")           # a model by its modules, run once
    visualize.draw(loss, backward=True, dark=True).save("both.pdf")  # with the rules that give the gradients
    visualize.explore((model, x), "model.html")                     # open it in a browser

The graph keeps no values of results: only what the rules of the backward pass need, and that pass frees it. To see
values and gradients, have them recorded while they are there:

    with visualize.recording():
        loss = loss_function(model(x), y)
        loss.backward()
    visualize.draw(loss, names=globals(), values=True)
    visualize.explore(loss, "step.html", names=globals())

From the command line, a model or loss of a script is drawn without a change to the script:

    python -m tinygrad_scratch.visualize script.py:loss --output loss.html
    python -m tinygrad_scratch.visualize script.py:model --input 32x784 --output model.svg

Pictures are laid out by Graphviz: the system's ``dot``, or what ``pip install 'tinygrad-scratch[viz]'`` brings. The
explorer needs neither. How a picture comes about can be read in this order: `recording` watches what runs, and
`summary` and `images` say what is kept of each array; `graph` puts together what is known of a graph, `tracing` makes a
`drawing` of it, which `repeats`, `results`, `collapsing`, `fitting` and `mirror` turn into others, and `picture` and
`explorer` show it.
"""

from tinygrad_scratch.face import offered
from tinygrad_scratch.visualize.engines import RenderingError
from tinygrad_scratch.visualize.explorer import Explorer
from tinygrad_scratch.visualize.picture import Picture
from tinygrad_scratch.visualize.recording import recording
from tinygrad_scratch.visualize.views import draw, explore

__all__ = ["Explorer", "Picture", "RenderingError", "draw", "explore", "recording"]

offered(globals())
