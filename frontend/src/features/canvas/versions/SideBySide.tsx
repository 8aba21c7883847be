import { S } from "@/shared/strings";
import { cx } from "@/shared/ui/cx";

import { pairLines } from "./lines";

interface Props {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** Two texts beside each other; lines that differ are marked by a sign as well as by colour. */
export function SideBySide({ label, before, after }: Props) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className="max-h-72 overflow-auto rounded-md border border-line">
      <table className="w-full table-fixed font-mono text-2xs">
        <thead className="sr-only">
          <tr>
            <th scope="col">{S.versions.before}</th>
            <th scope="col">{S.versions.after}</th>
          </tr>
        </thead>
        <tbody>
          {pairLines(before, after).map((pair, index) => (
            // Lines have no identity of their own but their place.
            <tr key={index} className="align-top">
              <Line text={pair.before} sign="−" className={pair.same ? "" : "bg-danger-soft"} />
              <Line text={pair.after} sign="+" className={cx("border-l border-line", !pair.same && "bg-accent-soft")} marked={!pair.same} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ text, sign, className, marked = className !== "" }: { text: string | null; sign: string; className: string; marked?: boolean }) {
  return (
    <td className={cx("px-2 py-px break-words whitespace-pre-wrap", text !== null && className, text === null && "bg-sunken")}>
      {text !== null && marked ? `${sign} ${text}` : text}
    </td>
  );
}
