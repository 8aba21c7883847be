/**
 * The open workflow: its document (which undo and redo move through), what is selected, and what the
 * server has. Edits come as pure functions; edits of one gesture are one step of the history.
 */

import { temporal } from "zundo";
import { create } from "zustand";

import { type Doc, EMPTY_DOC } from "../document/doc";
import { Gestures } from "./gestures";

export interface Identity {
  /** Null until it is saved for the first time. */
  readonly id: string | null;
  readonly name: string;
  readonly etag: string | undefined;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface CanvasState {
  readonly doc: Doc;
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly measured: ReadonlyMap<string, Size>;
  readonly workflow: Identity;
  /** Rises with every document that is opened. */
  readonly opened: number;
  /** What the server has; null for a workflow that was never saved. */
  readonly saved: { readonly doc: Doc; readonly name: string } | null;
}

const HISTORY_LIMIT = 200;
const NONE: ReadonlySet<string> = new Set();
const gestures = new Gestures();

export const UNSAVED: Identity = { id: null, name: "", etag: undefined };

const initial: CanvasState = {
  doc: EMPTY_DOC,
  nodes: NONE,
  edges: NONE,
  measured: new Map(),
  workflow: UNSAVED,
  opened: 1,
  saved: null,
};

export const useCanvas = create<CanvasState>()(
  temporal(() => initial, {
    limit: HISTORY_LIMIT,
    partialize: ({ doc }) => ({ doc }),
    equality: (past, current) => past.doc === current.doc,
    handleSet: (record) => (past) => {
      if (!gestures.continued) record(past);
    },
  }),
);

/** Change the document. Edits that name the same gesture without a pause are undone together. */
export function edit(change: (doc: Doc) => Doc, gesture?: string): void {
  gestures.next(gesture);
  useCanvas.setState(({ doc }) => ({ doc: change(doc) }));
}

/** End a gesture such as a drag: the next edit of the same name is a step of its own. */
export function endGesture(): void {
  gestures.end();
}

export function select(nodes: Iterable<string>, edges: Iterable<string> = []): void {
  useCanvas.setState({ nodes: new Set(nodes), edges: new Set(edges) });
}

export function undo(): void {
  gestures.end();
  useCanvas.temporal.getState().undo();
  keepExisting();
}

export function redo(): void {
  gestures.end();
  useCanvas.temporal.getState().redo();
  keepExisting();
}

/** A selection never names what an undo took away. */
function keepExisting(): void {
  useCanvas.setState(({ doc, nodes, edges }) => ({
    nodes: new Set(doc.nodes.map((node) => node.id).filter((id) => nodes.has(id))),
    edges: new Set(doc.edges.map((edge) => edge.id).filter((id) => edges.has(id))),
  }));
}

/** Open a document: history and selection start anew. */
export function openDocument(doc: Doc, workflow: Identity, saved: boolean): void {
  gestures.end();
  useCanvas.setState(({ opened }) => ({
    ...initial,
    doc,
    workflow,
    opened: opened + 1,
    saved: saved ? { doc, name: workflow.name } : null,
  }));
  useCanvas.temporal.getState().clear();
}

/** Note that the server now has this document under this version. */
export function markSaved(doc: Doc, workflow: Identity): void {
  useCanvas.setState({ workflow, saved: { doc, name: workflow.name } });
}

export function rename(name: string): void {
  useCanvas.setState(({ workflow }) => ({ workflow: { ...workflow, name } }));
}

/** Whether leaving would lose something. */
export function isDirty({ doc, saved, workflow }: CanvasState): boolean {
  if (saved) return saved.doc !== doc || saved.name !== workflow.name;
  return doc.nodes.length > 0;
}
