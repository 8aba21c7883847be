import { beforeEach, describe, expect, it } from "vitest";

import { EMPTY_DOC } from "../document/doc";
import { configure, insert, move } from "../document/edit";
import { edit, endGesture, isDirty, markSaved, openDocument, redo, rename, select, undo, UNSAVED, useCanvas } from "./canvas";

const add = (type: string) =>
  edit((doc) => insert(doc, { type, data: {}, position: { x: 0, y: 0 } }, null).doc);
const ids = () => useCanvas.getState().doc.nodes.map((node) => node.id);
const steps = () => useCanvas.temporal.getState().pastStates.length;

beforeEach(() => openDocument(EMPTY_DOC, UNSAVED, false));

describe("history", () => {
  it("goes back and forth", () => {
    add("filter");
    add("sort");
    undo();
    expect(ids()).toEqual(["filter_1"]);
    redo();
    expect(ids()).toEqual(["filter_1", "sort_1"]);
  });

  it("keeps at least 100 steps", () => {
    for (let step = 0; step < 150; step++) add("filter");
    for (let step = 0; step < 120; step++) undo();
    expect(ids()).toHaveLength(30);
  });

  it("counts a gesture once, and the next one separately", () => {
    add("filter");
    const before = steps();
    for (let x = 1; x <= 10; x++) edit((doc) => move(doc, new Map([["filter_1", { x, y: 0 }]])), "drag");
    endGesture();
    expect(steps()).toBe(before + 1);
    edit((doc) => move(doc, new Map([["filter_1", { x: 99, y: 0 }]])), "drag");
    expect(steps()).toBe(before + 2);
    undo();
    expect(useCanvas.getState().doc.nodes[0]?.position.x).toBe(10);
  });

  it("does not merge edits of different fields", () => {
    add("filter");
    const before = steps();
    edit((doc) => configure(doc, "filter_1", { a: 1 }), "filter_1:a");
    edit((doc) => configure(doc, "filter_1", { a: 1, b: 1 }), "filter_1:b");
    expect(steps()).toBe(before + 2);
  });

  it("is no part of selecting, and takes away what is selected no more", () => {
    add("filter");
    const before = steps();
    select(["filter_1"]);
    expect(steps()).toBe(before);
    undo();
    expect(useCanvas.getState().nodes.size).toBe(0);
  });

  it("begins anew with another document", () => {
    add("filter");
    openDocument(EMPTY_DOC, UNSAVED, false);
    expect(steps()).toBe(0);
  });
});

describe("isDirty", () => {
  const dirty = () => isDirty(useCanvas.getState());

  it("follows edits, saving and undo", () => {
    expect(dirty()).toBe(false);
    add("filter");
    expect(dirty()).toBe(true);
    markSaved(useCanvas.getState().doc, { id: "1", name: "", etag: '"1"' });
    expect(dirty()).toBe(false);
    add("sort");
    expect(dirty()).toBe(true);
    undo();
    expect(dirty()).toBe(false);
  });

  it("sees another name", () => {
    openDocument(EMPTY_DOC, { id: "1", name: "a", etag: '"1"' }, true);
    rename("b");
    expect(dirty()).toBe(true);
  });
});
