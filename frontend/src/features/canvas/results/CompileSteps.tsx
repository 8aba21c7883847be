import type { NodeReport } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { cx } from "@/shared/ui/cx";

import { type Doc, findNode } from "../document/doc";
import { kindOf, nodeName } from "../kinds";
import { mark } from "../store/marked";
import { inNames } from "./inNames";

interface Props {
  readonly doc: Doc;
  readonly reports: Readonly<Record<string, NodeReport>>;
  /** The node whose part of the SQL is marked. */
  readonly shown: string;
  readonly onShow: (id: string) => void;
}

/** Node by node: merged into which query, or why it needed one of its own. */
export function CompileSteps({ doc, reports, shown, onShow }: Props) {
  return (
    <ol aria-label={S.results.steps}>
      {Object.entries(reports).map(([id, report]) => {
        const node = findNode(doc, id);
        if (!node) return null;
        const kind = kindOf(node.type);
        return (
          <li key={id}>
            <button
              type="button"
              aria-pressed={id === shown}
              onClick={() => onShow(id)}
              onPointerEnter={() => mark(id)}
              onPointerLeave={() => mark(shown)}
              className={cx(
                "flex w-full gap-2 border-l-2 px-2.5 py-1 text-left hover:bg-hover",
                id === shown ? "border-accent bg-accent-soft" : "border-transparent",
              )}
            >
              <kind.icon aria-hidden size={14} className="mt-0.5 shrink-0 text-muted" />
              <span className="flex min-w-0 flex-col">
                <span className="font-medium">
                  {nodeName(doc, node)}
                  <span className="ml-2 text-2xs font-normal text-muted" title={report.barrier ?? undefined}>
                    {report.store === "memory"
                      ? S.results.inMemory
                      : report.merged_into === null
                        ? S.results.newQuery
                        : S.results.merged}
                  </span>
                </span>
                <span className="text-xs text-muted">{inNames(doc, report.detail)}</span>
                {report.rollup && (
                  <span className="text-xs text-muted">
                    {S.results.rollup(report.rollup.used, report.rollup.table, report.rollup.reason)}
                  </span>
                )}
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
