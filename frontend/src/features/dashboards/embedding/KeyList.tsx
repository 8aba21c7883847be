import { useState } from "react";

import { type EmbedKey, revokeKey } from "@/shared/api/keys";
import { toProblem } from "@/shared/api/problem";
import { formatDatetime } from "@/shared/format/cell";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { ConfirmDialog } from "@/shared/ui/ConfirmDialog";
import { toast } from "@/shared/ui/toast";

const DAY = 10;

interface Props {
  readonly keys: readonly EmbedKey[];
  readonly onMake: () => void;
}

/** The keys that open a widget, each with the way to end it. */
export function KeyList({ keys, onMake }: Props) {
  const [revoking, setRevoking] = useState<EmbedKey | null>(null);
  const revoke = async (key: EmbedKey) => {
    setRevoking(null);
    await revokeKey(key.id).then(
      () => toast(S.embed.revoked(key.name)),
      (error: unknown) => toast(toProblem(error).detail, "error"),
    );
  };
  if (keys.length === 0) {
    return (
      <div className="flex flex-col items-start gap-2">
        <p className="text-muted">{S.embed.none}</p>
        <Button tone="primary" onClick={onMake}>
          {S.embed.make}
        </Button>
      </div>
    );
  }
  return (
    <ul className="divide-y divide-line rounded-md border border-line">
      {keys.map((key) => (
        <li key={key.id} className="flex items-center gap-3 px-3 py-2">
          <div className="min-w-0 flex-1">
            <p className="truncate font-medium">{key.name}</p>
            <p className="truncate text-2xs text-muted">
              {[expiry(key), S.embed.facts(key.widget_ids.length, key.locked_filters.length), key.allowed_origins.join(", ")].join(" · ")}
            </p>
          </div>
          <Button aria-label={`${S.embed.revoke} ${key.name}`} onClick={() => setRevoking(key)}>
            {S.embed.revoke}
          </Button>
        </li>
      ))}
      {revoking && (
        <ConfirmDialog
          title={S.embed.revokeTitle(revoking.name)}
          text={S.embed.revokeText}
          confirm={S.embed.revoke}
          danger
          onConfirm={() => void revoke(revoking)}
          onClose={() => setRevoking(null)}
        />
      )}
    </ul>
  );
}

function expiry({ expires_at: at }: EmbedKey): string {
  if (at === null) return S.embed.endless;
  const day = formatDatetime(at).slice(0, DAY);
  return Date.parse(at) < Date.now() ? S.embed.ended(day) : S.embed.ends(day);
}
