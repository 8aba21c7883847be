import { useQuery } from "@tanstack/react-query";

import { executePage, preview } from "@/shared/api/run";
import type { ResultAnswer } from "@/shared/api/types";
import { useDebounced } from "@/shared/hooks/useDebounced";
import { useSession } from "@/shared/session";

import { contentKey, type Doc, type DocNode, toGraph, upstreamOf } from "../document/doc";
import { isDrawn } from "../kinds";
import { whole } from "../kinds/configs";
import { DEFAULT_PAGE_SIZE } from "../kinds/table_view";

const DEBOUNCE_MS = 300;
const FIVE_MINUTES = 300_000;
/** A chart draws as many rows as one page of the server holds. */
const CHART_ROWS = 1_000;

/**
 * The rows of a node: the first 100, one page of a table view, or what a chart draws. Asks 300 ms
 * after the last change; a question that is superseded is aborted, and its answer never shown.
 */
export function useResult(doc: Doc, node: DocNode, page: number, enabled: boolean) {
  const tenant = useSession((state) => state.tenant);
  const content = contentKey(doc, node.id);
  const settled = useDebounced(content, DEBOUNCE_MS);
  const current = settled === content;
  const query = useQuery<ResultAnswer>({
    queryKey: ["rows", tenant, node.id, content, page],
    queryFn: ({ signal }) => {
      const graph = toGraph(upstreamOf(doc, node.id));
      if (isDrawn(node.type)) return executePage(graph, node.id, 0, CHART_ROWS, signal);
      if (node.type !== "table_view") return preview(graph, node.id, signal);
      return executePage(graph, node.id, page, whole(node.data["page_size"], DEFAULT_PAGE_SIZE), signal);
    },
    enabled: enabled && current,
    staleTime: FIVE_MINUTES,
    gcTime: FIVE_MINUTES,
    // Within one node an update keeps the last rows in view, marked as such, until the new ones come.
    placeholderData: (previous, before) => (before?.queryKey[2] === node.id ? previous : undefined),
  });
  return { ...query, waiting: enabled && !current };
}
