import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Refresher } from "./refresher";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("asks once for what changes together, 50 to 200 ms later", async () => {
  const ask = vi.fn((_ids: readonly string[]) => Promise.resolve());
  const refresher = new Refresher(ask);
  refresher.add(["a", "b"]);
  refresher.add(["b", "c"]);
  await vi.advanceTimersByTimeAsync(49);
  expect(ask).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(151);
  expect(ask.mock.calls).toEqual([[["a", "b", "c"]]]);
});

it("asks again for what changed while it was asking", async () => {
  let answer: () => void = () => undefined;
  const ask = vi.fn((_ids: readonly string[]) => new Promise<void>((done) => (answer = done)));
  const refresher = new Refresher(ask, () => 100);
  refresher.add(["a"]);
  await vi.advanceTimersByTimeAsync(100);
  refresher.add(["a", "b"]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ask).toHaveBeenCalledTimes(1);
  answer();
  await vi.advanceTimersByTimeAsync(100);
  expect(ask.mock.calls.at(-1)).toEqual([["a", "b"]]);
});

it("asks for nothing once it is stopped", async () => {
  const ask = vi.fn(() => Promise.resolve());
  const refresher = new Refresher(ask);
  refresher.add(["a"]);
  refresher.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ask).not.toHaveBeenCalled();
});
