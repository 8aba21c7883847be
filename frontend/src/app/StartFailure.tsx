import { Unplug } from "lucide-react";

import { toProblem } from "@/shared/api/problem";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { EmptyState } from "@/shared/ui/EmptyState";

/** The application cannot start: no configuration, or a sign-in that it cannot do. */
export function StartFailure({ error }: { readonly error?: unknown }) {
  const failed = error !== undefined;
  return (
    <EmptyState
      icon={Unplug}
      title={failed ? S.shell.noConfig : S.shell.signIn}
      text={failed ? toProblem(error).detail : S.shell.signInHint}
    >
      <Button onClick={() => location.reload()}>{S.common.reload}</Button>
    </EmptyState>
  );
}
