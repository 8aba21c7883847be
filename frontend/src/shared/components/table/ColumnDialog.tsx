import { ArrowDownWideNarrow, ArrowUpNarrowWide, EyeOff, Undo2 } from "lucide-react";
import type { ReactNode } from "react";

import type { WireColumn } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";

import type { SortOrder } from "./sortRows";

interface Props {
  readonly column: WireColumn;
  readonly sorted: boolean;
  readonly onSort: (order: SortOrder | null) => void;
  readonly onHide: () => void;
  readonly onClose: () => void;
  /** The column's profile, where there is one. */
  readonly children?: ReactNode;
}

/** What can be done with a column of a table, and what is in it. */
export function ColumnDialog({ column, sorted, onSort, onHide, onClose, children }: Props) {
  const then = (work: () => void) => () => {
    work();
    onClose();
  };
  return (
    <Dialog title={S.profile.title(column.name, column.type)} onClose={onClose}>
      <div className="flex flex-wrap gap-1.5">
        <Button icon={ArrowUpNarrowWide} onClick={then(() => onSort({ column: column.name, down: false }))}>
          {S.profile.sortUp}
        </Button>
        <Button icon={ArrowDownWideNarrow} onClick={then(() => onSort({ column: column.name, down: true }))}>
          {S.profile.sortDown}
        </Button>
        {sorted && (
          <Button icon={Undo2} onClick={then(() => onSort(null))}>
            {S.profile.unsort}
          </Button>
        )}
        <Button icon={EyeOff} onClick={then(onHide)}>
          {S.profile.hide}
        </Button>
      </div>
      <p className="text-2xs text-muted">{S.profile.sortedHint}</p>
      {children}
    </Dialog>
  );
}
