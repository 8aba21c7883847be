import { Table2 } from "lucide-react";

import { S } from "@/shared/strings";

import { whole } from "./configs";
import type { Look } from "./kind";

export const DEFAULT_PAGE_SIZE = 50;

export const tableView: Look = {
  ...S.kinds.table_view,
  group: "output",
  icon: Table2,
  defaults: () => ({ page: 0, page_size: DEFAULT_PAGE_SIZE }),
  configured: () => true,
  summary: (data) => S.node.summary.pageSize(whole(data["page_size"], DEFAULT_PAGE_SIZE)),
};
