import { Copy } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";

import type { StatementInfo } from "@/shared/api/types";
import { toUtf16 } from "@/shared/schema/text";
import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";
import { cx } from "@/shared/ui/cx";
import { toast } from "@/shared/ui/toast";

import { colourSql } from "./colourSql";

interface Props {
  readonly statement: StatementInfo;
  /** Offsets (start, end) of the part to mark, in code points as the server counts them. */
  readonly span: readonly [number, number] | null;
}

const TONES = {
  keyword: "text-(--sql-keyword)",
  string: "text-(--sql-string)",
  number: "text-(--sql-number)",
  plain: "",
} as const;

export function SqlText({ statement, span }: Props) {
  const pieces = useMemo(() => {
    const at = (offset: number) => toUtf16(statement.sql, offset);
    return colourSql(statement.sql, span && [at(span[0]), at(span[1])]);
  }, [statement.sql, span]);
  const text = useRef<HTMLPreElement>(null);
  useEffect(() => {
    text.current?.querySelector("[data-marked]")?.scrollIntoView({ block: "nearest" });
  }, [pieces]);
  return (
    <figure className="relative m-0 border-b border-line last:border-0">
      <figcaption className="flex items-center justify-between py-0.5 pr-1 pl-3 text-2xs text-muted">
        {S.results.sqlFor(statement.store)}
        <IconButton
          icon={Copy}
          label={S.results.copySql}
          onClick={() => {
            navigator.clipboard.writeText(statement.sql).then(
              () => toast(S.results.copied),
              () => toast(S.results.copyFailed, "error"),
            );
          }}
        />
      </figcaption>
      <pre ref={text} data-testid="sql" className="px-3 pb-3 font-mono text-xs leading-5 break-words whitespace-pre-wrap">
        {pieces.map(({ from, text, tone, marked }) => (
          <span key={from} data-marked={marked || undefined} className={cx(TONES[tone], marked && "bg-accent-soft")}>
            {text}
          </span>
        ))}
      </pre>
    </figure>
  );
}
