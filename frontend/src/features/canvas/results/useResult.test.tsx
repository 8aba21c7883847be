// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Doc } from "../document/doc";
import { useResult } from "./useResult";

interface Asked {
  readonly rows: number;
  readonly signal: AbortSignal;
  readonly answer: () => void;
}

let asked: Asked[] = [];

/** The network: every call waits until the test answers it, with the limit's number as its one cell. */
function network(_path: string, init: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { graph } = JSON.parse(init.body as string) as { graph: Doc };
    const rows = graph.nodes.at(-1)?.data["rows"] as number;
    const { signal } = init;
    if (!signal) throw new Error("a question that cannot be aborted");
    signal.addEventListener("abort", () => reject(signal.reason as Error));
    const body = { columns: [], rows: [[rows]], row_count: 1, truncated: false };
    asked.push({ rows, signal, answer: () => resolve(Response.json(body)) });
  });
}

const docOf = (rows: number, id = "limit_1"): Doc => ({
  nodes: [{ id, type: "limit", position: { x: 0, y: 0 }, data: { rows } }],
  edges: [],
});

function mount(doc: Doc) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return renderHook(
    ({ doc: current }: { doc: Doc }) => {
      const [node] = current.nodes;
      if (!node) throw new Error("the document is empty");
      return useResult(current, node, 0, true);
    },
    {
      initialProps: { doc },
      wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
    },
  );
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  asked = [];
  vi.useFakeTimers();
  vi.stubGlobal("fetch", network);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("useResult", () => {
  it("asks once for a burst of edits, 300 ms after the last", async () => {
    const { rerender } = mount(docOf(1));
    await pass(0);
    for (const rows of [2, 3, 4]) {
      rerender({ doc: docOf(rows) });
      await pass(100);
    }
    expect(asked.map(({ rows }) => rows)).toEqual([1]);
    await pass(300);
    expect(asked.map(({ rows }) => rows)).toEqual([1, 4]);
  });

  it("aborts a question that is superseded, and never shows its answer", async () => {
    const { result, rerender } = mount(docOf(1));
    await pass(0);
    rerender({ doc: docOf(2) });
    await pass(300);
    expect(asked[0]?.signal.aborted).toBe(true);
    asked[0]?.answer();
    await pass(0);
    expect(result.current.data).toBeUndefined();
    asked[1]?.answer();
    await pass(0);
    expect(result.current.data?.rows).toEqual([[2]]);
  });

  it("keeps a node's last rows in view, marked, until the new ones come", async () => {
    const { result, rerender } = mount(docOf(1));
    await pass(0);
    asked[0]?.answer();
    await pass(0);
    rerender({ doc: docOf(2) });
    expect(result.current).toMatchObject({ data: { rows: [[1]] }, isPlaceholderData: true, waiting: true });
    await pass(300);
    asked[1]?.answer();
    await pass(0);
    expect(result.current).toMatchObject({ data: { rows: [[2]] }, isPlaceholderData: false, waiting: false });
  });

  it("never shows one node's rows for another", async () => {
    const { result, rerender } = mount(docOf(1));
    await pass(0);
    asked[0]?.answer();
    await pass(0);
    rerender({ doc: docOf(1, "limit_2") });
    expect(result.current.data).toBeUndefined();
  });

  it("does not ask for a moved node", async () => {
    const { rerender } = mount(docOf(1));
    await pass(0);
    const [node] = docOf(1).nodes;
    rerender({ doc: { nodes: node ? [{ ...node, position: { x: 99, y: 99 } }] : [], edges: [] } });
    await pass(1_000);
    expect(asked).toHaveLength(1);
  });
});
