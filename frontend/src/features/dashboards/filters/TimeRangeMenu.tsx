import { CalendarClock, ChevronDown } from "lucide-react";
import { useState } from "react";

import { isTemporal } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Menu } from "@/shared/ui/Menu";

import { TimeRangeDialog } from "./TimeRangeDialog";
import type { SharedColumn } from "./columns";
import { RELATIVE, type TimeRange, WITHIN_A_DAY } from "./timeRange";

interface Props {
  readonly columns: readonly SharedColumn[];
  readonly time: TimeRange | null;
  readonly onTime: (time: TimeRange | null) => void;
}

/** Which time the dashboard shows: a range that moves with the clock, or a span of one's own. */
export function TimeRangeMenu({ columns, time, onTime }: Props) {
  const [custom, setCustom] = useState(false);
  const temporal = columns.filter((column) => isTemporal(column.type));
  const column = temporal.find((each) => each.name === time?.column);
  if (temporal.length === 0) return null;
  const days = column?.type.kind === "date";
  const range = time?.range;
  const label =
    range === undefined ? S.filters.allTime : typeof range === "string" ? S.filters.ranges[range] : S.filters.between(range.from, range.to);
  return (
    <>
      <Menu
        label={`${S.filters.time}: ${label}`}
        align="left"
        buttonClass="border border-line-strong bg-surface text-fg font-medium"
        button={
          <>
            <CalendarClock aria-hidden size={14} className="text-muted" />
            <span className="max-w-56 truncate">{label}</span>
            {column && <span className="max-w-28 truncate text-2xs font-normal text-muted max-sm:hidden">{column.name}</span>}
            <ChevronDown aria-hidden size={12} className="text-muted" />
          </>
        }
        items={[
          { label: S.filters.allTime, checked: time === null, run: () => onTime(null) },
          ...RELATIVE.filter((each) => !days || !WITHIN_A_DAY.has(each)).map((each) => ({
            label: S.filters.ranges[each],
            checked: range === each,
            run: () => onTime({ column: column?.name ?? null, range: each }),
          })),
          { label: S.filters.custom, checked: typeof range === "object", run: () => setCustom(true) },
        ]}
      />
      {custom && (
        <TimeRangeDialog
          columns={temporal}
          initial={time ?? { column: null, range: { from: "", to: "" } }}
          onApply={(next) => {
            setCustom(false);
            onTime(next);
          }}
          onClose={() => setCustom(false)}
        />
      )}
    </>
  );
}
