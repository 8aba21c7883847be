import { Download } from "lucide-react";
import { useState } from "react";

import { toProblem } from "@/shared/api/problem";
import { exportCsv } from "@/shared/api/run";
import { saveFile } from "@/shared/files/saveFile";
import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";
import { toast } from "@/shared/ui/toast";

import { type DocNode, toGraph, upstreamOf } from "../document/doc";
import { nodeName } from "../kinds";
import { useCanvas } from "../store/canvas";

/** Save all rows of a node as CSV, not only those in view. */
export function ExportButton({ node }: { readonly node: DocNode }) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    const { doc, workflow } = useCanvas.getState();
    setBusy(true);
    try {
      const file = await exportCsv(toGraph(upstreamOf(doc, node.id)), node.id);
      const name = [workflow.name, nodeName(doc, node)].filter(Boolean).join(" – ");
      saveFile(file, `${name}.csv`);
    } catch (error) {
      toast(toProblem(error).detail, "error");
    } finally {
      setBusy(false);
    }
  };
  return <IconButton icon={Download} label={S.results.exportCsv} disabled={busy} onClick={() => void run()} />;
}
