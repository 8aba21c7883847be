import { type SubmitEvent, useId, useState } from "react";

import { ColumnSelect } from "@/features/canvas/settings/ColumnSelect";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Field } from "@/shared/ui/Field";
import { TextInput } from "@/shared/ui/inputs";

import type { SharedColumn } from "./columns";
import { isInverted, type TimeRange } from "./timeRange";

interface Props {
  readonly columns: readonly SharedColumn[];
  readonly initial: TimeRange;
  readonly onApply: (time: TimeRange) => void;
  readonly onClose: () => void;
}

/** A span of time and the column that it applies to: days of a date, moments of a datetime. */
export function TimeRangeDialog({ columns, initial, onApply, onClose }: Props) {
  const id = useId();
  const [column, setColumn] = useState(initial.column);
  const [span, setSpan] = useState(typeof initial.range === "string" ? { from: "", to: "" } : initial.range);
  const days = columns.find((each) => each.name === column)?.type.kind === "date";
  const type = days ? "date" : "datetime-local";
  const shown = (text: string) => (days || text === "" || text.includes("T") ? text.slice(0, days ? 10 : undefined) : `${text}T00:00`);
  const written = { from: shown(span.from), to: shown(span.to) };
  const inverted = isInverted(written);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onApply({ column, range: written });
  };
  return (
    <Dialog
      title={S.filters.customTitle}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{S.common.cancel}</Button>
          <Button tone="primary" type="submit" form={`${id}-form`} disabled={inverted || (written.from === "" && written.to === "")}>
            {S.filters.apply}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} className="flex flex-col gap-3" onSubmit={submit}>
        <Field label={S.filters.timeColumn} htmlFor={`${id}-column`}>
          <ColumnSelect
            id={`${id}-column`}
            schema={columns}
            value={column ?? ""}
            none={S.filters.ownTime}
            onPick={(name) => setColumn(name === "" ? null : name)}
          />
        </Field>
        <Field label={`${S.filters.from} (${S.shell.zone})`} htmlFor={`${id}-from`}>
          <TextInput
            id={`${id}-from`}
            type={type}
            value={written.from}
            onChange={(event) => setSpan({ ...written, from: event.target.value })}
          />
        </Field>
        <Field
          label={`${days ? S.filters.untilDay : S.filters.untilTime} (${S.shell.zone})`}
          htmlFor={`${id}-to`}
          error={inverted ? S.filters.inverted : undefined}
        >
          <TextInput
            id={`${id}-to`}
            type={type}
            value={written.to}
            onChange={(event) => setSpan({ ...written, to: event.target.value })}
          />
        </Field>
      </form>
    </Dialog>
  );
}
