import { Copy } from "lucide-react";
import type { ReactNode } from "react";

import type { CompileAnswer, Estimate } from "@/shared/api/types";
import { formatBytes, formatCompact } from "@/shared/format/number";
import { S } from "@/shared/strings";
import { copyText } from "@/shared/ui/copyText";
import { IconButton } from "@/shared/ui/IconButton";

const SYMBOLS_SHOWN = 12;
const HASH_SHOWN = 12;

interface Props {
  readonly answer: CompileAnswer;
  readonly estimate: Estimate | undefined;
}

/** What the plan reads and about how much, how fresh that is, and the name by which its results are kept. */
export function PlanFacts({ answer, estimate }: Props) {
  const { reads, freshness, plan_hash: hash } = answer;
  return (
    <dl className="flex flex-col gap-1.5 px-3 pb-2">
      {estimate && (
        <Fact name={S.results.estimate}>
          <span data-testid="estimate">{amount(estimate)}</span>
          {estimate.statements.length > 1 &&
            estimate.statements.map((each, index) => (
              <span key={index} className="block text-2xs text-muted">
                {`${S.results.sqlFor(each.store, index + 1)}: ${amount(each)}`}
              </span>
            ))}
        </Fact>
      )}
      <Fact name={S.results.tables}>
        {reads.details.map(({ table, columns }) => (
          <span key={table} className="block">
            <span className="font-mono text-2xs break-all">{table}</span>
            <span className="text-2xs text-muted" title={columns.join(", ")}>
              {` · ${S.common.columns(columns.length)}`}
            </span>
          </span>
        ))}
      </Fact>
      <Fact name={S.results.symbols}>{symbolsText(reads.symbols)}</Fact>
      <Fact name={S.results.freshness}>{freshness}</Fact>
      <Fact name={S.results.planHash}>
        <span className="flex items-center gap-1">
          <code className="font-mono text-2xs" title={hash}>
            {hash.slice(0, HASH_SHOWN)}
          </code>
          <IconButton icon={Copy} label={S.results.copyHash} className="size-5" onClick={() => copyText(hash)} />
        </span>
      </Fact>
    </dl>
  );
}

function amount({ rows, bytes }: Pick<Estimate, "rows" | "bytes">): string {
  return S.results.upTo(formatCompact(rows), formatBytes(bytes));
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-2xs text-muted">{name}</dt>
      <dd className="text-xs">{children}</dd>
    </div>
  );
}

function symbolsText(symbols: readonly string[] | "*"): string {
  if (symbols === "*") return S.results.allSymbols;
  if (symbols.length === 0) return S.results.noSymbols;
  const shown = symbols.slice(0, SYMBOLS_SHOWN).join(", ");
  return symbols.length > SYMBOLS_SHOWN ? S.results.andMore(shown, symbols.length - SYMBOLS_SHOWN) : shown;
}
