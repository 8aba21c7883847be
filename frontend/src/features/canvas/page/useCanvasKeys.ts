import { useReactFlow } from "@xyflow/react";
import { useEffect, useRef } from "react";

import { FIT } from "../flow/fit";
import { copySelection, deleteSelection, duplicateSelection, groupSelection, pasteText, selectAll } from "../store/actions";
import { redo, undo, useCanvas } from "../store/canvas";
import { startRenaming } from "../store/renaming";
import { onlySelected } from "../store/selection";
import { isTyping, keyScope } from "./keyScope";

interface Commands {
  readonly save: () => void;
  readonly showKeys: () => void;
}

/**
 * The canvas's keyboard. Saving works from everywhere; everything else only where it cannot be meant
 * for a text field, a grid, an editor or a chart.
 */
export function useCanvasKeys(commands: Commands): void {
  const flow = useReactFlow();
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    const actionFor = (event: KeyboardEvent): (() => void) | undefined => {
      const { target } = event;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && key === "s") return latest.current.save;
      if (command && key === "k") return focusPalette;
      if (isTyping(target) || keyScope(target) === "own") return undefined;
      if (command && key === "z") return event.shiftKey ? redo : undo;
      if (command && key === "y") return redo;
      if (keyScope(target) !== "canvas") return undefined;
      if (command && key === "d") return duplicateSelection;
      if (command && key === "a") return selectAll;
      if (command && key === "g") return groupSelection;
      if (command || event.altKey) return undefined;
      if (key === "f2") return renameSelected;
      if (key === "delete" || key === "backspace") return deleteSelection;
      if (key === "f") return () => void flow.fitView({ ...FIT, duration: 200 });
      return key === "?" ? latest.current.showKeys : undefined;
    };
    const onKey = (event: KeyboardEvent) => {
      const action = actionFor(event);
      if (!action) return;
      event.preventDefault();
      action();
    };
    const onCopy = (event: ClipboardEvent) => {
      if (!concernsCanvas(event.target)) return;
      const text = copySelection();
      if (text === null) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      if (event.type === "cut") deleteSelection();
    };
    const onPaste = (event: ClipboardEvent) => {
      if (!concernsCanvas(event.target)) return;
      if (pasteText(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [flow]);
}

/** Text that somebody marked on the page is what they mean to copy. */
function concernsCanvas(target: EventTarget | null): boolean {
  return keyScope(target) === "canvas" && !isTyping(target) && (getSelection()?.toString() ?? "") === "";
}

function renameSelected(): void {
  const id = onlySelected(useCanvas.getState());
  if (id !== null) startRenaming(id);
}

function focusPalette(): void {
  document.querySelector<HTMLInputElement>("[data-palette-search]")?.focus();
}
