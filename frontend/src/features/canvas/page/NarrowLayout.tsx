import { useState } from "react";

import { S } from "@/shared/strings";
import { Tabs } from "@/shared/ui/Tabs";

import { Palette } from "../palette/Palette";
import { ResultsPanel } from "../results/ResultsPanel";
import { SettingsPanel } from "../settings/SettingsPanel";
import { useCanvas } from "../store/canvas";
import { DrawingArea } from "./DrawingArea";

type Pane = "results" | "settings" | "add";

const PANES: readonly Pane[] = ["results", "settings", "add"];
const TABS = PANES.map((id) => ({ id, label: S.canvas.narrow[id] }));

/** On a phone: the canvas above, one panel at a time below. */
export function NarrowLayout() {
  const [pane, setPane] = useState<Pane>("results");
  const empty = useCanvas((state) => state.doc.nodes.length === 0);
  if (empty) return <DrawingArea />;
  return (
    <div className="flex h-full flex-col">
      <div className="h-[42%] shrink-0 border-b border-line">
        <DrawingArea />
      </div>
      <div className="min-h-0 flex-1">
        <Tabs label={S.canvas.narrow.label} tabs={TABS} active={pane} onPick={setPane}>
          {pane === "add" ? (
            <Palette onAdded={() => setPane("settings")} />
          ) : pane === "settings" ? (
            <SettingsPanel />
          ) : (
            <ResultsPanel />
          )}
        </Tabs>
      </div>
    </div>
  );
}
