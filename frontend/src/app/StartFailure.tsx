import { Unplug } from "lucide-react";

import { toProblem } from "@/shared/api/problem";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { EmptyState } from "@/shared/ui/EmptyState";

/** The application cannot start: no configuration, or a sign-in that was refused. */
export function StartFailure({ error }: { readonly error: unknown }) {
  return (
    <EmptyState icon={Unplug} title={S.shell.noStart} text={toProblem(error).detail}>
      <Button onClick={() => location.assign("/")}>{S.common.retry}</Button>
    </EmptyState>
  );
}
