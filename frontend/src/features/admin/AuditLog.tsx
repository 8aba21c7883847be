import { useState } from "react";

import { useAudit } from "@/shared/api/admin";
import { toProblem } from "@/shared/api/problem";
import { formatDatetime } from "@/shared/format/cell";
import { formatCount } from "@/shared/format/number";
import { useDebounced } from "@/shared/hooks/useDebounced";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";
import { TextInput } from "@/shared/ui/inputs";

const DEBOUNCE_MS = 400;
const HEADS = [S.admin.at, S.admin.actor, S.admin.action, S.admin.object, S.admin.count, S.admin.rows];

/** Who did what, newest first. */
export function AuditLog() {
  const [actor, setActor] = useState("");
  const [action, setAction] = useState("");
  const filter = { actor: useDebounced(actor.trim(), DEBOUNCE_MS), action: useDebounced(action.trim(), DEBOUNCE_MS) };
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit(filter);
  const entries = data?.pages.flatMap((page) => page.items);
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">{S.admin.auditIntro}</p>
      <div className="flex gap-2 max-sm:flex-col">
        <TextInput aria-label={S.admin.filterActor} placeholder={S.admin.filterActor} value={actor} onChange={(event) => setActor(event.target.value)} />
        <TextInput aria-label={S.admin.filterAction} placeholder={S.admin.filterAction} value={action} onChange={(event) => setAction(event.target.value)} />
      </div>
      {error && <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />}
      {!entries && !error && <Skeleton />}
      {entries?.length === 0 && <p className="text-muted">{S.admin.noEntries}</p>}
      {entries && entries.length > 0 && (
        <div role="region" aria-label={S.admin.tabs.audit} tabIndex={0} className="overflow-x-auto rounded-md border border-line">
          <table className="w-full border-collapse bg-surface text-xs">
            <thead>
              <tr className="bg-sunken text-left">
                {HEADS.map((head) => (
                  <th key={head} scope="col" className="px-2 py-1.5 font-medium whitespace-nowrap">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <tr key={entry.number} className="border-t border-line">
                  <td className="px-2 py-1 font-mono text-2xs whitespace-nowrap">{formatDatetime(entry.at.replace(/\.\d+/, ""))}</td>
                  <td className="px-2 py-1">{entry.actor}</td>
                  <td className="px-2 py-1 whitespace-nowrap">{entry.action}</td>
                  <td className="px-2 py-1 font-mono text-2xs break-all">{entry.object}</td>
                  <td className="px-2 py-1 text-right tabular-nums">{formatCount(entry.count)}</td>
                  <td className="px-2 py-1 text-right tabular-nums">{entry.rows === null ? "" : formatCount(entry.rows)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <Button className="self-start" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {S.admin.more}
        </Button>
      )}
    </div>
  );
}
