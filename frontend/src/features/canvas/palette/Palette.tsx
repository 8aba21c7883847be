import { useState } from "react";

import { S } from "@/shared/strings";
import { SearchInput } from "@/shared/ui/SearchInput";

import type { Group, Kind } from "../kinds/kind";
import { addAfterSelection } from "../store/actions";
import { PaletteItem } from "./PaletteItem";
import { filterKinds } from "./filterKinds";

const GROUPS: readonly Group[] = ["source", "shape", "combine", "compute", "output", "annotate"];

/** Every node type, by purpose. Enter in the search box adds the first match. */
export function Palette({ onAdded }: { readonly onAdded?: () => void }) {
  const [search, setSearch] = useState("");
  const found = filterKinds(search);
  const addKind = (kind: Kind) => {
    addAfterSelection(kind.type);
    onAdded?.();
  };
  return (
    <section aria-label={S.palette.title} className="flex h-full flex-col bg-surface">
      <h2 className="sr-only">{S.palette.title}</h2>
      <div className="border-b border-line p-2">
        <SearchInput
          label={S.palette.search}
          value={search}
          data-palette-search
          onText={setSearch}
          onKeyDown={(event) => {
            const first = found[0];
            if (event.key !== "Enter" || !first) return;
            addKind(first);
            setSearch("");
          }}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        {found.length === 0 && <p className="p-2 text-muted">{S.palette.none}</p>}
        {GROUPS.map((group) => {
          const kinds = found.filter((kind) => kind.group === group);
          if (kinds.length === 0) return null;
          return (
            <div key={group} className="mb-2">
              <h3 className="px-1.5 pb-1 text-2xs font-semibold tracking-wide text-muted uppercase">
                {S.palette.groups[group]}
              </h3>
              <ul className="flex flex-col gap-0.5">
                {kinds.map((kind) => (
                  <li key={kind.type}>
                    <PaletteItem kind={kind} onAdd={() => addKind(kind)} />
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </div>
      <p className="border-t border-line p-2.5 text-2xs text-muted">{S.palette.hint}</p>
    </section>
  );
}
