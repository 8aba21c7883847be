import { useQuery } from "@tanstack/react-query";

import { compile } from "@/shared/api/run";
import { useDebounced } from "@/shared/hooks/useDebounced";
import { useSession } from "@/shared/session";

import { contentKey, type Doc, type DocNode, toGraph, upstreamOf } from "../document/doc";

const DEBOUNCE_MS = 300;

/** What a node compiles to; asked 300 ms after the last change that could matter. */
export function useCompilation(doc: Doc, node: DocNode, enabled: boolean) {
  const tenant = useSession((state) => state.tenant);
  const content = contentKey(doc, node.id);
  const settled = useDebounced(content, DEBOUNCE_MS);
  return useQuery({
    queryKey: ["sql", tenant, node.id, content],
    queryFn: ({ signal }) => compile(toGraph(upstreamOf(doc, node.id)), node.id, signal),
    enabled: enabled && settled === content,
  });
}
