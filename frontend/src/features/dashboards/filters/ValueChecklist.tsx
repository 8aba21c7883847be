import { useState } from "react";

import type { ConditionValue } from "@/features/canvas/kinds/configs";
import { asList, parseLiteral } from "@/features/canvas/settings/values";
import { useColumnValues } from "@/shared/api/catalogue";
import type { TableInfo } from "@/shared/api/types";
import type { Column } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { FieldSet } from "@/shared/ui/Field";
import { SearchInput } from "@/shared/ui/SearchInput";
import { Checkbox } from "@/shared/ui/inputs";

interface Props {
  readonly table: Pick<TableInfo, "database" | "table">;
  readonly column: Column;
  readonly value: ConditionValue | null | undefined;
  readonly onValue: (value: ConditionValue) => void;
}

/** The values that the column has in its table, to tick. */
export function ValueChecklist({ table, column, value, onValue }: Props) {
  const { data: values } = useColumnValues(table, column.name);
  const [search, setSearch] = useState("");
  if (!values || values.length === 0) return null;
  const chosen = asList(value).map(String);
  const texts = values.flatMap((each) => (each === null ? [] : [String(each)]));
  const shown = texts.filter((text) => text.toLowerCase().includes(search.toLowerCase()));
  const toggle = (text: string, checked: boolean) => {
    const next = checked ? [...chosen, text] : chosen.filter((each) => each !== text);
    onValue(next.map((each) => parseLiteral(each, column.type)));
  };
  return (
    <FieldSet legend={S.filters.known}>
      <SearchInput label={S.filters.searchValues} value={search} onText={setSearch} />
      <div className="grid max-h-48 grid-cols-2 gap-1 overflow-y-auto sm:grid-cols-3">
        {shown.map((text) => (
          <Checkbox key={text} label={text} checked={chosen.includes(text)} onCheck={(checked) => toggle(text, checked)} />
        ))}
      </div>
      {shown.length === 0 && <p className="text-xs text-muted">{S.filters.noValues}</p>}
    </FieldSet>
  );
}
