import { useMutation } from "@tanstack/react-query";
import { type SubmitEvent, useId, useState } from "react";
import { useNavigate } from "react-router";

import { addWidget, createDashboard, useDashboards } from "@/shared/api/dashboards";
import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Field } from "@/shared/ui/Field";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";
import { Select, TextInput } from "@/shared/ui/inputs";
import { toast } from "@/shared/ui/toast";

import type { DocNode } from "../document/doc";
import { isDirty, useCanvas } from "../store/canvas";
import { save, suggestName } from "../store/persistence";
import { closePinning, widgetTypeOf } from "./pinning";

const NEW = "new";

/** Choose a dashboard for a node's output. The workflow is saved first if it has to be. */
export function PinDialog({ node }: { readonly node: DocNode }) {
  const navigate = useNavigate();
  const id = useId();
  const { data: dashboards, error } = useDashboards();
  const [picked, setPicked] = useState<string | null>(null);
  const [name, setName] = useState<string>(S.dashboards.newName);
  const dirty = useCanvas(isDirty);
  const [title, setTitle] = useState(() => {
    const { workflow, doc } = useCanvas.getState();
    return workflow.name.trim() || suggestName(doc);
  });
  const choice = picked ?? dashboards?.[0]?.id ?? NEW;
  const type = widgetTypeOf(node.type);

  const pin = useMutation({
    mutationFn: async () => {
      const { workflow, doc } = useCanvas.getState();
      const workflowId = workflow.id && !dirty ? workflow.id : await save(workflow.name.trim() || suggestName(doc));
      const existing = dashboards?.find((each) => each.id === choice);
      const dashboard = existing ?? (await createDashboard(name.trim())).data;
      await addWidget(dashboard.id, {
        workflow_id: workflowId,
        output_node_id: node.id,
        widget_type: type,
        config: { title: title.trim() },
      });
      return { dashboard, workflowId };
    },
    onSuccess: async ({ dashboard, workflowId }) => {
      closePinning();
      toast(S.pinning.pinned(dashboard.name), "info", {
        label: S.pinning.show,
        run: () => void navigate(`/dashboards/${dashboard.id}`),
      });
      await navigate(`/canvas/${workflowId}`, { replace: true });
      await queryClient.invalidateQueries({ queryKey: ["dashboards"] });
      await queryClient.invalidateQueries({ queryKey: ["dashboard"] });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    pin.mutate();
  };
  const problem = pin.error ?? error;
  return (
    <Dialog
      title={S.pinning.title}
      onClose={closePinning}
      footer={
        <>
          <Button onClick={closePinning}>{S.common.cancel}</Button>
          <Button
            tone="primary"
            type="submit"
            form={`${id}-form`}
            disabled={pin.isPending || !dashboards || (choice === NEW && name.trim() === "")}
          >
            {S.pinning.confirm}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} className="flex flex-col gap-3" onSubmit={submit}>
        {!dashboards && !error && <Skeleton rows={2} />}
        {dashboards && (
          <Field label={S.pinning.dashboard} htmlFor={id}>
            <Select
              id={id}
              value={choice}
              onPick={setPicked}
              choices={[
                ...dashboards.map((each) => ({ value: each.id, label: each.name })),
                { value: NEW, label: S.pinning.newDashboard },
              ]}
            />
          </Field>
        )}
        {dashboards && choice === NEW && (
          <Field label={S.pinning.newName} htmlFor={`${id}-name`}>
            <TextInput id={`${id}-name`} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
          </Field>
        )}
        <Field label={S.pinning.widgetTitle} htmlFor={`${id}-title`}>
          <TextInput id={`${id}-title`} maxLength={200} value={title} onChange={(event) => setTitle(event.target.value)} />
        </Field>
      </form>
      <p className="text-xs text-muted">
        {S.pinning.as(S.pinning.types[type])}
        {dirty && ` ${S.pinning.saveFirst}`}
      </p>
      {problem && <ProblemNote problem={toProblem(problem)} />}
    </Dialog>
  );
}
