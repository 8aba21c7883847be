import { useId } from "react";

import type { Problem } from "@/shared/schema/errors";
import type { Column, Schema } from "@/shared/schema/types";
import { Field } from "@/shared/ui/Field";

import { text } from "../../kinds/configs";
import { ColumnSelect } from "../ColumnSelect";
import type { FormProps } from "../form";
import { errorAt } from "../problems";

interface Props {
  readonly label: string;
  /** The member of the configuration that holds the column's name. */
  readonly field: string;
  readonly form: Pick<FormProps, "node" | "onChange"> & { readonly input: Schema | null; readonly problems: readonly Problem[] };
  readonly only?: (column: Column) => boolean;
  /** A choice that stands for no column: the member is taken out. */
  readonly none?: string;
}

/** A labelled choice of one column for one member of the configuration. */
export function ColumnField({ label, field, form, only, none }: Props) {
  const id = useId();
  const error = errorAt(form.problems, field);
  return (
    <Field label={label} htmlFor={id} error={error}>
      <ColumnSelect
        id={id}
        schema={form.input}
        value={text(form.node.data[field])}
        invalid={error !== undefined}
        onPick={(column) => form.onChange({ [field]: column === "" ? undefined : column })}
        {...(only && { only })}
        {...(none !== undefined && { none })}
      />
    </Field>
  );
}
