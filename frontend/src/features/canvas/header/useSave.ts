import { useState } from "react";
import { useNavigate } from "react-router";

import { toProblem } from "@/shared/api/problem";
import { type Impact, impactOf } from "@/shared/api/versions";
import { S } from "@/shared/strings";
import { toast } from "@/shared/ui/toast";

import { toGraph } from "../document/doc";
import { useCanvas } from "../store/canvas";
import { isConflict, save, saveCopy } from "../store/persistence";

/** Which question saving asks at the moment. */
export type SaveQuestion = "name" | "copy" | "conflict" | Impact | null;

/** What saving the open document would break; null where nothing does, or where nobody can say. */
async function damage(): Promise<Impact | null> {
  const { workflow, doc, saved } = useCanvas.getState();
  if (workflow.id === null || saved?.doc === doc) return null;
  // A warning that cannot be had is no reason not to save.
  const impact = await impactOf(workflow.id, toGraph(doc)).catch(() => null);
  return impact?.safe === false ? impact : null;
}

/** Save, asking for a name the first time and for a decision when somebody else saved in between. */
export function useSave() {
  const navigate = useNavigate();
  const [question, setQuestion] = useState<SaveQuestion>(null);
  const [saving, setSaving] = useState(false);

  const run = async (work: () => Promise<string>) => {
    setSaving(true);
    try {
      const id = await work();
      setQuestion(null);
      toast(S.canvas.savedToast(useCanvas.getState().workflow.name));
      await navigate(`/canvas/${id}`, { replace: true });
    } catch (error) {
      if (isConflict(error)) setQuestion("conflict");
      else toast(toProblem(error).detail, "error");
    } finally {
      setSaving(false);
    }
  };
  return {
    question,
    ask: setQuestion,
    saving,
    saveNow: () => {
      const { workflow } = useCanvas.getState();
      if (workflow.name.trim() === "") {
        setQuestion("name");
        return;
      }
      setSaving(true);
      void damage().then((impact) => {
        setSaving(false);
        if (impact) setQuestion(impact);
        else void run(() => save(workflow.name.trim()));
      });
    },
    saveAnyway: () => void run(() => save(useCanvas.getState().workflow.name.trim())),
    saveAs: (name: string) => void run(() => save(name)),
    saveCopyAs: (name: string) => void run(() => saveCopy(name)),
  };
}

export type Saving = ReturnType<typeof useSave>;
