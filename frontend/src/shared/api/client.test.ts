import { afterEach, describe, expect, it, vi } from "vitest";

import { call, identify } from "./client";
import { ApiError, toProblem } from "./problem";

/** Answer the next call; the mock is the network and nothing else. */
function answer(body: string, init: ResponseInit = {}): ReturnType<typeof vi.fn<typeof fetch>> {
  const network = vi.fn<typeof fetch>(() => Promise.resolve(new Response(body === "" ? null : body, init)));
  vi.stubGlobal("fetch", network);
  return network;
}

afterEach(() => {
  vi.unstubAllGlobals();
  identify(() => ({}));
});

describe("call", () => {
  it("says who is asking, and which version is edited", async () => {
    const network = answer('{"id":"1"}', { headers: { etag: '"4"' } });
    identify(() => ({ "X-Dev-Tenant": "demo" }));
    const { data, etag } = await call<{ id: string }>("/api/v1/workflows/1", {
      method: "PATCH",
      body: { name: "a" },
      etag: '"3"',
    });
    expect(data.id).toBe("1");
    expect(etag).toBe('"4"');
    const headers = new Headers(network.mock.calls[0]?.[1]?.headers);
    expect(headers.get("x-dev-tenant")).toBe("demo");
    expect(headers.get("if-match")).toBe('"3"');
  });

  it("takes an empty answer", async () => {
    answer("", { status: 204 });
    expect((await call("/api/v1/widgets/1", { method: "DELETE" })).data).toBeUndefined();
  });

  it("throws the server's problem", async () => {
    answer('{"title":"Unknown column","detail":"There is no column.","code":"unknown_column","trace_id":"t1"}', {
      status: 422,
    });
    const problem = await call("/x").catch(toProblem);
    expect(problem).toMatchObject({ status: 422, code: "unknown_column", trace_id: "t1" });
  });

  it.each(["<html>", "", "null", "5"])("makes a problem of the failed answer %j", async (body) => {
    answer(body, { status: 502, statusText: "Bad Gateway" });
    expect(await call("/x").catch(toProblem)).toMatchObject({ status: 502, title: "Bad Gateway" });
  });

  it("makes a problem of no answer at all", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
    await expect(call("/x")).rejects.toBeInstanceOf(ApiError);
    expect(await call("/x").catch(toProblem)).toMatchObject({ status: 0, code: "unreachable" });
  });

  it("lets an aborted call be aborted", async () => {
    const controller = new AbortController();
    controller.abort();
    vi.stubGlobal("fetch", () => Promise.reject(new DOMException("aborted", "AbortError")));
    await expect(call("/x", { signal: controller.signal })).rejects.toMatchObject({ name: "AbortError" });
  });
});
