import { beforeEach, describe, expect, it } from "vitest";

import { parseSchema } from "@/shared/schema/types";
import { useToasts } from "@/shared/ui/toast";

import { EMPTY_DOC } from "../document/doc";
import {
  add,
  addAfterSelection,
  addIntoWire,
  deleteSelection,
  disconnect,
  draw,
  groupSelection,
  moveWire,
  redirect,
  swapInputs,
  tidyLayout,
} from "./actions";
import { useAnalysis } from "./analysis";
import { openDocument, select, undo, UNSAVED, useCanvas } from "./canvas";

const columns = parseSchema([
  { name: "symbol", type: "string" },
  { name: "price", type: "decimal(18,6)" },
]);

const doc = () => useCanvas.getState().doc;
const wires = () => doc().edges.map(({ source, target, targetHandle }) => `${source}->${target}:${targetHandle ?? ""}`);
const steps = () => useCanvas.temporal.getState().pastStates.length;
const said = () => useToasts.getState().toasts.at(-1)?.text;
const at = (x: number, y = 0) => ({ x, y });

beforeEach(() => {
  openDocument(EMPTY_DOC, UNSAVED, false);
  useAnalysis.setState({
    outcomes: new Map(["data_source_1", "data_source_2"].map((id) => [id, { schema: columns, problems: [] } as never])),
  });
  add("data_source", at(0));
  add("data_source", at(0, 200));
});

describe("adding a node with several inputs", () => {
  it("feeds it from all that is selected, in the order of selecting, as one step", () => {
    select(["data_source_2", "data_source_1"]);
    const before = steps();
    addAfterSelection("join");
    expect(wires()).toEqual(["data_source_2->join_1:left", "data_source_1->join_1:right"]);
    expect(doc().nodes.at(-1)?.data).toMatchObject({ left_keys: ["symbol"], right_keys: ["symbol"] });
    expect(steps()).toBe(before + 1);
    undo();
    expect(wires()).toEqual([]);
  });

  it("does not guess for a node with one input", () => {
    select(["data_source_1", "data_source_2"]);
    addAfterSelection("filter");
    expect(wires()).toEqual([]);
  });

  it("puts it into a wire at its first port", () => {
    add("limit", at(500), "data_source_1");
    addIntoWire("join", at(250), doc().edges[0]?.id ?? "");
    expect(wires().sort()).toEqual(["data_source_1->join_1:left", "join_1->limit_1:"]);
  });
});

describe("drawing wires", () => {
  beforeEach(() => add("join", at(300)));

  it("fills the ports in order, then the settings that nobody made", () => {
    draw("data_source_1", "join_1", null);
    expect(doc().nodes.at(-1)?.data).toEqual({ join_type: "inner" });
    draw("data_source_2", "join_1", null);
    expect(wires()).toEqual(["data_source_1->join_1:left", "data_source_2->join_1:right"]);
    expect(doc().nodes.at(-1)?.data).toMatchObject({ left_keys: ["symbol"] });
  });

  it("says which wire gave way, and refuses what has no room", () => {
    draw("data_source_1", "join_1", "left");
    draw("data_source_2", "join_1", "left");
    expect(wires()).toEqual(["data_source_2->join_1:left"]);
    expect(said()).toMatch(/Data Source 1 gave way/);
    draw("data_source_1", "join_1", "right");
    const before = steps();
    draw("data_source_1", "join_1", null);
    expect(said()).toMatch(/Every input of this node has a wire/);
    draw("data_source_2", "join_1", "left");
    expect(steps()).toBe(before);
  });

  it("swaps, redirects and takes away, each in its place", () => {
    draw("data_source_1", "join_1", "left");
    draw("data_source_2", "join_1", "right");
    swapInputs("join_1");
    expect(wires()).toEqual(["data_source_2->join_1:left", "data_source_1->join_1:right"]);
    redirect(doc().edges[0]?.id ?? "", "data_source_1");
    expect(wires()).toEqual(["data_source_1->join_1:left", "data_source_1->join_1:right"]);
    disconnect(new Set([doc().edges[0]?.id ?? ""]));
    expect(wires()).toEqual(["data_source_1->join_1:right"]);
  });
});

describe("a union", () => {
  it("keeps the order of its wires, which can be changed", () => {
    add("union", at(300), "data_source_1", "data_source_2");
    moveWire(doc().edges[1]?.id ?? "", -1);
    expect(wires()).toEqual(["data_source_2->union_1:", "data_source_1->union_1:"]);
    moveWire(doc().edges[0]?.id ?? "", -1);
    expect(wires()).toEqual(["data_source_2->union_1:", "data_source_1->union_1:"]);
    draw("data_source_1", "union_1", null);
    expect(said()).toMatch(/already connected/);
  });
});

describe("frames", () => {
  it("stand around what is selected, follow a new layout, and go alone", () => {
    select(["data_source_1", "data_source_2"]);
    const id = groupSelection();
    const before = doc().nodes.find((node) => node.id === id)?.position;
    tidyLayout();
    expect(doc().nodes.find((node) => node.id === id)?.position).not.toBeUndefined();
    expect(before?.x).toBeLessThan(0);
    select([id]);
    deleteSelection();
    expect(doc().nodes.map((node) => node.id)).toEqual(["data_source_1", "data_source_2"]);
  });
});
