import { Group, Panel, Separator, useDefaultLayout } from "react-resizable-panels";

import { S } from "@/shared/strings";

import { Palette } from "../palette/Palette";
import { ResultsPanel } from "../results/ResultsPanel";
import { SettingsPanel } from "../settings/SettingsPanel";
import { DrawingArea } from "./DrawingArea";

const LINE = "bg-line transition-colors data-[separator=active]:bg-accent data-[separator=hover]:bg-accent focus-visible:bg-accent focus-visible:outline-none";

/** Palette, canvas over results, settings; sizes are remembered. */
export function WideLayout() {
  const columns = useDefaultLayout({ id: "flowforge.canvas.columns", storage: localStorage });
  const rows = useDefaultLayout({ id: "flowforge.canvas.rows", storage: localStorage });
  return (
    <Group
      id="columns"
      className="h-full"
      defaultLayout={columns.defaultLayout}
      onLayoutChanged={columns.onLayoutChanged}
    >
      <Panel id="palette" defaultSize={196} minSize={160} maxSize={320} groupResizeBehavior="preserve-pixel-size">
        <Palette />
      </Panel>
      <Separator aria-label={S.canvas.resizePalette} className={`w-px ${LINE}`} />
      <Panel id="middle" minSize={320}>
        <Group
          id="rows"
          orientation="vertical"
          className="h-full"
          defaultLayout={rows.defaultLayout}
          onLayoutChanged={rows.onLayoutChanged}
        >
          <Panel id="area" defaultSize="58%" minSize={120}>
            <DrawingArea />
          </Panel>
          <Separator aria-label={S.canvas.resizeResults} className={`h-px ${LINE}`} />
          <Panel id="results" minSize={80}>
            <ResultsPanel />
          </Panel>
        </Group>
      </Panel>
      <Separator aria-label={S.canvas.resizeSettings} className={`w-px ${LINE}`} />
      <Panel id="settings" defaultSize={300} minSize={240} maxSize={560} groupResizeBehavior="preserve-pixel-size">
        <SettingsPanel />
      </Panel>
    </Group>
  );
}
