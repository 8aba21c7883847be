import { CircleSlash } from "lucide-react";
import { useState } from "react";
import { createPortal } from "react-dom";

import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";

import { contentKey, type DocNode } from "../document/doc";
import { whole } from "../kinds/configs";
import { DEFAULT_PAGE_SIZE } from "../kinds/table_view";
import { CataloguePending } from "../page/CataloguePending";
import { useAnalysis } from "../store/analysis";
import { useCanvas } from "../store/canvas";
import { obstacle } from "../store/status";
import { Badge } from "./Badge";
import { ExportButton } from "./ExportButton";
import { ObstacleNote } from "./ObstacleNote";
import { Pager } from "./Pager";
import { Rows } from "./Rows";
import { RunButton } from "./RunButton";
import { Running } from "./Running";
import { useResult } from "./useResult";

interface Props {
  readonly node: DocNode;
  readonly as: "chart" | "data";
  /** Where the badge belongs: beside the tabs. */
  readonly badge: HTMLElement | null;
}

/** The node's rows as a grid or a chart, with everything that can stand in the way of them. */
export function RowsTab({ node, as, badge }: Props) {
  const doc = useCanvas((state) => state.doc);
  const outcomes = useAnalysis((state) => state.outcomes);
  const ready = useAnalysis((state) => state.ready);
  const content = contentKey(doc, node.id);
  // A page number counts within one result: another result begins at its first page.
  const [place, setPlace] = useState({ content, page: 0 });
  const page = place.content === content ? place.page : 0;
  const blocked = ready ? obstacle(doc, outcomes, node.id) : null;
  const result = useResult(doc, node, page, ready && blocked === null);

  if (!ready) return <CataloguePending />;
  if (blocked) return <ObstacleNote target={node} obstacle={blocked.node} status={blocked.status} />;

  const { data, error, isFetching, isPlaceholderData, waiting } = result;
  const busy = isFetching || waiting;
  const stop = () => void queryClient.cancelQueries({ queryKey: ["rows"] });
  if (error && !busy) {
    return (
      <div className="p-3">
        <ProblemNote problem={toProblem(error)} onRetry={() => void result.refetch()} />
      </div>
    );
  }
  if (!data) {
    if (!busy) {
      return (
        <EmptyState icon={CircleSlash} title={S.results.cancelled}>
          <Button onClick={() => void result.refetch()}>{S.results.run}</Button>
        </EmptyState>
      );
    }
    return (
      <div className="relative h-full" aria-busy>
        <Skeleton />
        <Running onCancel={stop} />
      </div>
    );
  }
  const old = isPlaceholderData || waiting;
  return (
    <div className="relative flex h-full flex-col" aria-busy={busy}>
      {badge &&
        createPortal(
          <>
            <Badge result={data} updating={busy} />
            <RunButton node={node} />
            <ExportButton node={node} />
          </>,
          badge,
        )}
      <div className={old ? "min-h-0 flex-1 opacity-45 transition-opacity" : "min-h-0 flex-1"}>
        <Rows node={node} result={data} as={as} page={page} />
      </div>
      {node.type === "table_view" && (
        <Pager
          page={page}
          pageSize={whole(node.data["page_size"], DEFAULT_PAGE_SIZE)}
          more={data.truncated}
          onPage={(next) => setPlace({ content, page: next })}
        />
      )}
      {busy && <Running onCancel={stop} />}
    </div>
  );
}
