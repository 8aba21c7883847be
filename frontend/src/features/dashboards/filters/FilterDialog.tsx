import { type SubmitEvent, useId, useState } from "react";

import { ColumnSelect } from "@/features/canvas/settings/ColumnSelect";
import { ValueEditor } from "@/features/canvas/settings/forms/ValueEditor";
import { operatorsFor, reshape, withValue } from "@/features/canvas/settings/values";
import type { Condition } from "@/features/canvas/kinds/configs";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Field } from "@/shared/ui/Field";
import { Select } from "@/shared/ui/inputs";

import { ValueChecklist } from "./ValueChecklist";
import type { SharedColumn } from "./columns";
import { fromCondition, type TextFilter, toCondition } from "./filter";

interface Props {
  readonly columns: readonly SharedColumn[];
  /** How many widgets the dashboard has; null where the filter is not meant for all of them. */
  readonly widgets: number | null;
  readonly initial: TextFilter;
  readonly onApply: (filter: TextFilter) => void;
  readonly onClose: () => void;
}

/** One filter: its column, how it compares, and with what. */
export function FilterDialog({ columns, widgets, initial, onApply, onClose }: Props) {
  const id = useId();
  const typeOf = (name: string) => columns.find((each) => each.name === name)?.type;
  const [condition, setCondition] = useState<Condition>(() => toCondition(initial, typeOf(initial.column)));
  const column = columns.find((each) => each.name === condition.column);
  const operators = operatorsFor(column?.type);
  const filter = fromCondition(condition);
  const setColumn = (name: string) => {
    const offered = operatorsFor(typeOf(name));
    setCondition({ column: name, operator: offered.includes("IN") ? "IN" : "=" });
  };
  const setOperator = (name: string) => {
    const operator = operators.find((each) => each === name) ?? "=";
    setCondition(withValue({ ...condition, operator }, reshape(condition.value, operator)));
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (filter) onApply(filter);
  };
  return (
    <Dialog
      title={S.filters.dialogTitle}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{S.common.cancel}</Button>
          <Button tone="primary" type="submit" form={`${id}-form`} disabled={filter === null}>
            {S.filters.apply}
          </Button>
        </>
      }
    >
      {columns.length === 0 && <p className="text-muted">{S.filters.noColumns}</p>}
      <form id={`${id}-form`} className="flex flex-col gap-3" onSubmit={submit}>
        <Field label={S.settings.column} htmlFor={`${id}-column`} hint={column && widgets !== null && S.filters.reach(column.widgets, widgets)}>
          <ColumnSelect id={`${id}-column`} schema={columns} value={condition.column} onPick={setColumn} />
        </Field>
        {column && (
          <>
            <Field label={S.filters.condition} htmlFor={`${id}-operator`}>
              <Select
                id={`${id}-operator`}
                value={condition.operator}
                onPick={setOperator}
                choices={operators.map((operator) => ({ value: operator, label: operator }))}
              />
            </Field>
            <ValueEditor
              key={condition.column}
              condition={condition}
              type={column.type}
              database={column.table.database}
              table={column.table.table}
              onChange={(value) => setCondition(withValue(condition, value))}
            />
            {(condition.operator === "IN" || condition.operator === "NOT IN") && (
              <ValueChecklist
                table={column.table}
                column={column}
                value={condition.value}
                onValue={(value) => setCondition(withValue(condition, value))}
              />
            )}
          </>
        )}
      </form>
    </Dialog>
  );
}
