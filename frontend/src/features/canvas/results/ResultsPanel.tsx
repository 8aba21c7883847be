import { MousePointerClick } from "lucide-react";
import { useState } from "react";

import { S } from "@/shared/strings";
import { EmptyState } from "@/shared/ui/EmptyState";
import { type Tab, Tabs } from "@/shared/ui/Tabs";
import { Select } from "@/shared/ui/inputs";

import { isDecoration } from "../document/decorations";
import { type DocNode, inputsOf } from "../document/doc";
import { isDrawn, nodeName } from "../kinds";
import { useCanvas } from "../store/canvas";
import { useSelectedNode } from "../store/selection";
import { SchemaTab } from "./SchemaTab";
import { SqlTab } from "./SqlTab";
import { RowsTab } from "./RowsTab";

type TabId = "chart" | "data" | "sql" | "schema";

const label = (id: TabId): Tab<TabId> => ({ id, label: S.results.tabs[id] });
const WITH_CHART = [label("chart"), label("data"), label("schema"), label("sql")];
const PLAIN = [label("data"), label("schema"), label("sql")];

/** What the selected node gives: rows or chart, schema, SQL. */
export function ResultsPanel() {
  const node = useSelectedNode();
  return (
    <section aria-label={S.results.label} className="h-full bg-surface">
      <h2 className="sr-only">{S.results.label}</h2>
      {node && !isDecoration(node) ? (
        <NodeResults node={node} />
      ) : (
        <EmptyState icon={MousePointerClick} title={node ? S.results.decoration : S.results.pickTitle} text={S.results.pick} />
      )}
    </section>
  );
}

function NodeResults({ node }: { readonly node: DocNode }) {
  const [picked, setPicked] = useState<TabId>("chart");
  const [badge, setBadge] = useState<HTMLElement | null>(null);
  const doc = useCanvas((state) => state.doc);
  const [side, setSide] = useState<string | null>(null);
  const inputs = inputsOf(doc, node.id);
  // What arrives at the node, in the place of what it gives.
  const shown = inputs.find((input) => input.id === side) ?? node;
  const tabs = isDrawn(shown.type) ? WITH_CHART : PLAIN;
  const active = tabs.some((tab) => tab.id === picked) ? picked : "data";
  const aside = (
    <>
      {inputs.length > 0 && (
        <Select
          aria-label={S.profile.side}
          className="max-w-36"
          value={shown === node ? "" : shown.id}
          onPick={(id) => setSide(id === "" ? null : id)}
          choices={[
            { value: "", label: S.profile.output },
            ...inputs.map((input) => ({ value: input.id, label: S.profile.inputFrom(nodeName(doc, input)) })),
          ]}
        />
      )}
      <div ref={setBadge} className="flex min-w-0 items-center gap-1" />
    </>
  );
  return (
    <Tabs label={S.results.label} tabs={tabs} active={active} onPick={setPicked} aside={aside}>
      {active === "sql" ? (
        <SqlTab node={shown} />
      ) : active === "schema" ? (
        <SchemaTab node={shown} />
      ) : (
        <RowsTab node={shown} as={active} badge={badge} />
      )}
    </Tabs>
  );
}
