import { ReactFlowProvider } from "@xyflow/react";
import { FileX2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useNavigate, useParams } from "react-router";

import { useNarrow } from "@/shared/hooks/useMediaQuery";
import { useSession } from "@/shared/session";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";

import { findNode } from "./document/doc";
import { CanvasHeader } from "./header/CanvasHeader";
import { useSave } from "./header/useSave";
import { LeaveGuard } from "./page/LeaveGuard";
import { NarrowLayout } from "./page/NarrowLayout";
import { WideLayout } from "./page/WideLayout";
import { useCanvasKeys } from "./page/useCanvasKeys";
import { useOpenWorkflow } from "./page/useOpenWorkflow";
import { PinDialog } from "./pinning/PinDialog";
import { usePinning } from "./pinning/pinning";
import { useRunAnalysis } from "./store/analysis";
import { useCanvas } from "./store/canvas";
import { openNew } from "./store/persistence";

// A workflow belongs to a tenant: with another one, the canvas starts empty.
useSession.subscribe((now, before) => {
  if (now.tenant !== before.tenant) openNew();
});

export function CanvasPage() {
  return (
    <ReactFlowProvider>
      <Canvas />
    </ReactFlowProvider>
  );
}

function Canvas() {
  const { workflowId } = useParams();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const [showKeys, setShowKeys] = useState(false);
  const saving = useSave();
  const { problem, loading } = useOpenWorkflow(workflowId);
  const pinned = usePinning((state) => state.nodeId);
  const pinnedNode = useCanvas((state) => findNode(state.doc, pinned));
  const name = useCanvas((state) => state.workflow.name);
  useRunAnalysis();
  useCanvasKeys({ save: saving.saveNow, showKeys: () => setShowKeys(true) });
  useEffect(() => {
    document.title = `${name || S.canvas.untitled} · ${S.common.app}`;
  }, [name]);

  if (problem) {
    return (
      <EmptyState icon={FileX2} title={S.workflows.loadFailed}>
        <ProblemNote problem={problem} />
        <Button
          onClick={() => {
            openNew();
            void navigate("/canvas");
          }}
        >
          {S.canvas.new}
        </Button>
      </EmptyState>
    );
  }
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">{S.canvas.title}</h1>
      <CanvasHeader saving={saving} showKeys={showKeys} onKeys={setShowKeys} />
      <div className="min-h-0 flex-1">{loading ? <Skeleton /> : narrow ? <NarrowLayout /> : <WideLayout />}</div>
      {pinnedNode && <PinDialog node={pinnedNode} />}
      <LeaveGuard />
    </div>
  );
}
