// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import { isTyping, keyScope } from "./keyScope";

beforeEach(() => {
  document.body.innerHTML = `
    <div data-keys="canvas"><button id="node"></button></div>
    <div data-keys="own"><table id="grid"></table></div>
    <aside><button id="panel"></button><input id="field" /></aside>
    <dialog><button id="inside"></button></dialog>`;
});

const find = (id: string) => document.getElementById(id);

describe("keyScope", () => {
  it.each([
    ["node", "canvas"],
    ["grid", "own"],
    ["panel", "other"],
    ["inside", "own"],
  ])("of #%s is %s", (id, scope) => {
    expect(keyScope(find(id))).toBe(scope);
  });

  it("of nothing in particular is the canvas", () => expect(keyScope(document.body)).toBe("canvas"));
});

describe("isTyping", () => {
  it("holds in fields only", () => {
    expect(isTyping(find("field"))).toBe(true);
    expect(isTyping(find("panel"))).toBe(false);
  });
});
