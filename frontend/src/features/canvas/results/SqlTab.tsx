import { useEffect, useMemo, useState } from "react";

import { toProblem } from "@/shared/api/problem";
import type { CompileAnswer } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";

import { type Doc, type DocNode, findNode } from "../document/doc";
import { nodeName } from "../kinds";
import { useAnalysis } from "../store/analysis";
import { useCanvas } from "../store/canvas";
import { mark } from "../store/marked";
import { obstacle } from "../store/status";
import { CompileSteps } from "./CompileSteps";
import { Lineage } from "./Lineage";
import { inNames } from "./inNames";
import { ObstacleNote } from "./ObstacleNote";
import { PlanFacts } from "./PlanFacts";
import { Residual } from "./Residual";
import { Section } from "./Section";
import { SqlText } from "./SqlText";
import { spansIn } from "./spans";
import { useCompilation } from "./useCompilation";
import { useEstimate } from "./useEstimate";

/** The SQL that the node compiles to, how each node before it ended up there, and what it reads. */
export function SqlTab({ node }: { readonly node: DocNode }) {
  const doc = useCanvas((state) => state.doc);
  const outcomes = useAnalysis((state) => state.outcomes);
  const blocked = obstacle(doc, outcomes, node.id);
  const { data, error, refetch } = useCompilation(doc, node, blocked === null);
  if (blocked) return <ObstacleNote target={node} obstacle={blocked.node} status={blocked.status} />;
  if (error) {
    return (
      <div className="p-3">
        <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />
      </div>
    );
  }
  return data ? <Explained doc={doc} node={node} answer={data} /> : <Skeleton />;
}

interface Props {
  readonly doc: Doc;
  readonly node: DocNode;
  readonly answer: CompileAnswer;
}

function Explained({ doc, node, answer }: Props) {
  const [picked, setPicked] = useState<string | null>(null);
  const shown = picked !== null && picked in answer.nodes ? picked : node.id;
  const spans = useMemo(() => answer.statements.map((_, index) => spansIn(answer, index)), [answer]);
  // The node shows on the canvas too, for as long as its part is marked here.
  useEffect(() => {
    if (picked !== null) mark(shown);
  }, [picked, shown]);
  useEffect(() => () => mark(null), [node.id]);
  const nameOf = (id: string) => {
    const found = findNode(doc, id);
    return found ? nodeName(doc, found) : id;
  };
  const estimate = useEstimate(doc, node, true);
  const several = answer.statements.length > 1;
  return (
    <div className="flex h-full flex-col overflow-auto md:flex-row md:overflow-hidden">
      <div className="min-w-0 shrink-0 md:flex-1 md:overflow-auto" tabIndex={0} role="region" aria-label={S.results.tabs.sql} data-keys="own">
        {answer.statements.map((statement, index) => (
          <SqlText
            key={index}
            title={S.results.sqlFor(statement.store, several ? index + 1 : null)}
            statement={statement}
            spans={spans[index] ?? []}
            shown={shown}
            follow={picked !== null}
            nameOf={nameOf}
            onPick={setPicked}
          />
        ))}
        {answer.residual && (
          <Residual
            residual={answer.residual}
            shown={shown}
            nameOf={nameOf}
            inNames={(detail) => inNames(doc, detail)}
            onPick={setPicked}
          />
        )}
      </div>
      <div className="shrink-0 border-line max-md:border-t md:w-80 md:overflow-auto md:border-l" tabIndex={0} role="region" aria-label={S.results.steps}>
        <Section title={S.results.steps} open>
          <CompileSteps doc={doc} reports={answer.nodes} shown={shown} onShow={setPicked} />
        </Section>
        <Section title={S.results.lineage}>
          <Lineage answer={answer} />
        </Section>
        <Section title={S.results.facts} open>
          <PlanFacts answer={answer} estimate={estimate} />
        </Section>
      </div>
    </div>
  );
}
