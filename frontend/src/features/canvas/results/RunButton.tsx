import { Play } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";

import { requestExecution } from "@/shared/api/executions";
import { toProblem } from "@/shared/api/problem";
import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";
import { toast } from "@/shared/ui/toast";

import { type DocNode, toGraph, upstreamOf } from "../document/doc";
import { useCanvas } from "../store/canvas";

/** Run everything behind a node, and keep the whole result for a while. */
export function RunButton({ node }: { readonly node: DocNode }) {
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      const { id } = await requestExecution(toGraph(upstreamOf(useCanvas.getState().doc, node.id)), node.id);
      toast(S.runs.started, "info", { label: S.runs.show, run: () => void navigate(`/runs/${id}`) });
    } catch (error) {
      toast(toProblem(error).detail, "error");
    } finally {
      setBusy(false);
    }
  };
  return <IconButton icon={Play} label={S.runs.runInFull} disabled={busy} onClick={() => void run()} />;
}
