import { Frown } from "lucide-react";
import { isRouteErrorResponse, useRouteError } from "react-router";

import { toProblem } from "@/shared/api/problem";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { EmptyState } from "@/shared/ui/EmptyState";

/** What stands in place of a page that failed to draw or does not exist. */
export function RouteError() {
  const error = useRouteError();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <EmptyState
      icon={Frown}
      title={missing ? S.common.notFound : S.common.crashed}
      {...(missing ? {} : { text: toProblem(error).detail })}
    >
      <Button tone="primary" onClick={() => location.assign(missing ? "/canvas" : location.href)}>
        {missing ? S.shell.canvas : S.common.reload}
      </Button>
    </EmptyState>
  );
}
