import { S } from "@/shared/strings";

import { whole } from "../../kinds/configs";
import { DEFAULT_PAGE_SIZE } from "../../kinds/table_view";
import type { FormProps } from "../form";
import { WholeNumberField } from "./WholeNumberField";

const MOST = 1_000;

export function TableViewForm({ node, onChange }: FormProps) {
  return (
    <WholeNumberField
      label={S.settings.pageSize}
      value={whole(node.data["page_size"], DEFAULT_PAGE_SIZE)}
      min={1}
      max={MOST}
      onNumber={(size) => onChange({ page_size: size })}
    />
  );
}
