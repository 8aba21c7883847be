import { useState } from "react";

import { S } from "@/shared/strings";
import { Field, FieldSet } from "@/shared/ui/Field";
import { RadioGroup } from "@/shared/ui/inputs";

import { whole } from "../../kinds/configs";
import { percentOf } from "../../kinds/sample";
import { DraftInput } from "../DraftInput";
import type { FormProps } from "../form";
import { errorAt } from "../problems";
import { WholeNumberField } from "./WholeNumberField";

const MOST = 1_000_000_000;
const MAX_SEED = Number.MAX_SAFE_INTEGER;
const FIRST_ROWS = 1_000;
const FIRST_FRACTION = 0.1;

/** Either a number of rows or a share of them; the other is not kept. */
export function SampleForm({ node, problems, onChange }: FormProps) {
  const { rows, fraction } = node.data;
  const share = fraction !== undefined && fraction !== null;
  return (
    <div className="flex flex-col gap-4">
      <FieldSet legend={S.settings.sampleBy}>
        <RadioGroup
          label={S.settings.sampleBy}
          value={share ? "fraction" : "rows"}
          choices={[
            { value: "rows", label: S.settings.sampleRows },
            { value: "fraction", label: S.settings.sampleFraction },
          ]}
          onPick={(by) =>
            onChange(by === "rows" ? { rows: FIRST_ROWS, fraction: undefined } : { rows: undefined, fraction: FIRST_FRACTION })
          }
        />
      </FieldSet>
      {share ? (
        <PercentField
          fraction={fraction}
          error={errorAt(problems, "fraction")}
          onFraction={(next) => onChange({ fraction: next })}
        />
      ) : (
        <WholeNumberField
          label={S.settings.rows}
          value={whole(rows, 0)}
          min={1}
          max={MOST}
          error={errorAt(problems, "rows")}
          onNumber={(next) => onChange({ rows: next })}
        />
      )}
      <WholeNumberField
        label={S.settings.seed}
        hint={S.settings.seedHint}
        value={whole(node.data["seed"], 0)}
        min={0}
        max={MAX_SEED}
        error={errorAt(problems, "seed")}
        onNumber={(seed) => onChange({ seed })}
      />
    </div>
  );
}

interface PercentProps {
  readonly fraction: unknown;
  readonly error: string | undefined;
  readonly onFraction: (fraction: number) => void;
}

/** A share between 0 and 1, written in per cent. */
function PercentField({ fraction, error, onFraction }: PercentProps) {
  const [wrong, setWrong] = useState(false);
  return (
    <Field label={S.settings.percent} htmlFor="sample-percent" error={wrong ? S.settings.percentRange : error}>
      <DraftInput
        id="sample-percent"
        inputMode="decimal"
        className="tabular-nums"
        aria-invalid={wrong || error !== undefined}
        value={percentOf(fraction)}
        onText={(text) => {
          const percent = Number(text.trim().replace(",", "."));
          const fits = text.trim() !== "" && percent > 0 && percent <= 100;
          setWrong(!fits);
          if (fits) onFraction(Number((percent / 100).toPrecision(12)));
        }}
      />
    </Field>
  );
}
