import { S } from "@/shared/strings";
import { cx } from "@/shared/ui/cx";

import { GROUP_COLOURS, type Kind } from "../kinds/kind";
import { KIND_MIME } from "./dragType";

interface Props {
  readonly kind: Kind;
  readonly onAdd: () => void;
}

export function PaletteItem({ kind, onAdd }: Props) {
  return (
    <button
      type="button"
      draggable
      data-kind={kind.type}
      aria-label={`${S.common.add} ${kind.label}`}
      title={kind.text}
      onClick={onAdd}
      onDragStart={(event) => {
        event.dataTransfer.setData(KIND_MIME, kind.type);
        event.dataTransfer.effectAllowed = "copy";
      }}
      className="flex w-full cursor-grab items-center gap-2 rounded-md px-1.5 py-1 text-left transition-colors hover:bg-hover active:cursor-grabbing"
    >
      <kind.icon aria-hidden size={15} className={cx("shrink-0", GROUP_COLOURS[kind.group])} />
      <span className="flex min-w-0 flex-col leading-tight">
        <span className="font-medium">{kind.label}</span>
        <span className="truncate text-2xs text-muted">{kind.text}</span>
      </span>
    </button>
  );
}
