import { FileUp } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";

import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { cx } from "@/shared/ui/cx";

interface Props {
  /** The file that is being read; null while none is. */
  readonly busy: string | null;
  readonly onFile: (file: File) => void;
}

/** Where a file is dropped, or chosen. */
export function DropArea({ busy, onFile }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file && busy === null) onFile(file);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cx(
        "flex flex-col items-center gap-2 rounded-lg border-2 border-dashed p-8 text-center",
        over ? "border-accent bg-accent-soft" : "border-line-strong",
      )}
    >
      <FileUp aria-hidden size={24} className="text-muted" />
      <p role="status">{busy === null ? S.uploads.drop : S.uploads.reading(busy)}</p>
      <Button disabled={busy !== null} onClick={() => input.current?.click()}>
        {S.uploads.choose}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={S.uploads.choose}
        accept=".csv,.tsv,.txt,.parquet,.pq"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file may be chosen again after it was mended.
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
      <p className="text-2xs text-muted">{S.uploads.hint}</p>
    </div>
  );
}
