import { useEffect } from "react";

import { useExecution } from "@/shared/api/executions";
import { queryClient } from "@/shared/api/queryClient";
import { webSocket } from "@/shared/live/transport";
import { useFeed } from "@/shared/live/useFeed";
import { useSession } from "@/shared/session";

const POLL_MS = 2_000;
/** Also with a live feed: a run that nobody finishes is noticed by asking. */
const SELDOM_MS = 15_000;

/** A run, followed by its live feed until it is over, and by asking where there is none. */
export function useRun(id: string) {
  const tenant = useSession((state) => state.tenant);
  const known = queryClient.getQueryData<{ status: string }>(["execution", tenant, id])?.status;
  const over = known !== undefined && known !== "requested" && known !== "running";
  const again = () => void queryClient.invalidateQueries({ queryKey: ["execution", tenant, id] });
  const state = useFeed(over ? null : `${tenant} ${id}`, () => [webSocket(`/ws/executions/${encodeURIComponent(id)}`, { execution_id: id })], {
    onGap: again,
    onMessage: (message) => {
      if (message.type === "execution") again();
    },
  });
  const query = useExecution(id, state === "live" ? SELDOM_MS : POLL_MS);
  const status = query.data?.status;
  useEffect(() => {
    if (status !== undefined) void queryClient.invalidateQueries({ queryKey: ["executions"] });
  }, [status]);
  return query;
}
