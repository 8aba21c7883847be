import { useMutation } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";

import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import { restoreVersion, useVersions } from "@/shared/api/versions";
import { formatMinute } from "@/shared/format/cell";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { ConfirmDialog } from "@/shared/ui/ConfirmDialog";
import { Dialog } from "@/shared/ui/Dialog";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";
import { cx } from "@/shared/ui/cx";
import { toast } from "@/shared/ui/toast";

import { isDirty, useCanvas } from "../store/canvas";
import { open } from "../store/persistence";
import { DiffView } from "./DiffView";

interface Props {
  readonly workflowId: string;
  readonly onClose: () => void;
}

/** The saved states of a workflow: what changed since each, and the way back to it. */
export function VersionsDialog({ workflowId, onClose }: Props) {
  const { data, error, refetch } = useVersions(workflowId);
  const [picked, setPicked] = useState<number | null>(null);
  const [asking, setAsking] = useState(false);
  const newest = data?.[0]?.version;
  const chosen = picked ?? data?.[1]?.version ?? newest;
  const restore = useMutation({
    mutationFn: async (version: number) => {
      await restoreVersion(workflowId, version, useCanvas.getState().workflow.etag);
      await open(workflowId);
      await queryClient.invalidateQueries({ queryKey: ["workflows"] });
      await queryClient.invalidateQueries({ queryKey: ["versions"] });
    },
    onSuccess: (_done, version) => {
      toast(S.versions.restored(version));
      onClose();
    },
  });
  const begin = () => {
    if (isDirty(useCanvas.getState())) setAsking(true);
    else if (chosen !== undefined) restore.mutate(chosen);
  };
  return (
    <Dialog
      title={S.versions.title}
      onClose={onClose}
      size="large"
      footer={
        <Button
          tone="primary"
          icon={History}
          disabled={chosen === undefined || chosen === newest || restore.isPending}
          onClick={begin}
        >
          {S.versions.restore}
        </Button>
      }
    >
      {error && <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />}
      {restore.error && <ProblemNote problem={toProblem(restore.error)} />}
      {!data && !error && <Skeleton rows={5} />}
      {data && newest !== undefined && chosen !== undefined && (
        <div className="flex min-h-0 gap-4 max-md:flex-col">
          <ol aria-label={S.versions.list} className="flex shrink-0 flex-col gap-px overflow-y-auto max-md:max-h-40 md:max-h-[62dvh] md:w-60">
            {data.map((each) => (
              <li key={each.version}>
                <button
                  type="button"
                  aria-pressed={each.version === chosen}
                  onClick={() => setPicked(each.version)}
                  className={cx(
                    "flex w-full flex-col rounded-md px-2 py-1.5 text-left",
                    each.version === chosen ? "bg-accent-soft" : "hover:bg-hover",
                  )}
                >
                  <span className="font-medium">
                    {S.versions.version(each.version)}
                    {each.version === newest && <span className="font-normal text-muted"> ({S.versions.current})</span>}
                  </span>
                  <span className="text-2xs break-words text-muted">
                    {S.versions.savedBy(each.saved_by, formatMinute(each.saved_at))}
                  </span>
                </button>
              </li>
            ))}
          </ol>
          <div className="min-w-0 flex-1 overflow-y-auto md:max-h-[62dvh]" tabIndex={0} role="region" aria-label={S.versions.compare(chosen, newest)}>
            {chosen === newest ? (
              <p className="text-muted">{S.versions.pick}</p>
            ) : (
              <>
                <h3 className="pb-2 font-semibold">{S.versions.compare(chosen, newest)}</h3>
                <DiffView workflowId={workflowId} from={chosen} to={newest} />
              </>
            )}
          </div>
        </div>
      )}
      {asking && chosen !== undefined && (
        <ConfirmDialog
          title={S.versions.restoreTitle}
          text={S.versions.restoreText}
          confirm={S.versions.restore}
          danger
          onConfirm={() => {
            setAsking(false);
            restore.mutate(chosen);
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Dialog>
  );
}
