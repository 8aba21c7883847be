import { toProblem } from "@/shared/api/problem";
import { type FieldChange, useDiff, type VersionDiff } from "@/shared/api/versions";
import { S } from "@/shared/strings";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";

import { kindOf } from "../kinds";
import { OutputDiff } from "./OutputDiff";
import { NameList, Part } from "./Part";

interface Props {
  readonly workflowId: string;
  readonly from: number;
  readonly to: number;
}

/** What one version means that another does not: nodes, settings, wires, columns and SQL. */
export function DiffView({ workflowId, from, to }: Props) {
  const { data, error, refetch } = useDiff(workflowId, from, to);
  if (error) return <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={5} />;
  if (data.identical) return <p className="text-muted">{S.versions.identical}</p>;
  return <Differences diff={data} />;
}

function Differences({ diff }: { readonly diff: VersionDiff }) {
  const { graph, outputs, name } = diff;
  const wire = ({ source, target, target_handle: port }: VersionDiff["graph"]["edges_added"][number]) =>
    S.canvas.wireName(source, target, port);
  return (
    <div className="flex flex-col gap-4">
      {name && (
        <Part title={S.versions.renamed}>
          <FieldTable fields={[{ field: S.common.name, ...name }]} />
        </Part>
      )}
      {graph.nodes_changed.map((node) => (
        <Part key={node.id} title={`${S.versions.changed}: ${labelOf(node)}`}>
          <FieldTable fields={node.fields} />
        </Part>
      ))}
      <NameList title={S.versions.added} names={graph.nodes_added.map(labelOf)} sign="+" />
      <NameList title={S.versions.removed} names={graph.nodes_removed.map(labelOf)} sign="−" />
      <NameList title={`${S.versions.wires}: ${S.versions.added}`} names={graph.edges_added.map(wire)} sign="+" />
      <NameList title={`${S.versions.wires}: ${S.versions.removed}`} names={graph.edges_removed.map(wire)} sign="−" />
      {graph.parameters.length > 0 && (
        <Part title={S.versions.parameters}>
          <FieldTable fields={graph.parameters} />
        </Part>
      )}
      {outputs.map((output) => (
        <OutputDiff key={output.node_id} output={output} />
      ))}
    </div>
  );
}

function labelOf({ id, type }: { readonly id: string; readonly type: string | null }): string {
  return type === null ? id : `${kindOf(type).label} (${id})`;
}

function FieldTable({ fields }: { readonly fields: readonly FieldChange[] }) {
  return (
    <table className="w-full table-fixed border-collapse text-xs">
      <thead>
        <tr className="text-left text-2xs text-muted">
          <th scope="col" className="w-1/4 font-normal">{S.versions.setting}</th>
          <th scope="col" className="font-normal">{S.versions.before}</th>
          <th scope="col" className="font-normal">{S.versions.after}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ field, before, after }) => (
          <tr key={field} className="border-t border-line align-top">
            <th scope="row" className="py-1 pr-2 text-left font-medium break-words">{field}</th>
            <td className="bg-danger-soft px-1.5 py-1 font-mono text-2xs break-words">{valueText(before)}</td>
            <td className="bg-accent-soft px-1.5 py-1 font-mono text-2xs break-words">{valueText(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return S.versions.nothing;
  return typeof value === "string" ? value : JSON.stringify(value);
}
