import { useElapsed } from "@/shared/hooks/useElapsed";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";

const SHOWN_AFTER_MS = 1_000;

/** After a second: how long the query has been running, and a way to stop it. */
export function Running({ onCancel }: { readonly onCancel: () => void }) {
  const elapsed = useElapsed(true);
  if (elapsed < SHOWN_AFTER_MS) return null;
  return (
    <div className="absolute top-2 right-10 z-20 flex items-center gap-2 rounded-md border border-line bg-surface py-1 pr-1 pl-3 shadow-lg">
      <span role="status" className="tabular-nums">
        {S.results.running(elapsed)}
      </span>
      <Button onClick={onCancel}>{S.common.cancel}</Button>
    </div>
  );
}
