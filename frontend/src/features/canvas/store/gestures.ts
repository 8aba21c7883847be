const PAUSE_MS = 1_500;

/** Tells which edits belong to the gesture before them: a drag, or typing without a longer pause. */
export class Gestures {
  /** Whether the edit being made continues the gesture of the one before. */
  continued = false;
  #name: string | undefined;
  #at = 0;

  /** Announce an edit. Without a name it stands alone. */
  next(name: string | undefined, now = Date.now()): void {
    this.continued = name !== undefined && name === this.#name && now - this.#at < PAUSE_MS;
    this.#name = name;
    this.#at = now;
  }

  end(): void {
    this.#name = undefined;
    this.continued = false;
  }
}
