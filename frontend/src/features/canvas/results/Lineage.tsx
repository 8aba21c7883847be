import type { CompileAnswer } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { TypeIcon } from "@/shared/ui/TypeIcon";

/** Every output column with the source columns that it is made of. */
export function Lineage({ answer }: { readonly answer: CompileAnswer }) {
  return (
    <ul className="px-3 pb-2">
      {answer.columns.map(({ name, type }) => {
        const origins = answer.lineage[name] ?? [];
        return (
          <li key={name} className="border-t border-line py-1 first:border-0">
            <span className="flex items-center gap-1.5">
              <TypeIcon type={type} />
              <span className="min-w-0 font-medium break-all">{name}</span>
            </span>
            {origins.length === 0 ? (
              <span className="text-2xs text-muted">{S.results.noOrigin}</span>
            ) : (
              origins.map(({ database, table, column }) => (
                <span key={`${database}.${table}.${column}`} className="block font-mono text-2xs break-all text-muted">
                  <span aria-hidden>← </span>
                  {database}.{table}.<span className="text-fg">{column}</span>
                </span>
              ))
            )}
          </li>
        );
      })}
    </ul>
  );
}
