import { Copy, MousePointerClick, PencilLine, Pin, Trash2 } from "lucide-react";
import { createElement } from "react";

import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { EmptyState } from "@/shared/ui/EmptyState";
import { IconButton } from "@/shared/ui/IconButton";
import { ProblemNote } from "@/shared/ui/ProblemNote";

import { isDecoration } from "../document/decorations";
import type { DocNode } from "../document/doc";
import { missingText } from "../flow/missingText";
import { kindOf, nodeName } from "../kinds";
import { openPinning } from "../pinning/pinning";
import { deleteSelection, duplicateSelection, patch } from "../store/actions";
import { useAnalysis, useInputSchemas } from "../store/analysis";
import { useCanvas } from "../store/canvas";
import { useSelectedNode } from "../store/selection";
import { statusOf } from "../store/status";
import { startRenaming } from "../store/renaming";
import { InputFields } from "./InputFields";
import { FORMS, SHOWN_AT_FIELD } from "./forms";
import { unplaced } from "./problems";

/** The selected node's settings. */
export function SettingsPanel() {
  const node = useSelectedNode();
  const count = useCanvas((state) => state.nodes.size);
  return (
    <section aria-label={S.settings.title} className="flex h-full flex-col bg-surface">
      {node ? (
        <NodeSettings key={node.id} node={node} />
      ) : (
        <EmptyState icon={MousePointerClick} title={count > 1 ? S.settings.several(count) : S.settings.empty}>
          {count > 1 && (
            <>
              <Button icon={Copy} onClick={duplicateSelection}>
                {S.settings.duplicate}
              </Button>
              <Button icon={Trash2} onClick={deleteSelection}>
                {S.common.delete}
              </Button>
            </>
          )}
        </EmptyState>
      )}
    </section>
  );
}

function NodeSettings({ node }: { readonly node: DocNode }) {
  const doc = useCanvas((state) => state.doc);
  const outcome = useAnalysis((state) => state.outcomes.get(node.id));
  const ready = useAnalysis((state) => state.ready);
  const inputs = useInputSchemas(node.id);
  const kind = kindOf(node.type);
  const status = statusOf(doc, node, outcome);
  const problems = status.state === "error" && ready ? status.problems : [];
  const form = FORMS[node.type];
  return (
    <>
      <header className="flex items-center gap-2 border-b border-line py-1 pr-1 pl-3">
        <kind.icon aria-hidden size={15} className="text-muted" />
        <h2 className="min-w-0 flex-1 truncate font-semibold">{nodeName(doc, node)}</h2>
        {!isDecoration(node) && (
          <Button tone="quiet" icon={Pin} aria-label={S.canvas.pin} title={S.canvas.pin} disabled={!outcome?.schema} onClick={() => openPinning(node.id)}>
            {S.pinning.confirm}
          </Button>
        )}
        <IconButton icon={PencilLine} label={S.settings.rename} onClick={() => startRenaming(node.id)} />
        <IconButton icon={Copy} label={S.settings.duplicate} onClick={duplicateSelection} />
        <IconButton icon={Trash2} label={S.settings.deleteNode} onClick={deleteSelection} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3">
        <InputFields node={node} />
        {status.state === "missing" && (
          <p className="rounded-md bg-warn-soft p-2 text-warn">{`${missingText(status.ports)}. ${S.settings.needsInput}`}</p>
        )}
        {form &&
          createElement(form, {
            node,
            input: inputs[0] ?? null,
            inputs,
            output: outcome?.schema ?? null,
            problems,
            onChange: (change) => patch(node.id, change),
          })}
        {unplaced(problems, SHOWN_AT_FIELD[node.type]).map((problem) => (
          <ProblemNote key={`${problem.code}${problem.detail}`} problem={problem} />
        ))}
      </div>
    </>
  );
}
