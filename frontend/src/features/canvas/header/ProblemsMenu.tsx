import { TriangleAlert } from "lucide-react";

import { S } from "@/shared/strings";
import { Menu } from "@/shared/ui/Menu";

import { nodeName } from "../kinds";
import { useAnalysis } from "../store/analysis";
import { select, useCanvas } from "../store/canvas";
import { statusOf } from "../store/status";

/** How many nodes are broken, and the way to each. */
export function ProblemsMenu() {
  const doc = useCanvas((state) => state.doc);
  const { outcomes, graphProblem, ready } = useAnalysis();
  if (!ready) return null;
  const items = doc.nodes.flatMap((node) => {
    const status = statusOf(doc, node, outcomes.get(node.id));
    if (status.state !== "error") return [];
    return status.problems.map((problem) => ({
      label: `${nodeName(doc, node)}: ${problem.detail}`,
      run: () => select([node.id]),
    }));
  });
  if (graphProblem) items.unshift({ label: graphProblem.detail, run: () => select([graphProblem.node_id ?? ""]) });
  if (items.length === 0) return null;
  return (
    <Menu
      label={S.canvas.problemsTitle}
      buttonClass="text-danger"
      button={
        <>
          <TriangleAlert aria-hidden size={14} />
          {S.canvas.problems(items.length)}
        </>
      }
      items={items}
    />
  );
}
