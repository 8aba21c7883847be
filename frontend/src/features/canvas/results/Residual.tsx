import type { ResidualInfo } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { cx } from "@/shared/ui/cx";

interface Props {
  readonly residual: ResidualInfo;
  /** The node that is marked. */
  readonly shown: string;
  readonly nameOf: (node: string) => string;
  readonly inNames: (text: string) => string;
  readonly onPick: (node: string) => void;
}

/** What is done in memory once the stores have answered: what comes in, then step by step. */
export function Residual({ residual, shown, nameOf, inNames, onPick }: Props) {
  return (
    <section aria-label={S.results.residual} className="border-b border-line px-3 py-2 last:border-0">
      <h3 className="text-2xs text-muted">{`${S.results.residual} (${residual.engine})`}</h3>
      <ul className="pt-1 text-xs text-muted">
        {residual.inputs.map(({ store, columns, statement, table }, index) => (
          <li key={index} title={columns.join(", ")}>
            {S.results.fetched(
              typeof statement === "number" ? S.results.sqlFor(store, statement + 1) : `${store} ${table ?? ""}`,
              columns.length,
            )}
          </li>
        ))}
      </ul>
      <ol data-testid="residual" className="pt-1">
        {residual.steps.map(({ node_id: id, detail }) => (
          <li key={id}>
            <button
              type="button"
              aria-pressed={id === shown}
              onClick={() => onPick(id)}
              className={cx(
                "w-full border-l-2 px-2 py-0.5 text-left text-xs hover:bg-hover",
                id === shown ? "border-accent bg-accent-soft" : "border-transparent",
              )}
            >
              <span className="font-medium">{nameOf(id)}</span>
              <span className="text-muted">{` · ${inNames(detail)}`}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
