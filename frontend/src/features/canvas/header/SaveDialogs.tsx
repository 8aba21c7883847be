import { toProblem } from "@/shared/api/problem";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { NameDialog } from "@/shared/ui/NameDialog";
import { toast } from "@/shared/ui/toast";

import { useCanvas } from "../store/canvas";
import { open, suggestName } from "../store/persistence";
import { ImpactDialog } from "../versions/ImpactDialog";
import type { Saving } from "./useSave";

/** The questions that saving can ask. */
export function SaveDialogs({ saving }: { readonly saving: Saving }) {
  const doc = useCanvas((state) => state.doc);
  const workflow = useCanvas((state) => state.workflow);
  const close = () => saving.ask(null);
  if (typeof saving.question === "object" && saving.question !== null) {
    return <ImpactDialog impact={saving.question} onSave={saving.saveAnyway} onClose={close} />;
  }
  switch (saving.question) {
    case null:
      return null;
    case "name":
    case "copy": {
      const copy = saving.question === "copy";
      return (
        <NameDialog
          title={copy ? S.canvas.saveAs : S.canvas.saveTitle}
          label={S.canvas.workflowName}
          initial={copy ? S.canvas.copyName(workflow.name || suggestName(doc)) : suggestName(doc)}
          confirm={S.common.save}
          busy={saving.saving}
          onConfirm={copy ? saving.saveCopyAs : saving.saveAs}
          onClose={close}
        />
      );
    }
    case "conflict":
      return (
        <Dialog
          title={S.canvas.conflictTitle}
          onClose={close}
          footer={
            <>
              <Button
                onClick={() => {
                  close();
                  if (workflow.id) open(workflow.id).catch((error: unknown) => toast(toProblem(error).detail, "error"));
                }}
              >
                {S.canvas.conflictReload}
              </Button>
              <Button tone="primary" onClick={() => saving.saveCopyAs(S.canvas.copyName(workflow.name))}>
                {S.canvas.conflictCopy}
              </Button>
            </>
          }
        >
          <p>{S.canvas.conflictText}</p>
        </Dialog>
      );
  }
}
