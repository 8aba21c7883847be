import { type Node, type NodeProps, NodeResizer } from "@xyflow/react";
import { memo } from "react";

import { S } from "@/shared/strings";
import { cx } from "@/shared/ui/cx";

import type { DocNode } from "../document/doc";
import { LEAST } from "../document/decorations";
import { text } from "../kinds/configs";
import { patch } from "../store/actions";
import { endRenaming, startRenaming, useRenaming } from "../store/renaming";

export interface DecorationData extends Record<string, unknown> {
  readonly node: DocNode;
  readonly label: string;
}

export type NoteNodeType = Node<DecorationData, "note">;

/** A text on the canvas; F2 or a double click to write in it. */
export const NoteNode = memo(function NoteNode({ id, data, selected }: NodeProps<NoteNodeType>) {
  const writing = useRenaming((state) => state.node === id);
  const content = text(data.node.data["text"]);
  return (
    <div
      className={cx(
        "size-full rounded-md border border-note-line bg-note p-2 text-xs text-fg shadow-(--shadow)",
        selected && "ring-2 ring-accent",
      )}
      onDoubleClick={() => startRenaming(id)}
    >
      <NodeResizer isVisible={selected} minWidth={LEAST.width} minHeight={LEAST.height} />
      {writing ? (
        <textarea
          aria-label={S.settings.noteText}
          autoFocus
          defaultValue={content}
          className="nodrag nopan nowheel size-full resize-none bg-transparent outline-none"
          onChange={(event) => patch(id, { text: event.target.value })}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === "Escape") event.currentTarget.blur();
          }}
          onBlur={endRenaming}
        />
      ) : (
        <p className={cx("size-full overflow-hidden break-words whitespace-pre-wrap", content === "" && "text-muted")}>
          {content || S.settings.noteEmpty}
        </p>
      )}
    </div>
  );
});
