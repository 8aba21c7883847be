import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { type FrameWindow, HostLink } from "./hostLink";
import { readToken } from "./token";

const WIDGET = "00000000-0000-4000-8000-000000000001";
const HOST = "https://portal.example.com";
const MINUTES = 60_000;

function tokenFor(widget: string, origins: readonly string[], lifeMs = 10 * MINUTES): string {
  const claims = { widget_id: widget, origins, exp: (Date.now() + lifeMs) / 1_000, note: "é–" };
  const payload = btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims))));
  return `h.${payload.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}.s`;
}

/** A frame in a page that the test speaks for. */
function framed() {
  const sent: { message: unknown; origin: string }[] = [];
  const parent = { postMessage: (message: unknown, origin: string) => sent.push({ message, origin }) };
  let listener: (event: MessageEvent) => void = () => undefined;
  const frame: FrameWindow = {
    parent,
    addEventListener: (_type, added) => (listener = added),
    removeEventListener: () => undefined,
  };
  const heard = { onToken: vi.fn(), onFilters: vi.fn(), onTheme: vi.fn() };
  const link = new HostLink(WIDGET, heard, frame);
  link.start();
  const say = (data: unknown, origin = HOST, source: unknown = parent) => listener({ data, origin, source } as MessageEvent);
  return { link, heard, sent, say };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a frame", () => {
  it("says that it is there, and nothing else, to whoever frames it", () => {
    const { sent } = framed();
    expect(sent).toEqual([{ message: { type: "flowforge:ready", widget_id: WIDGET }, origin: "*" }]);
  });

  it("takes a token from the page that it names, and then speaks to that origin only", () => {
    const { heard, sent, say, link } = framed();
    const token = tokenFor(WIDGET, [HOST]);
    say({ type: "flowforge:token", token });
    expect(heard.onToken).toHaveBeenCalledWith(token);
    link.tellHeight(300);
    expect(sent.at(-1)).toEqual({ message: { type: "flowforge:height", height: 300 }, origin: HOST });
    say({ type: "flowforge:theme", theme: "dark" });
    say({ type: "flowforge:filters", filters: [{ column: "symbol", operator: "=", value: "SPY" }] });
    expect(heard.onTheme).toHaveBeenCalledWith("dark");
    expect(heard.onFilters).toHaveBeenCalledOnce();
  });

  it.each([
    ["from a page that the token does not name", tokenFor(WIDGET, ["https://other.example.com"]), HOST],
    ["for another widget", tokenFor("x", [HOST]), HOST],
    ["that is none", "a.b.c", HOST],
    ["that is no text", 5, HOST],
    ["from another origin", tokenFor(WIDGET, [HOST]), "https://evil.example"],
  ])("refuses a token %s", (_name, token, origin) => {
    const { heard, say } = framed();
    say({ type: "flowforge:token", token }, origin);
    say({ type: "flowforge:theme", theme: "dark" }, origin);
    expect(heard.onToken).not.toHaveBeenCalled();
    expect(heard.onTheme).not.toHaveBeenCalled();
  });

  it("listens to no other window, and to no second origin", () => {
    const { heard, say } = framed();
    say({ type: "flowforge:token", token: tokenFor(WIDGET, [HOST]) }, HOST, { postMessage: () => undefined });
    expect(heard.onToken).not.toHaveBeenCalled();
    say({ type: "flowforge:token", token: tokenFor(WIDGET, [HOST, "https://second.example.com"]) });
    say({ type: "flowforge:token", token: tokenFor(WIDGET, [HOST, "https://second.example.com"]) }, "https://second.example.com");
    expect(heard.onToken).toHaveBeenCalledOnce();
  });

  it("asks for the next token before the old one ends, until there is one", () => {
    const { sent, say } = framed();
    const asked = () => sent.filter(({ message }) => (message as { type: string }).type === "flowforge:token-needed").length;
    say({ type: "flowforge:token", token: tokenFor(WIDGET, [HOST]) });
    vi.advanceTimersByTime(8.9 * MINUTES);
    expect(asked()).toBe(0);
    vi.advanceTimersByTime(0.2 * MINUTES);
    expect(asked()).toBeGreaterThan(1);
    say({ type: "flowforge:token", token: tokenFor(WIDGET, [HOST]) });
    const before = asked();
    vi.advanceTimersByTime(8 * MINUTES);
    expect(asked()).toBe(before);
  });
});

it("reads a token's claims whatever letters it holds", () => {
  expect(readToken(tokenFor(WIDGET, [HOST]))).toMatchObject({ widgetId: WIDGET, origins: [HOST] });
  for (const text of ["", "a", "a.b", "a.!.c", "a.e30.c.d", "a.e30.c"]) expect(readToken(text)).toBeNull();
});
