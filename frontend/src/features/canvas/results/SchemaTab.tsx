import { formatType } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { TypeIcon } from "@/shared/ui/TypeIcon";

import type { DocNode } from "../document/doc";
import { useAnalysis } from "../store/analysis";
import { useCanvas } from "../store/canvas";
import { obstacle } from "../store/status";
import { ObstacleNote } from "./ObstacleNote";

/** The columns that leave a node, as worked out in the browser. */
export function SchemaTab({ node }: { readonly node: DocNode }) {
  const doc = useCanvas((state) => state.doc);
  const outcomes = useAnalysis((state) => state.outcomes);
  const schema = outcomes.get(node.id)?.schema;
  if (!schema) {
    const blocked = obstacle(doc, outcomes, node.id);
    return blocked && <ObstacleNote target={node} obstacle={blocked.node} status={blocked.status} />;
  }
  return (
    <div className="h-full overflow-auto" tabIndex={0} role="region" aria-label={S.results.tabs.schema}>
      <table className="w-full max-w-2xl text-xs">
        <thead className="text-left text-muted">
          <tr>
            <th scope="col" className="px-3 py-1.5 font-medium">{S.results.schemaColumn}</th>
            <th scope="col" className="px-3 py-1.5 font-medium">{S.results.schemaType}</th>
            <th scope="col" className="px-3 py-1.5 font-medium">{S.results.nullable}</th>
          </tr>
        </thead>
        <tbody>
          {schema.map((column) => (
            <tr key={column.name} className="border-t border-line">
              <td className="px-3 py-1">
                <span className="flex items-center gap-2">
                  <TypeIcon type={formatType(column.type)} />
                  {column.name}
                </span>
              </td>
              <td className="px-3 py-1 font-mono">{formatType(column.type)}</td>
              <td className="px-3 py-1 text-muted">{column.nullable ? S.results.yes : S.results.no}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
