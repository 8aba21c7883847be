import { Copy, KeyRound } from "lucide-react";

import type { CreatedKey } from "@/shared/api/keys";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { copyText } from "@/shared/ui/copyText";

interface Props {
  readonly made: CreatedKey;
  readonly onStored: () => void;
}

/** A new key's secret, the only time that it can be seen. */
export function SecretNote({ made, onStored }: Props) {
  return (
    <section aria-label={S.embed.created} className="flex flex-col gap-2 rounded-md border border-warn/50 bg-warn-soft p-3">
      <h3 className="flex items-center gap-1.5 font-semibold">
        <KeyRound aria-hidden size={15} />
        {S.embed.created}: {made.name}
      </h3>
      <p>{S.embed.once}</p>
      <code data-testid="secret" aria-label={S.embed.secret} className="rounded border border-line bg-surface p-2 font-mono text-xs break-all select-all">
        {made.key}
      </code>
      <div className="flex gap-2">
        <Button icon={Copy} tone="primary" aria-label={S.embed.copySecret} onClick={() => copyText(made.key)}>
          {S.common.copy}
        </Button>
        <Button onClick={onStored}>{S.embed.stored}</Button>
      </div>
    </section>
  );
}
