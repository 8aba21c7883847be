import { useEffect, useState } from "react";

import { updateDashboard } from "@/shared/api/dashboards";
import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import type { Dashboard, Place } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { toast } from "@/shared/ui/toast";
import { watchUnsaved } from "@/shared/unsaved";

import { placesOf, samePlaces } from "./layout";

/** A layout being edited: a draft that is saved against the version it began with, or thrown away. */
export function useLayoutEdit(dashboard: Dashboard, etag: string | undefined) {
  const stored = placesOf(dashboard.layout, dashboard.widgets);
  const [draft, setDraft] = useState<readonly Place[] | null>(null);
  const [saving, setSaving] = useState(false);
  // A widget that was removed meanwhile has no place any more.
  const places = draft ? placesOf(draft, dashboard.widgets) : stored;
  const dirty = draft !== null && !samePlaces(places, stored);
  useEffect(() => watchUnsaved(() => dirty), [dirty]);

  const finish = async () => {
    if (!dirty) {
      setDraft(null);
      return;
    }
    setSaving(true);
    try {
      await updateDashboard(dashboard.id, etag, { layout: places });
      toast(S.dashboards.layoutSaved);
    } catch (error) {
      const problem = toProblem(error);
      toast(problem.status === 412 ? S.dashboards.conflict : problem.detail, "error");
      if (problem.status !== 412) return;
    } finally {
      setSaving(false);
    }
    await queryClient.invalidateQueries({ queryKey: ["dashboard"] });
    setDraft(null);
  };
  return {
    places,
    dirty,
    saving,
    editing: draft !== null,
    start: () => setDraft(stored),
    discard: () => setDraft(null),
    set: setDraft,
    finish,
  };
}
