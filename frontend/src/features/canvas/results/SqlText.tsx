import { Copy } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";

import type { StatementInfo } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";
import { cx } from "@/shared/ui/cx";
import { copyText } from "@/shared/ui/copyText";

import { colourSql } from "./colourSql";
import { nodeAt, type Span } from "./spans";

interface Props {
  readonly title: string;
  readonly statement: StatementInfo;
  readonly spans: readonly Span[];
  /** The node whose part is marked. */
  readonly shown: string;
  /** Whether to scroll to it: not before somebody asks for a node. */
  readonly follow: boolean;
  readonly nameOf: (node: string) => string;
  readonly onPick: (node: string) => void;
}

const TONES = {
  keyword: "text-(--sql-keyword)",
  string: "text-(--sql-string)",
  number: "text-(--sql-number)",
  plain: "",
} as const;

/** One statement. What a node wrote is marked; a click on any part shows the node that wrote it. */
export function SqlText({ title, statement, spans, shown, follow, nameOf, onPick }: Props) {
  const { sql } = statement;
  const pieces = useMemo(() => {
    const made = colourSql(sql, spans.flatMap(({ from, to }) => [from, to]));
    return made.map((piece) => ({ ...piece, node: nodeAt(spans, piece.from) }));
  }, [sql, spans]);
  const marked = spans.find(({ node }) => node === shown);
  const text = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (follow) text.current?.querySelector("[data-marked]")?.scrollIntoView({ block: "nearest" });
  }, [follow, pieces, shown]);
  return (
    <figure className="relative m-0 border-b border-line last:border-0">
      <figcaption className="flex items-center justify-between py-0.5 pr-1 pl-3 text-2xs text-muted">
        {title}
        <IconButton icon={Copy} label={S.results.copySql} onClick={() => copyText(sql)} />
      </figcaption>
      {/* The list of steps does the same by keyboard: the mouse only takes a short cut. */}
      <pre ref={text} data-testid="sql" className="px-3 pb-3 font-mono text-xs leading-5 break-words whitespace-pre-wrap">
        {pieces.map(({ from, text: part, tone, node }) => {
          const within = marked && marked.from <= from && from < marked.to;
          return (
            <span
              key={from}
              data-marked={within ? "" : undefined}
              data-node={node ?? undefined}
              title={node === null ? undefined : nameOf(node)}
              onClick={() => {
                // A click that ends a selection of text is none.
                if (node !== null && (getSelection()?.isCollapsed ?? true)) onPick(node);
              }}
              className={cx(TONES[tone], node !== null && "cursor-pointer", within && "bg-accent-soft")}
            >
              {part}
            </span>
          );
        })}
      </pre>
    </figure>
  );
}
