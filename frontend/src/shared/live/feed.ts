/**
 * One live feed, kept open: it tries its transports in turn, waits longer after each failure, goes on after
 * the last message that it heard, and says when nothing works, so that whoever shows data asks for it instead.
 */

import { backoff } from "./backoff";
import type { LiveMessage } from "./messages";
import type { Transport } from "./transport";

export type FeedState = "connecting" | "live" | "reconnecting" | "polling";

export interface FeedOptions {
  /** The best one first. */
  readonly transports: readonly Transport[];
  readonly onMessage: (message: LiveMessage) => void;
  readonly onState: (state: FeedState) => void;
  /** Messages may have been missed: everything shown must be asked for again. */
  readonly onGap: () => void;
}

/** The server pings more often than this; a connection that is silent for longer is dead. */
const SILENCE_MS = 45_000;
/** Failures in a row, over all transports, after which data is polled. */
const PATIENCE = 3;
/** A connection that lived this long was a good one. */
const STABLE_MS = 5_000;
const REMEMBERED_IDS = 256;

export class Feed {
  readonly #options: FeedOptions;
  #close: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #transport = 0;
  #lastId: string | null = null;
  #stopped = false;
  readonly #heard = new Set<string>();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.onState("connecting");
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#drop();
    clearTimeout(this.#timer);
  }

  /** Try again now: the network is back, or somebody looks at the page again. */
  hurry(): void {
    if (this.#close || this.#stopped) return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  #connect(): void {
    const { transports } = this.#options;
    const transport = transports[this.#transport % transports.length];
    if (!transport || this.#stopped) return;
    let openedAt: number | null = null;
    const ended = () => this.#ended(openedAt);
    this.#expect(ended);
    this.#close = transport(this.#lastId, {
      message: (message) => {
        if (openedAt === null) {
          openedAt = Date.now();
          this.#opened(message);
        }
        this.#expect(ended);
        this.#hear(message);
      },
      ended,
    });
  }

  #opened(first: LiveMessage): void {
    this.#options.onState("live");
    // Also at the very first: what changed between the first question and now was told to nobody.
    if (first.type !== "hello" || first.resumed !== true) this.#options.onGap();
  }

  #hear(message: LiveMessage): void {
    const { id } = message;
    if (id !== undefined && id !== "") {
      if (message.type !== "hello" && message.type !== "ping") {
        // A resumed feed may say something twice.
        if (this.#heard.has(id)) return;
        this.#heard.add(id);
        const [oldest] = this.#heard;
        if (oldest !== undefined && this.#heard.size > REMEMBERED_IDS) this.#heard.delete(oldest);
      }
      this.#lastId = id;
    }
    if (message.type !== "ping") this.#options.onMessage(message);
  }

  #ended(openedAt: number | null): void {
    this.#drop();
    if (this.#stopped) return;
    if (openedAt === null) this.#transport += 1;
    // One that is closed as soon as it opens must not be opened again and again.
    const lasted = openedAt !== null && Date.now() - openedAt > STABLE_MS;
    this.#failures = lasted ? 0 : this.#failures + 1;
    this.#options.onState(this.#failures >= PATIENCE ? "polling" : "reconnecting");
    this.#timer = setTimeout(() => this.#connect(), backoff(this.#failures));
  }

  /** (Re)start the wait after which silence counts as the end. */
  #expect(ended: () => void): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(ended, SILENCE_MS);
  }

  #drop(): void {
    clearTimeout(this.#watch);
    this.#close?.();
    this.#close = null;
  }
}
