import { queryClient } from "@/shared/api/queryClient";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";

import { useAnalysis } from "../store/analysis";

/** In place of what needs the catalogue: that it is on its way, or why it is not. */
export function CataloguePending({ rows = 6 }: { readonly rows?: number }) {
  const failure = useAnalysis((state) => state.failure);
  if (!failure) return <Skeleton rows={rows} />;
  return (
    <div className="p-3">
      <ProblemNote problem={failure} onRetry={() => void queryClient.refetchQueries({ queryKey: ["schema"] })} />
    </div>
  );
}
