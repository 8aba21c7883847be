import { MousePointerClick } from "lucide-react";
import { useState } from "react";

import { S } from "@/shared/strings";
import { EmptyState } from "@/shared/ui/EmptyState";
import { type Tab, Tabs } from "@/shared/ui/Tabs";

import { isDecoration } from "../document/decorations";
import type { DocNode } from "../document/doc";
import { isDrawn } from "../kinds";
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
  const tabs = isDrawn(node.type) ? WITH_CHART : PLAIN;
  const active = tabs.some((tab) => tab.id === picked) ? picked : "data";
  return (
    <Tabs label={S.results.label} tabs={tabs} active={active} onPick={setPicked} aside={<div ref={setBadge} className="flex min-w-0 items-center gap-1" />}>
      {active === "sql" ? (
        <SqlTab node={node} />
      ) : active === "schema" ? (
        <SchemaTab node={node} />
      ) : (
        <RowsTab node={node} as={active} badge={badge} />
      )}
    </Tabs>
  );
}
