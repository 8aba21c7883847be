import { useEffect, useRef, useState } from "react";

import { S } from "@/shared/strings";
import { TextInput } from "@/shared/ui/inputs";
import { cx } from "@/shared/ui/cx";

import type { Point } from "../document/edit";
import type { Kind } from "../kinds/kind";
import { add } from "../store/actions";
import { filterKinds } from "./filterKinds";

export interface SearchPlace {
  /** In the window, for the list. */
  readonly screen: Point;
  /** On the canvas, for the node. */
  readonly flow: Point;
  /** The node whose wire was dropped. */
  readonly from: string;
}

interface Props {
  readonly place: SearchPlace;
  readonly onClose: () => void;
}

const WIDTH = 232;
const HEIGHT = 330;

/** The list that opens where a wire was dropped; the choice is inserted at its end. */
export function SearchToAdd({ place, onClose }: Props) {
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const found = filterKinds(search, (kind) => kind.inputs.length > 0);
  const index = Math.min(active, Math.max(0, found.length - 1));

  useEffect(() => {
    const away = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) onClose();
    };
    document.addEventListener("pointerdown", away, true);
    return () => document.removeEventListener("pointerdown", away, true);
  }, [onClose]);

  const pick = (kind: Kind | undefined) => {
    if (kind) add(kind.type, place.flow, place.from);
    onClose();
  };
  return (
    <div
      ref={root}
      data-keys="own"
      className="fixed z-40 rounded-lg border border-line-strong bg-surface p-1.5 shadow-xl"
      style={{
        width: WIDTH,
        left: Math.max(8, Math.min(place.screen.x, innerWidth - WIDTH - 8)),
        top: Math.max(8, Math.min(place.screen.y, innerHeight - HEIGHT - 8)),
      }}
    >
      <TextInput
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls="search-to-add"
        aria-activedescendant={found[index] && `search-to-add-${found[index].type}`}
        aria-label={S.palette.addTo}
        placeholder={S.palette.addTo}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
          if (event.key === "Enter") pick(found[index]);
          if (event.key === "ArrowDown") setActive((index + 1) % Math.max(1, found.length));
          if (event.key === "ArrowUp") setActive((index - 1 + found.length) % Math.max(1, found.length));
        }}
      />
      <ul id="search-to-add" role="listbox" aria-label={S.palette.title} className="mt-1 max-h-72 overflow-y-auto">
        {found.map((kind, at) => (
          <li
            key={kind.type}
            id={`search-to-add-${kind.type}`}
            role="option"
            aria-selected={at === index}
            onPointerEnter={() => setActive(at)}
            onClick={() => pick(kind)}
            className={cx("flex cursor-pointer items-center gap-2 rounded px-2 py-1", at === index && "bg-hover")}
          >
            <kind.icon aria-hidden size={14} className="text-muted" />
            {kind.label}
          </li>
        ))}
      </ul>
    </div>
  );
}
