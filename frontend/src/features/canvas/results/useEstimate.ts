import { useQuery } from "@tanstack/react-query";

import { estimate } from "@/shared/api/run";
import type { Estimate } from "@/shared/api/types";
import { useSession } from "@/shared/session";

import { contentKey, type Doc, type DocNode, toGraph, upstreamOf } from "../document/doc";

const FIVE_MINUTES = 300_000;

/** What a node would read; undefined while nobody has said, or where nobody can. */
export function useEstimate(doc: Doc, node: DocNode, enabled: boolean): Estimate | undefined {
  const tenant = useSession((state) => state.tenant);
  const { data } = useQuery({
    queryKey: ["estimate", tenant, node.id, contentKey(doc, node.id)],
    queryFn: ({ signal }) => estimate(toGraph(upstreamOf(doc, node.id)), node.id, signal),
    enabled,
    retry: false,
    staleTime: FIVE_MINUTES,
  });
  return data;
}
