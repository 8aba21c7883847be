const LEAST_MS = 50;
const SPREAD_MS = 150;

/** 50 to 200 ms: viewers of one dashboard do not all ask in the same moment. */
function jitter(): number {
  return LEAST_MS + SPREAD_MS * Math.random();
}

/** Collects what must be asked for again, and asks for it together, one question after the other. */
export class Refresher {
  readonly #ask: (ids: readonly string[]) => Promise<void>;
  readonly #delay: () => number;
  readonly #waiting = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;

  constructor(ask: (ids: readonly string[]) => Promise<void>, delay: () => number = jitter) {
    this.#ask = ask;
    this.#delay = delay;
  }

  add(ids: Iterable<string>): void {
    for (const id of ids) this.#waiting.add(id);
    this.#plan();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
  }

  #plan(): void {
    if (this.#asking || this.#timer !== undefined || this.#waiting.size === 0) return;
    this.#timer = setTimeout(() => void this.#run(), this.#delay());
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    const ids = [...this.#waiting];
    this.#waiting.clear();
    this.#asking = true;
    try {
      await this.#ask(ids);
    } finally {
      this.#asking = false;
      this.#plan();
    }
  }
}
