import type { Widget, WorkflowSummary } from "@/shared/api/types";
import { S } from "@/shared/strings";

/** The title given when pinning; else the workflow's name; else what kind of widget it is. */
export function titleOf(widget: Widget, workflows: readonly WorkflowSummary[] | undefined): string {
  const { title } = widget.config;
  if (typeof title === "string" && title.trim() !== "") return title;
  const workflow = workflows?.find((each) => each.id === widget.workflow_id);
  return workflow?.name ?? S.dashboards.types[widget.widget_type] ?? widget.widget_type;
}
