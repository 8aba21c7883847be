import { X } from "lucide-react";

import { S } from "@/shared/strings";

interface Props {
  readonly text: string;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** One filter in a few words: click to change it, or take it away. */
export function FilterChip({ text, onEdit, onRemove }: Props) {
  return (
    <span className="inline-flex h-7.5 max-w-full items-center rounded-md border border-accent/40 bg-accent-soft text-accent">
      <button
        type="button"
        title={S.filters.edit(text)}
        onClick={onEdit}
        className="max-w-72 truncate rounded-l-md px-2 font-medium hover:underline"
      >
        {text}
      </button>
      <button
        type="button"
        aria-label={S.filters.remove(text)}
        title={S.filters.remove(text)}
        onClick={onRemove}
        className="inline-flex h-full w-6 shrink-0 items-center justify-center rounded-r-md hover:bg-hover"
      >
        <X aria-hidden size={13} />
      </button>
    </span>
  );
}
