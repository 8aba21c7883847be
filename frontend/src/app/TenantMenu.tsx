import { Building2, ChevronDown } from "lucide-react";
import { useState } from "react";
import { useLocation, useNavigate } from "react-router";

import { S } from "@/shared/strings";
import { chooseTenant, useSession } from "@/shared/session";
import { ConfirmDialog } from "@/shared/ui/ConfirmDialog";
import { Menu } from "@/shared/ui/Menu";
import { anythingUnsaved } from "@/shared/unsaved";

/** Development only: be another tenant. */
export function TenantMenu() {
  const { config, tenant } = useSession();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [asked, setAsked] = useState<string | null>(null);
  if (config?.auth.mode !== "development") return null;

  const become = (name: string) => {
    setAsked(null);
    if (name === tenant) return;
    chooseTenant(name);
    // The page at hand, without the id of something that is the other tenant's.
    void navigate(`/${pathname.split("/")[1] ?? ""}`);
  };
  return (
    <>
      <Menu
        label={`${S.shell.tenant}: ${tenant}`}
        button={
          <>
            <Building2 aria-hidden size={14} className="text-muted" />
            <span className="max-w-28 truncate" title={S.shell.tenantHint}>
              {tenant}
            </span>
            <ChevronDown aria-hidden size={12} className="text-muted" />
          </>
        }
        items={config.auth.tenants.map((name) => ({
          label: name,
          checked: name === tenant,
          run: () => (anythingUnsaved() && name !== tenant ? setAsked(name) : become(name)),
        }))}
      />
      {asked !== null && (
        <ConfirmDialog
          title={S.shell.switchTitle}
          text={S.shell.switchText}
          confirm={S.shell.switch}
          danger
          onConfirm={() => become(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
