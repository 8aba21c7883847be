import { S } from "@/shared/strings";

import { FUNCTIONS } from "./functions";

/** The functions of the language with their signatures, folded away. */
export function FunctionReference() {
  return (
    <details className="rounded-md border border-line">
      <summary className="rounded-md px-2 py-1 text-xs font-medium text-muted hover:bg-hover">{S.settings.functions}</summary>
      <dl className="max-h-64 overflow-y-auto border-t border-line px-2 py-1" tabIndex={0} aria-label={S.settings.functions}>
        {FUNCTIONS.map(({ name, signature, doc }) => (
          <div key={name} className="py-1">
            <dt className="font-mono text-xs">{signature}</dt>
            <dd className="text-2xs text-muted">{doc}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
