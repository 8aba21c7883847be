import { ArrowDown, ArrowUp, X } from "lucide-react";
import type { ReactNode } from "react";

import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";

interface Props {
  readonly name: string;
  readonly onUp?: (() => void) | undefined;
  readonly onDown?: (() => void) | undefined;
  readonly onRemove: () => void;
  readonly children: ReactNode;
}

/** One entry of an ordered list in a form: its fields, then move and remove. */
export function ListRow({ name, onUp, onDown, onRemove, children }: Props) {
  return (
    <div className="flex items-center gap-1">
      <div className="flex min-w-0 flex-1 items-center gap-1">{children}</div>
      <div className="flex shrink-0">
        <IconButton icon={ArrowUp} label={S.common.moveUp(name)} disabled={!onUp} onClick={onUp} className="w-6" />
        <IconButton icon={ArrowDown} label={S.common.moveDown(name)} disabled={!onDown} onClick={onDown} className="w-6" />
        <IconButton icon={X} label={S.common.removeNamed(name)} onClick={onRemove} className="w-6" />
      </div>
    </div>
  );
}
