import type { ReactNode } from "react";

/** What a person must know to read the picture above it rightly. */
export function Note({ children }: { readonly children: ReactNode }) {
  return <p className="shrink-0 px-2 py-1 text-2xs text-warn">{children}</p>;
}
