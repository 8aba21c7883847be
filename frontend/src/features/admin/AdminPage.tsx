import { useEffect, useState } from "react";

import { toProblem } from "@/shared/api/problem";
import { useTenantAccess } from "@/shared/api/admin";
import { S } from "@/shared/strings";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";
import { Tabs } from "@/shared/ui/Tabs";

import { AccessForm } from "./AccessForm";
import { AuditLog } from "./AuditLog";

type Panel = "access" | "audit";
const TABS = (["access", "audit"] as const).map((id) => ({ id, label: S.admin.tabs[id] }));

/** What administrators decide and look at: the tenant's access, and its audit log. */
export function AdminPage() {
  const [panel, setPanel] = useState<Panel>("access");
  useEffect(() => {
    document.title = `${S.admin.title} · ${S.common.app}`;
  }, []);
  return (
    <div className="mx-auto flex h-full max-w-5xl flex-col">
      <h1 className="sr-only">{S.admin.title}</h1>
      <Tabs label={S.admin.tabsLabel} tabs={TABS} active={panel} onPick={setPanel}>
        <div className="h-full overflow-y-auto p-4">{panel === "access" ? <Access /> : <AuditLog />}</div>
      </Tabs>
    </div>
  );
}

function Access() {
  const { data, error, refetch } = useTenantAccess();
  if (error) return <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton />;
  return <AccessForm key={data.etag} access={data.data} etag={data.etag} />;
}
