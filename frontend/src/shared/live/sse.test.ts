import { describe, expect, it } from "vitest";

import { EventParser, type ServerSentEvent } from "./sse";

function parse(...pieces: string[]): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const parser = new EventParser((event) => events.push(event));
  for (const piece of pieces) parser.push(piece);
  return events;
}

describe("server-sent events", () => {
  it.each([["\n"], ["\r\n"], ["\r"]])("end their lines with %j", (end) => {
    const text = ["id: 7", "data: one", "data: two", "", "data:three", "", ": a comment", ""].join(end);
    // A lone carriage return at the very end could still be followed by a line feed.
    expect(parse(text + (end === "\r" ? "\n" : ""))).toEqual([
      { id: "7", data: "one\ntwo" },
      { id: "7", data: "three" },
    ]);
  });

  it("may arrive in pieces of any size", () => {
    const text = 'id: 1-0\r\ndata: {"type":"ping"}\r\n\r\n';
    const whole = parse(text);
    expect(whole).toEqual([{ id: "1-0", data: '{"type":"ping"}' }]);
    for (let at = 0; at <= text.length; at++) expect(parse(text.slice(0, at), text.slice(at))).toEqual(whole);
    expect(parse(...Array.from(text))).toEqual(whole);
  });

  it("are nothing without data or before they are complete", () => {
    expect(parse("event: x\n\n", "data: half\n")).toEqual([]);
  });
});
