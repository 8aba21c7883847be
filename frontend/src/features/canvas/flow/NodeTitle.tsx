import { useEffect, useRef } from "react";

import { S } from "@/shared/strings";

import { MAX_NAME } from "../document/doc";
import { renameNode } from "../store/actions";
import { endRenaming, startRenaming, useRenaming } from "../store/renaming";

interface Props {
  readonly id: string;
  /** The node's own name; empty if it has none. */
  readonly name: string;
  /** What it is called on the canvas, with or without a name of its own. */
  readonly label: string;
}

/** A node's name on its face; F2 or a double click makes it a text field. Enter keeps, Escape drops. */
export function NodeTitle({ id, name, label }: Props) {
  const renaming = useRenaming((state) => state.node === id);
  if (renaming) return <NameField id={id} name={name} label={label} />;
  return (
    <span className="truncate font-semibold" title={label} onDoubleClick={() => startRenaming(id)}>
      {label}
    </span>
  );
}

function NameField({ id, name, label }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const dropped = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  return (
    <input
      ref={field}
      aria-label={S.node.nameOf(label)}
      defaultValue={name}
      placeholder={label}
      maxLength={MAX_NAME}
      autoComplete="off"
      spellCheck={false}
      // Without these classes React Flow would take a drag in the text for one of the node.
      className="nodrag nopan h-5 w-full min-w-0 rounded border border-accent bg-surface px-1 font-semibold"
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") dropped.current = true;
        if (event.key !== "Escape" && event.key !== "Enter") return;
        const node = event.currentTarget.closest<HTMLElement>(".react-flow__node");
        event.currentTarget.blur();
        node?.focus();
      }}
      onBlur={(event) => {
        if (!dropped.current && event.target.value.trim() !== name) renameNode(id, event.target.value);
        endRenaming();
      }}
    />
  );
}
