import type { ReactNode } from "react";

/** A titled part of a comparison. */
export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-1">
      <h4 className="text-xs font-medium text-muted">{title}</h4>
      {children}
    </section>
  );
}

/** What came or went, each with a sign that does not depend on colour; nothing where there is none. */
export function NameList({ title, names, sign }: { readonly title: string; readonly names: readonly string[]; readonly sign: string }) {
  if (names.length === 0) return null;
  return (
    <Part title={title}>
      <ul>
        {names.map((name) => (
          <li key={name} className="font-mono text-xs">
            {sign} {name}
          </li>
        ))}
      </ul>
    </Part>
  );
}
