import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Feed, type FeedState } from "./feed";
import type { LiveMessage } from "./messages";
import type { Listener, Transport } from "./transport";

/** A transport that the test speaks through. */
class Line {
  readonly opened: (string | null)[] = [];
  closed = 0;
  listener: Listener | null = null;
  readonly transport: Transport = (lastId, listener) => {
    this.opened.push(lastId);
    this.listener = listener;
    return () => {
      this.closed += 1;
    };
  };

  say(message: LiveMessage): void {
    this.listener?.message(message);
  }
}

function feedOver(...lines: Line[]) {
  const states: FeedState[] = [];
  const messages: LiveMessage[] = [];
  const gaps = vi.fn();
  const feed = new Feed({
    transports: lines.map((line) => line.transport),
    onMessage: (message) => messages.push(message),
    onState: (state) => states.push(state),
    onGap: gaps,
  });
  feed.start();
  return { feed, states, messages, gaps };
}

const change = (id: string): LiveMessage => ({ type: "invalidate", id, widget_ids: ["w"] });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a live feed", () => {
  it("goes on after the last message it heard, and hears none twice", () => {
    const line = new Line();
    const { states, messages, gaps } = feedOver(line);
    line.say({ type: "hello", id: "1" });
    line.say(change("2"));
    vi.advanceTimersByTime(6_000);
    line.listener?.ended();
    vi.advanceTimersByTime(1_000);
    expect(line.opened).toEqual([null, "2"]);
    line.say({ type: "hello", id: "2", resumed: true });
    line.say(change("2"));
    line.say(change("3"));
    expect(messages.filter(({ type }) => type === "invalidate").map(({ id }) => id)).toEqual(["2", "3"]);
    // Only what may have changed before it was open at all.
    expect(gaps).toHaveBeenCalledOnce();
    expect(states).toEqual(["connecting", "live", "reconnecting", "live"]);
  });

  it("says so when messages may be missing", () => {
    const line = new Line();
    const { gaps } = feedOver(line);
    line.say({ type: "hello", id: "1" });
    line.listener?.ended();
    vi.advanceTimersByTime(2_000);
    line.say({ type: "hello", id: "9", resumed: false });
    expect(gaps).toHaveBeenCalledTimes(2);
  });

  it("falls back to the next transport, then to polling, and keeps trying", () => {
    const [socket, stream] = [new Line(), new Line()];
    const { states } = feedOver(socket, stream);
    socket.listener?.ended();
    vi.advanceTimersByTime(2_000);
    expect(stream.opened).toHaveLength(1);
    stream.listener?.ended();
    vi.advanceTimersByTime(5_000);
    socket.listener?.ended();
    expect(states.at(-1)).toBe("polling");
    vi.advanceTimersByTime(10_000);
    stream.say({ type: "hello", id: "1" });
    expect(states.at(-1)).toBe("live");
  });

  it("takes silence for the end", () => {
    const line = new Line();
    const { states } = feedOver(line);
    line.say({ type: "hello", id: "1" });
    vi.advanceTimersByTime(30_000);
    line.say({ type: "ping", id: "1" });
    vi.advanceTimersByTime(30_000);
    expect(states.at(-1)).toBe("live");
    vi.advanceTimersByTime(20_000);
    expect(states.at(-1)).toBe("reconnecting");
    expect(line.closed).toBe(1);
  });

  it("waits longer for one that closes as soon as it opens", () => {
    const line = new Line();
    feedOver(line);
    for (let attempt = 0; attempt < 8; attempt++) {
      line.say({ type: "hello", id: "1" });
      line.listener?.ended();
      vi.advanceTimersByTime(2_000);
    }
    expect(line.opened.length).toBeLessThan(6);
  });

  it("stops for good", () => {
    const line = new Line();
    const { feed } = feedOver(line);
    line.listener?.ended();
    feed.stop();
    vi.advanceTimersByTime(120_000);
    expect(line.opened).toHaveLength(1);
  });
});
