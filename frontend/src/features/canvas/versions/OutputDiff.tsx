import type { OutputDifference } from "@/shared/api/versions";
import { S } from "@/shared/strings";

import { NameList, Part } from "./Part";
import { SideBySide } from "./SideBySide";

/** How an output's columns and SQL differ. */
export function OutputDiff({ output }: { readonly output: OutputDifference }) {
  if (output.change === "unchanged") return null;
  const { node_id: node, columns, sql } = output;
  const named = columns.added.map(({ name, type }) => `${name} · ${type}`);
  const gone = columns.removed.map(({ name, type }) => `${name} · ${type}`);
  const label = S.versions.sql(node);
  return (
    <>
      <NameList title={`${S.versions.columns(node)}: ${S.versions.added}`} names={named} sign="+" />
      <NameList title={`${S.versions.columns(node)}: ${S.versions.removed}`} names={gone} sign="−" />
      <NameList
        title={`${S.versions.columns(node)}: ${S.versions.retyped}`}
        names={columns.changed.map(({ name }) => name)}
        sign="±"
      />
      {columns.reordered && <p className="text-xs text-muted">{S.versions.reordered}</p>}
      {sql.before !== sql.after && (
        <Part title={label}>
          <SideBySide label={label} before={sql.before ?? ""} after={sql.after ?? ""} />
        </Part>
      )}
    </>
  );
}
