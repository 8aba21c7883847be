"""A seeded corpus of random graphs, valid and broken, with the schemas and problems Python finds.

    python -m flowforge_local.corpus --count 3000 --seed 1     one JSON object per line

The browser's propagation replays it and must find the same (``corpus.test.ts``).
"""
