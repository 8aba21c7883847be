import type { ReactNode } from "react";

import type { Place } from "@/shared/api/types";

interface Props {
  readonly places: readonly Place[];
  readonly draw: (widgetId: string) => ReactNode;
}

/** On a phone: one widget under the other, in reading order. */
export function WidgetColumn({ places, draw }: Props) {
  const ordered = [...places].sort((a, b) => a.y - b.y || a.x - b.x);
  return (
    <div className="flex flex-col gap-2.5">
      {ordered.map((place) => (
        <div key={place.widget_id} className="h-80">
          {draw(place.widget_id)}
        </div>
      ))}
    </div>
  );
}
