import ReactGridLayout, { useContainerWidth } from "react-grid-layout";
import type { ReactNode } from "react";

import type { Place } from "@/shared/api/types";

import { HANDLE_CLASS } from "./handle";
import { COLUMNS, fromGrid, toGrid } from "./layout";

const ROW_HEIGHT = 30;
const MARGIN = [10, 10] as const;

interface Props {
  readonly places: readonly Place[];
  readonly editing: boolean;
  readonly onPlaces: (places: readonly Place[]) => void;
  readonly draw: (widgetId: string) => ReactNode;
}

/** Widgets where their places are; in edit mode they can be dragged and resized. */
export function WidgetGrid({ places, editing, onPlaces, draw }: Props) {
  const { width, containerRef, mounted } = useContainerWidth();
  return (
    <div ref={containerRef}>
      {mounted && (
        <ReactGridLayout
          width={width}
          layout={toGrid(places)}
          gridConfig={{ cols: COLUMNS, rowHeight: ROW_HEIGHT, margin: MARGIN, containerPadding: [0, 0] }}
          dragConfig={{ enabled: editing, handle: `.${HANDLE_CLASS}` }}
          resizeConfig={{ enabled: editing, handles: ["se"] }}
          onDragStop={(layout) => onPlaces(fromGrid(layout, places))}
          onResizeStop={(layout) => onPlaces(fromGrid(layout, places))}
        >
          {places.map((place) => (
            <div key={place.widget_id}>{draw(place.widget_id)}</div>
          ))}
        </ReactGridLayout>
      )}
    </div>
  );
}
