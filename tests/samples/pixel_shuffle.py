"""Channels into space, and back."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

for x in (array(normal, 2, 8, 3, 2), array(normal, 2, 3, 8, 2).T, array(normal, 2, 2, 4, 1, 3)):
    more("pixel_shuffle", "T.pixel_shuffle(x, 2)", "T.pixel_shuffle(x, 1)", x=x)
    more("channel_shuffle", "T.channel_shuffle(x, 2)", x=x)
for x in (array(normal, 2, 3, 4, 6), array(normal, 6, 4, 3).T):
    more("pixel_unshuffle", "T.pixel_unshuffle(x, 2)", x=x)
