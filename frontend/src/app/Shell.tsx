import { LayoutDashboard, ListChecks, ShieldCheck, Workflow } from "lucide-react";
import { NavLink, Outlet } from "react-router";

import { S } from "@/shared/strings";
import { useSession } from "@/shared/session";
import { Toasts } from "@/shared/ui/Toasts";
import { cx } from "@/shared/ui/cx";

import { TenantMenu } from "./TenantMenu";
import { ThemeMenu } from "./ThemeMenu";
import { UserMenu } from "./UserMenu";

const LINKS = [
  { to: "/canvas", label: S.shell.canvas, icon: Workflow },
  { to: "/dashboards", label: S.shell.dashboards, icon: LayoutDashboard },
  { to: "/runs", label: S.runs.title, icon: ListChecks },
  { to: "/admin", label: S.admin.title, icon: ShieldCheck },
] as const;

/** The frame around every page: where you are, as whom, in which zone and theme. */
export function Shell() {
  const tenant = useSession((state) => state.tenant);
  const me = useSession((state) => state.user?.me);
  // In development everybody is an administrator.
  const links = LINKS.filter(({ to }) => to !== "/admin" || me === undefined || me.roles.includes("admin"));
  return (
    <div className="flex h-full flex-col">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-1 focus:rounded focus:bg-accent-solid focus:px-3 focus:py-1.5 focus:text-white"
      >
        {S.shell.skip}
      </a>
      <header className="flex h-11 shrink-0 items-center gap-1 border-b border-line bg-surface px-2 sm:gap-2 sm:px-3">
        <img src="/favicon.svg" alt="" className="size-5" />
        <span className="mr-2 hidden font-semibold tracking-tight sm:inline">{S.common.app}</span>
        <nav aria-label={S.shell.navigation} className="flex items-center gap-0.5">
          {links.map(({ to, label, icon: Icon }) => (
            <NavLink
              key={to}
              to={to}
              aria-label={label}
              title={label}
              className={({ isActive }) =>
                cx(
                  "flex h-7.5 items-center gap-1.5 rounded-md px-2.5 font-medium transition-colors",
                  isActive ? "bg-accent-soft text-accent" : "text-muted hover:bg-hover hover:text-fg",
                )
              }
            >
              <Icon aria-hidden size={14} />
              <span className="max-sm:hidden">{label}</span>
            </NavLink>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-1">
          <span title={S.shell.zoneHint} className="hidden px-1.5 font-mono text-2xs text-muted sm:inline">
            {S.shell.zone}
          </span>
          <TenantMenu />
          <UserMenu />
          <ThemeMenu />
        </div>
      </header>
      {/* Another tenant is another world: every page starts anew. */}
      <main key={tenant} id="content" className="min-h-0 flex-1">
        <Outlet />
      </main>
      <Toasts />
    </div>
  );
}
