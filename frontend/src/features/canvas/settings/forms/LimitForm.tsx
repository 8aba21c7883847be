import { S } from "@/shared/strings";

import { whole } from "../../kinds/configs";
import type { FormProps } from "../form";
import { WholeNumberField } from "./WholeNumberField";

const MOST = 1_000_000_000;

export function LimitForm({ node, onChange }: FormProps) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <WholeNumberField
        label={S.settings.rows}
        value={whole(node.data["rows"], 0)}
        min={1}
        max={MOST}
        onNumber={(rows) => onChange({ rows })}
      />
      <WholeNumberField
        label={S.settings.offset}
        value={whole(node.data["offset"], 0)}
        min={0}
        max={MOST}
        onNumber={(offset) => onChange({ offset })}
      />
    </div>
  );
}
