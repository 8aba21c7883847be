"""Why an evaluation has no single answer."""

from __future__ import annotations


class Unspecified(Exception):  # noqa: N818 - not an error of the graph: the documents leave the answer open
    """The documents do not say which answer is right, for example which of two tied rows comes first."""


class Overflow(Exception):  # noqa: N818 - the answer *is* an error
    """A number left its type: an engine must report an error, never a wrong number."""
