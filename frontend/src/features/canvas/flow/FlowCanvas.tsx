import {
  Background,
  BackgroundVariant,
  type Connection,
  Controls,
  type Edge,
  MiniMap,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import { useMemo, useState } from "react";

import { useNarrow } from "@/shared/hooks/useMediaQuery";
import { S } from "@/shared/strings";

import { refusal } from "../document/wires";
import { portsOf } from "../kinds";
import { SearchToAdd, type SearchPlace } from "../palette/SearchToAdd";
import { draw } from "../store/actions";
import { useCanvas } from "../store/canvas";
import { GroupNode } from "./GroupNode";
import { NoteNode } from "./NoteNode";
import { StepNode } from "./StepNode";
import { endConnection, pointOf } from "./connecting";
import { FIT } from "./fit";
import { applyEdgeReports, applyNodeReports } from "./changes";
import { flowEdges, flowNodes } from "./elements";

const NODE_TYPES = { step: StepNode, note: NoteNode, group: GroupNode };
const MINIMAP_FROM = 12;
/** From the pointer to a new node's corner, so that its port ends up under the pointer. */
const DROP_OFFSET = { x: 12, y: 40 };

/** The drawing area: nodes, wires, and the search where a wire is dropped. */
export function FlowCanvas() {
  const doc = useCanvas((state) => state.doc);
  const nodes = useCanvas((state) => state.nodes);
  const edges = useCanvas((state) => state.edges);
  const measured = useCanvas((state) => state.measured);
  const flow = useReactFlow();
  const narrow = useNarrow();
  const [searching, setSearching] = useState<SearchPlace | null>(null);
  const elements = useMemo(() => flowNodes({ doc, nodes, measured }), [doc, nodes, measured]);
  const wires = useMemo(() => flowEdges(doc, edges), [doc, edges]);

  return (
    <div className="relative size-full" data-keys="canvas">
      <ReactFlow
        aria-label={S.canvas.area}
        nodes={elements}
        edges={wires}
        nodeTypes={NODE_TYPES}
        onNodesChange={applyNodeReports}
        onEdgesChange={applyEdgeReports}
        onConnect={({ source, target, targetHandle }: Connection) => draw(source, target, targetHandle)}
        onConnectEnd={(event, state) => {
          const from = endConnection(event, state);
          if (from === null) return;
          const screen = pointOf(event);
          const at = flow.screenToFlowPosition(screen);
          setSearching({ screen, flow: { x: at.x - DROP_OFFSET.x, y: at.y - DROP_OFFSET.y }, from });
        }}
        isValidConnection={({ source, target, targetHandle }: Connection | Edge) =>
          refusal(doc, portsOf, source, target, targetHandle ?? null) === null
        }
        // Keys are handled by `useCanvasKeys`, which knows where the focus is.
        deleteKeyCode={null}
        multiSelectionKeyCode={["Meta", "Control"]}
        connectionRadius={28}
        minZoom={0.2}
        maxZoom={1.75}
        fitViewOptions={FIT}
        proOptions={{ hideAttribution: false }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} className="opacity-70" />
        <Controls showInteractive={false} fitViewOptions={FIT} />
        {!narrow && doc.nodes.length >= MINIMAP_FROM && <MiniMap pannable zoomable ariaLabel={null} />}
      </ReactFlow>
      {searching && <SearchToAdd place={searching} onClose={() => setSearching(null)} />}
    </div>
  );
}
