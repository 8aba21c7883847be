import { toProblem } from "@/shared/api/problem";
import { type ColumnProfile as Found, type Profile, useColumnProfile } from "@/shared/api/profile";
import type { Cell } from "@/shared/api/types";
import { formatDatetime } from "@/shared/format/cell";
import { formatCount } from "@/shared/format/number";
import { S } from "@/shared/strings";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";

import { contentKey, type DocNode, toGraph, upstreamOf } from "../document/doc";
import { useCanvas } from "../store/canvas";
import { Bars } from "./Bars";

interface Props {
  readonly node: DocNode;
  readonly column: string;
}

/** What is in one column of a node's whole output, not only of the rows in view. */
export function ColumnProfile({ node, column }: Props) {
  const doc = useCanvas((state) => state.doc);
  const { data, error, refetch } = useColumnProfile(() => toGraph(upstreamOf(doc, node.id)), node.id, column, contentKey(doc, node.id));
  if (error) return <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />;
  const found = data?.columns[0];
  if (!found) return <Skeleton rows={4} />;
  return <Facts profile={data} column={found} />;
}

function Facts({ profile, column }: { readonly profile: Profile; readonly column: Found }) {
  const text = (cell: Cell) => (cell === null ? "–" : column.type === "datetime" ? formatDatetime(String(cell)) : String(cell));
  const facts = [
    [S.profile.nulls, S.profile.of(column.nulls, profile.row_count)],
    [S.profile.distinct, column.distinct_exact ? formatCount(column.distinct) : S.profile.atLeast(column.distinct)],
    [S.profile.least, text(column.min)],
    [S.profile.greatest, text(column.max)],
  ];
  const bars = column.histogram
    ? column.histogram.map((bin) => ({ label: S.profile.bin(text(bin.from), text(bin.to), bin.count), count: bin.count }))
    : null;
  return (
    <div data-testid="profile" className="flex flex-col gap-3">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 font-mono text-xs break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {bars && bars.length > 0 && (
        <figure className="flex flex-col gap-1">
          <figcaption className="text-xs font-medium text-muted">{S.profile.histogram}</figcaption>
          <Bars bars={bars} />
          <div aria-hidden className="flex justify-between gap-2 font-mono text-2xs text-muted">
            <span>{text(column.histogram?.[0]?.from ?? null)}</span>
            <span>{text(column.histogram?.at(-1)?.to ?? null)}</span>
          </div>
        </figure>
      )}
      {column.top_values && column.top_values.length > 0 && (
        <figure className="flex flex-col gap-1">
          <figcaption className="text-xs font-medium text-muted">{S.profile.top}</figcaption>
          <ul className="flex flex-col gap-0.5">
            {column.top_values.map(({ value, count }) => (
              <li key={String(value)} className="flex justify-between gap-3 text-xs">
                <span className="min-w-0 truncate">{text(value)}</span>
                <span className="text-muted tabular-nums">{S.profile.of(count, profile.distribution.rows)}</span>
              </li>
            ))}
          </ul>
        </figure>
      )}
      <p className="text-2xs text-muted">{S.profile.methods[profile.distribution.method]}</p>
    </div>
  );
}
