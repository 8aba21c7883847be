import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { toProblem } from "@/shared/api/problem";
import { compile } from "@/shared/api/run";
import { useDebounced } from "@/shared/hooks/useDebounced";
import { useSession } from "@/shared/session";
import { S } from "@/shared/strings";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";

import { contentKey, type DocNode, toGraph, upstreamOf } from "../document/doc";
import { useAnalysis } from "../store/analysis";
import { useCanvas } from "../store/canvas";
import { obstacle } from "../store/status";
import { CompileSteps } from "./CompileSteps";
import { ObstacleNote } from "./ObstacleNote";
import { SqlText } from "./SqlText";

const DEBOUNCE_MS = 300;

/** The SQL that the node compiles to, and how each node before it ended up there. */
export function SqlTab({ node }: { readonly node: DocNode }) {
  const doc = useCanvas((state) => state.doc);
  const outcomes = useAnalysis((state) => state.outcomes);
  const tenant = useSession((state) => state.tenant);
  const [picked, setPicked] = useState<string | null>(null);
  const blocked = obstacle(doc, outcomes, node.id);
  const content = contentKey(doc, node.id);
  const settled = useDebounced(content, DEBOUNCE_MS);
  const { data, error, refetch } = useQuery({
    queryKey: ["sql", tenant, node.id, content],
    queryFn: ({ signal }) => compile(toGraph(upstreamOf(doc, node.id)), node.id, signal),
    enabled: blocked === null && settled === content,
  });
  if (blocked) return <ObstacleNote target={node} obstacle={blocked.node} status={blocked.status} />;
  if (error) {
    return (
      <div className="p-3">
        <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!data) return <Skeleton />;
  const shown = picked !== null && picked in data.nodes ? picked : node.id;
  return (
    <div className="flex h-full flex-col overflow-auto md:flex-row md:overflow-hidden">
      <div className="min-w-0 flex-1 md:overflow-auto" tabIndex={0} role="region" aria-label={S.results.tabs.sql} data-keys="own">
        {data.statements.map((statement, index) => (
          <SqlText key={index} statement={statement} span={data.nodes[shown]?.sql_span ?? null} />
        ))}
      </div>
      <CompileSteps doc={doc} reports={data.nodes} shown={shown} onShow={setPicked} />
    </div>
  );
}
