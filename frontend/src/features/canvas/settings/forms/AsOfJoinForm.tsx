import { useId } from "react";

import { findColumn, isTemporal, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";
import { Checkbox, Select } from "@/shared/ui/inputs";

import { text } from "../../kinds/configs";
import { keyPairsOf, withKeyPairs } from "../../kinds/join_keys";
import { ColumnSelect } from "../ColumnSelect";
import { TypeBadge } from "../TypeBadge";
import type { FormProps } from "../form";
import { errorAt } from "../problems";
import { KeyPairsEditor } from "./KeyPairsEditor";
import { ToleranceField } from "./ToleranceField";

const { joinTypes } = S.settings;

export function AsOfJoinForm({ node, inputs, problems, onChange }: FormProps) {
  const id = useId();
  const [left = null, right = null] = inputs;
  const { data } = node;
  const time = (side: "left" | "right", label: string, schema: Schema | null) => (
    <Field label={label} htmlFor={`${id}-${side}`} error={errorAt(problems, `${side}_time`)}>
      <ColumnSelect
        id={`${id}-${side}`}
        schema={schema}
        brief
        value={text(data[`${side}_time`])}
        only={(column) => isTemporal(column.type)}
        invalid={errorAt(problems, `${side}_time`) !== undefined}
        onPick={(name) => onChange({ [`${side}_time`]: name })}
      />
      <TypeBadge column={findColumn(schema ?? [], text(data[`${side}_time`]))} />
    </Field>
  );
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-3">
        {time("left", S.settings.leftTime, left)}
        {time("right", S.settings.rightTime, right)}
      </div>
      <Field label={S.settings.nearest} htmlFor={`${id}-direction`} error={errorAt(problems, "direction")}>
        <Select
          id={`${id}-direction`}
          value={text(data["direction"]) || "backward"}
          choices={[
            { value: "backward", label: S.settings.backward },
            { value: "forward", label: S.settings.forward },
          ]}
          onPick={(direction) => onChange({ direction })}
        />
      </Field>
      <Checkbox
        label={S.settings.allowExact}
        checked={data["allow_exact"] !== false}
        onCheck={(exact) => onChange({ allow_exact: exact ? undefined : false })}
      />
      <ToleranceField
        value={text(data["tolerance"])}
        error={errorAt(problems, "tolerance")}
        onChange={(tolerance) => onChange({ tolerance })}
      />
      <KeyPairsEditor
        pairs={keyPairsOf(data)}
        left={left}
        right={right}
        problems={problems}
        hint={S.settings.asOfKeysHint}
        onChange={(pairs) => onChange(withKeyPairs(pairs))}
      />
      <Field label={S.settings.joinType} htmlFor={`${id}-type`} error={errorAt(problems, "join_type")}>
        <Select
          id={`${id}-type`}
          value={text(data["join_type"]) || "left"}
          choices={[
            { value: "left", label: joinTypes.left },
            { value: "inner", label: joinTypes.inner },
          ]}
          onPick={(type) => onChange({ join_type: type })}
        />
      </Field>
    </div>
  );
}
