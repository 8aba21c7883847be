import { Plus } from "lucide-react";

import type { Problem } from "@/shared/schema/errors";
import type { Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { FieldSet } from "@/shared/ui/Field";
import { FieldError } from "@/shared/ui/FieldError";
import { Select } from "@/shared/ui/inputs";

import type { SortTerm } from "../../kinds/configs";
import { ColumnSelect } from "../ColumnSelect";
import { ListRow } from "../ListRow";
import { movers, removeAt, replaceAt } from "../lists";
import { errorAt } from "../problems";

interface Props {
  readonly legend: string;
  readonly hint: string;
  /** The configuration's field, which problems name with the place behind it: `sorts.1.column`. */
  readonly field: string;
  readonly terms: readonly SortTerm[];
  readonly schema: Schema | null;
  readonly problems: readonly Problem[];
  readonly onChange: (terms: readonly SortTerm[]) => void;
}

const DIRECTIONS = [
  { value: "asc", label: S.settings.ascending },
  { value: "desc", label: S.settings.descending },
];

/** Columns to order by, the most significant first, each with its direction. */
export function SortTermsEditor({ legend, hint, field, terms, schema, problems, onChange }: Props) {
  const used = new Set(terms.map((term) => term.column));
  const next = schema?.find(({ name }) => !used.has(name))?.name ?? "";
  return (
    <FieldSet legend={legend}>
      {terms.map((term, index) => {
        const error = errorAt(problems, `${field}.${index}.column`);
        return (
          <div key={index}>
            <ListRow name={term.column} {...movers(terms, index, onChange)} onRemove={() => onChange(removeAt(terms, index))}>
              <ColumnSelect
                label={S.settings.column}
                schema={schema}
                value={term.column}
                only={({ name }) => name === term.column || !used.has(name)}
                invalid={error !== undefined}
                onPick={(column) => onChange(replaceAt(terms, index, { ...term, column }))}
              />
              <Select
                aria-label={S.settings.direction}
                className="max-w-28"
                value={term.direction ?? "asc"}
                choices={DIRECTIONS}
                onPick={(value) =>
                  onChange(replaceAt(terms, index, { ...term, direction: value === "desc" ? "desc" : "asc" }))
                }
              />
            </ListRow>
            <FieldError text={error} />
          </div>
        );
      })}
      <FieldError text={errorAt(problems, field)} />
      <Button
        icon={Plus}
        className="self-start"
        onClick={() => onChange([...terms, { column: next, direction: "asc" }])}
      >
        {S.settings.addSort}
      </Button>
      <p className="text-2xs text-muted">{hint}</p>
    </FieldSet>
  );
}
