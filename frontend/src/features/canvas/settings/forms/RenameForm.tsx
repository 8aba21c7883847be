import { findColumn, formatType } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { FieldSet } from "@/shared/ui/Field";
import { TextInput } from "@/shared/ui/inputs";
import { TypeIcon } from "@/shared/ui/TypeIcon";

import { renamesOf } from "../../kinds/configs";
import type { FormProps } from "../form";

/** One text field per column; an empty one leaves the name as it is. */
export function RenameForm({ node, input, onChange }: FormProps) {
  const renames = renamesOf(node.data);
  const gone = Object.keys(renames).filter((old) => !findColumn(input ?? [], old));
  const set = (old: string, name: string) => {
    const others = Object.entries(renames).filter(([each]) => each !== old);
    onChange({ renames: Object.fromEntries(name === "" ? others : [...others, [old, name]]) });
  };
  const field = (old: string) => (
    <TextInput
      aria-label={S.settings.newName(old)}
      className="flex-1"
      value={renames[old] ?? ""}
      placeholder={old}
      onChange={(event) => set(old, event.target.value)}
    />
  );
  return (
    <FieldSet legend={S.settings.renames}>
      {(input ?? []).map((column) => (
        <div key={column.name} className="flex items-center gap-2">
          <TypeIcon type={formatType(column.type)} />
          <span className="min-w-0 flex-1 truncate">{column.name}</span>
          {field(column.name)}
        </div>
      ))}
      {gone.map((old) => (
        <div key={old} className="flex items-center gap-2">
          <span className={input ? "min-w-0 flex-1 truncate text-danger line-through" : "min-w-0 flex-1 truncate"}>{old}</span>
          {field(old)}
        </div>
      ))}
    </FieldSet>
  );
}
