import { ListPlus, Plus } from "lucide-react";
import { useState } from "react";

import { columnValues } from "@/shared/api/catalogue";
import { toProblem } from "@/shared/api/problem";
import type { Problem } from "@/shared/schema/errors";
import type { Column } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { FieldSet } from "@/shared/ui/Field";
import { FieldError } from "@/shared/ui/FieldError";
import { toast } from "@/shared/ui/toast";

import type { Literal } from "../../kinds/configs";
import { useCanvas } from "../../store/canvas";
import { DraftInput } from "../DraftInput";
import { ListRow } from "../ListRow";
import { movers, removeAt, replaceAt } from "../lists";
import { columnOrigin } from "../origin";
import { errorAt } from "../problems";
import { formatLiteral, parseLiteral } from "../values";

interface Props {
  readonly nodeId: string;
  /** The column that is spread out; undefined while none is chosen. */
  readonly column: Column | undefined;
  readonly values: readonly Literal[];
  readonly problems: readonly Problem[];
  readonly onChange: (values: readonly Literal[]) => void;
}

/** As many as a pivot takes. */
const MOST = 200;

/** The values that become columns: typed by hand, or those that the column has in its table. */
export function PivotValues({ nodeId, column, values, problems, onChange }: Props) {
  const doc = useCanvas((state) => state.doc);
  const [busy, setBusy] = useState(false);
  const origin = column ? columnOrigin(doc, nodeId, column.name) : null;
  const type = column?.type;
  const fill = async () => {
    if (!origin) return;
    setBusy(true);
    try {
      const { values: found, truncated } = await columnValues(origin, origin.column, MOST);
      if (found.length === 0) toast(S.settings.fillEmpty);
      else onChange(found.map((cell) => parseLiteral(String(cell), type)));
      if (truncated) toast(S.settings.fillMore(found.length));
    } catch (error) {
      toast(toProblem(error).detail, "error");
    } finally {
      setBusy(false);
    }
  };
  return (
    <FieldSet legend={S.settings.pivotValues}>
      {values.map((value, index) => {
        const error = errorAt(problems, `column_values.${index}`);
        return (
          <div key={index}>
            <ListRow name={formatLiteral(value)} {...movers(values, index, onChange)} onRemove={() => onChange(removeAt(values, index))}>
              <DraftInput
                aria-label={`${S.settings.newValue} ${index + 1}`}
                aria-invalid={error !== undefined}
                value={formatLiteral(value)}
                onText={(text) => onChange(replaceAt(values, index, parseLiteral(text, type)))}
              />
            </ListRow>
            <FieldError text={error} />
          </div>
        );
      })}
      <div className="flex flex-wrap gap-1">
        <Button icon={Plus} disabled={!column || values.length >= MOST} onClick={() => onChange([...values, ""])}>
          {S.settings.addValue}
        </Button>
        <Button icon={ListPlus} disabled={!origin || busy} title={S.settings.fillHint} onClick={() => void fill()}>
          {S.settings.fillValues}
        </Button>
      </div>
      {column && !origin && <p className="text-2xs text-muted">{S.settings.fillNone}</p>}
      <FieldError text={errorAt(problems, "column_values")} />
    </FieldSet>
  );
}
