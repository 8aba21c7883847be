"""``error_codes.ts``: the enum of ``flowforge.errors`` as a union of strings."""

from __future__ import annotations

from flowforge.errors import ErrorCode


def render(notice: str) -> str:
    """The file's text below a comment that carries ``notice``."""
    codes = "\n".join(f'  "{code.value}",' for code in ErrorCode)
    return (
        f"// {notice}\n\n"
        "/** Machine-readable causes of a problem; stable, unlike the sentences beside them. */\n"
        f"export const ERROR_CODES = [\n{codes}\n] as const;\n\n"
        "export type ErrorCode = (typeof ERROR_CODES)[number];\n"
    )
