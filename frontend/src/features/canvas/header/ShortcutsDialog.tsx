import { S } from "@/shared/strings";
import { Dialog } from "@/shared/ui/Dialog";

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={S.keys.title} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
        {S.keys.rows.map(([keys, text]) => (
          <div key={keys} className="contents">
            <dt className="font-mono text-xs text-muted">{keys}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
