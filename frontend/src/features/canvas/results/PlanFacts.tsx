import { Copy } from "lucide-react";
import type { ReactNode } from "react";

import type { CompileAnswer } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { copyText } from "@/shared/ui/copyText";
import { IconButton } from "@/shared/ui/IconButton";

const SYMBOLS_SHOWN = 12;
const HASH_SHOWN = 12;

/** What the plan reads, how fresh that is, and the name by which its results are kept. */
export function PlanFacts({ answer }: { readonly answer: CompileAnswer }) {
  const { reads, freshness, plan_hash: hash } = answer;
  return (
    <dl className="flex flex-col gap-1.5 px-3 pb-2">
      <Fact name={S.results.tables}>
        <span className="font-mono text-2xs break-all">{reads.tables.join(", ")}</span>
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
  const shown = symbols.slice(0, SYMBOLS_SHOWN).join(", ");
  return symbols.length > SYMBOLS_SHOWN ? S.results.andMore(shown, symbols.length - SYMBOLS_SHOWN) : shown;
}
