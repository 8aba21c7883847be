import { Trash2, Workflow as WorkflowIcon } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";

import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import type { WorkflowSummary } from "@/shared/api/types";
import { deleteWorkflow, useWorkflows } from "@/shared/api/workflows";
import { formatMinute } from "@/shared/format/cell";
import { S } from "@/shared/strings";
import { ConfirmDialog } from "@/shared/ui/ConfirmDialog";
import { Dialog } from "@/shared/ui/Dialog";
import { IconButton } from "@/shared/ui/IconButton";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { SearchInput } from "@/shared/ui/SearchInput";
import { Skeleton } from "@/shared/ui/Skeleton";
import { toast } from "@/shared/ui/toast";

import { useCanvas } from "../store/canvas";
import { openNew } from "../store/persistence";

/** The tenant's workflows: open one, or delete it. */
export function OpenDialog({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const { data, error, refetch } = useWorkflows();
  const [search, setSearch] = useState("");
  const [deleting, setDeleting] = useState<WorkflowSummary | null>(null);
  const found = data?.filter((each) => each.name.toLowerCase().includes(search.toLowerCase()));

  const remove = async (workflow: WorkflowSummary) => {
    setDeleting(null);
    try {
      await deleteWorkflow(workflow.id);
      if (useCanvas.getState().workflow.id === workflow.id) {
        openNew();
        await navigate("/canvas");
      }
      toast(S.canvas.deletedToast(workflow.name));
    } catch (problem) {
      toast(toProblem(problem).detail, "error");
    }
    await queryClient.invalidateQueries({ queryKey: ["workflows"] });
  };
  return (
    <Dialog title={S.workflows.title} onClose={onClose} wide>
      <SearchInput autoFocus label={S.workflows.search} value={search} onText={setSearch} />
      {error && <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={4} />}
      {found?.length === 0 && <p className="text-muted">{data?.length === 0 ? S.workflows.none : S.workflows.noMatch}</p>}
      <ul className="flex flex-col gap-px">
        {found?.map((workflow) => (
          <li key={workflow.id} className="flex items-center gap-1 rounded-md hover:bg-hover">
            <button
              type="button"
              className="flex min-w-0 flex-1 items-center gap-2 rounded-md px-2 py-1.5 text-left"
              onClick={() => {
                onClose();
                void navigate(`/canvas/${workflow.id}`);
              }}
            >
              <WorkflowIcon aria-hidden size={14} className="shrink-0 text-muted" />
              <span className="min-w-0 flex-1 truncate font-medium">{workflow.name}</span>
              <span className="shrink-0 text-2xs text-muted">
                {S.workflows.changed(formatMinute(workflow.updated_at))}
              </span>
            </button>
            <IconButton icon={Trash2} label={`${S.common.delete} ${workflow.name}`} onClick={() => setDeleting(workflow)} />
          </li>
        ))}
      </ul>
      {deleting && (
        <ConfirmDialog
          title={S.workflows.deleteTitle}
          text={S.workflows.deleteText(deleting.name)}
          confirm={S.common.delete}
          danger
          onConfirm={() => void remove(deleting)}
          onClose={() => setDeleting(null)}
        />
      )}
    </Dialog>
  );
}
