import { LayoutDashboard, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { deleteDashboard } from "@/shared/api/dashboards";
import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import type { DashboardSummary } from "@/shared/api/types";
import { formatMinute } from "@/shared/format/cell";
import { S } from "@/shared/strings";
import { ConfirmDialog } from "@/shared/ui/ConfirmDialog";
import { IconButton } from "@/shared/ui/IconButton";
import { toast } from "@/shared/ui/toast";

/** One dashboard of the list. */
export function DashboardRow({ dashboard }: { readonly dashboard: DashboardSummary }) {
  const [deleting, setDeleting] = useState(false);
  const remove = async () => {
    setDeleting(false);
    await deleteDashboard(dashboard.id).catch((error: unknown) => toast(toProblem(error).detail, "error"));
    await queryClient.invalidateQueries({ queryKey: ["dashboards"] });
  };
  return (
    <li className="flex items-center pr-2 hover:bg-hover">
      <Link to={`/dashboards/${dashboard.id}`} className="flex min-w-0 flex-1 items-center gap-2.5 px-3 py-2.5">
        <LayoutDashboard aria-hidden size={16} className="shrink-0 text-muted" />
        <span className="min-w-0 flex-1 truncate font-medium">{dashboard.name}</span>
        <span className="text-2xs text-muted max-sm:hidden">
          {S.dashboards.updated(formatMinute(dashboard.updated_at))}
        </span>
      </Link>
      <IconButton icon={Trash2} label={`${S.common.delete} ${dashboard.name}`} onClick={() => setDeleting(true)} />
      {deleting && (
        <ConfirmDialog
          title={S.dashboards.deleteTitle}
          text={S.dashboards.deleteText(dashboard.name)}
          confirm={S.common.delete}
          danger
          onConfirm={() => void remove()}
          onClose={() => setDeleting(false)}
        />
      )}
    </li>
  );
}
