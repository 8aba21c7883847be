import { CircleUser, LogOut } from "lucide-react";

import { useSession } from "@/shared/session";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { Menu } from "@/shared/ui/Menu";

/** Who is signed in, and the way out; where the sign-in has ended, the way back in. */
export function UserMenu() {
  const { user, ended } = useSession();
  if (!user) return null;
  const { me, signedIn } = user;
  if (ended) {
    return (
      <Button tone="primary" onClick={() => void signedIn.again()}>
        {S.shell.signInAgain}
      </Button>
    );
  }
  return (
    <Menu
      label={S.shell.user(me.subject, me.tenant_id)}
      button={
        <>
          <CircleUser aria-hidden size={15} className="text-muted" />
          <span className="max-w-28 truncate max-sm:hidden">{me.tenant_id}</span>
        </>
      }
      items={[{ label: S.shell.signOut, icon: LogOut, run: () => void signedIn.leave() }]}
    />
  );
}
