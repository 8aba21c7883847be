/** Server-sent events from a stream of text (WHATWG HTML, § 9.2.6), for `fetch`, which can carry `Authorization`. */

export interface ServerSentEvent {
  readonly id: string | null;
  readonly data: string;
}

/** Takes text in pieces of any size, and calls `onEvent` for each event that is complete. */
export class EventParser {
  readonly #onEvent: (event: ServerSentEvent) => void;
  #rest = "";
  #data: string[] = [];
  #id: string | null = null;

  constructor(onEvent: (event: ServerSentEvent) => void) {
    this.#onEvent = onEvent;
  }

  push(text: string): void {
    // A carriage return at the end may be the first half of a line's end.
    const whole = this.#rest + text;
    const held = whole.endsWith("\r") ? 1 : 0;
    const lines = whole.slice(0, whole.length - held).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + whole.slice(whole.length - held);
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line === "") {
      if (this.#data.length > 0) this.#onEvent({ id: this.#id, data: this.#data.join("\n") });
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    if (field === "id" && !value.includes("\0")) this.#id = value;
  }
}
