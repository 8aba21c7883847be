import { Copy } from "lucide-react";

import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";
import { copyText } from "@/shared/ui/copyText";

interface Props {
  readonly title: string;
  readonly hint: string;
  readonly code: string;
}

/** Code to copy. */
export function CodeBlock({ title, hint, code }: Props) {
  return (
    <section aria-label={title} className="flex flex-col gap-1">
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-xs font-medium">{title}</h3>
        <IconButton icon={Copy} label={S.embed.copyCode(title)} onClick={() => copyText(code)} />
      </div>
      <p className="text-2xs text-muted">{hint}</p>
      {/* A scrollable region must be reachable by keyboard. */}
      <pre tabIndex={0} role="region" aria-label={title} className="max-h-64 overflow-auto rounded-md border border-line bg-sunken p-2 font-mono text-2xs">
        {code}
      </pre>
    </section>
  );
}
