"""Ours, the peers and the floor side by side, as ratios within one run. See ``README.md``."""
