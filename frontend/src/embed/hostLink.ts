/**
 * The frame's side of the conversation with the page around it.
 *
 * frame → page: `flowforge:ready {widget_id}`, `flowforge:token-needed`, `flowforge:height {height}`.
 * page → frame: `flowforge:token {token}`, `flowforge:filters {filters}`, `flowforge:theme {theme}`.
 *
 * Only the page directly around the frame is listened to, and only once it has shown a token that names its
 * origin; from then on every message goes to exactly that origin. The first `ready` holds no secret: the
 * browser lets nobody but the key's origins frame the page at all (`frame-ancestors`).
 */

import type { DataFilter } from "@/shared/api/types";
import type { Theme } from "@/shared/theme";
import { readToken } from "./token";

export interface HostHandlers {
  readonly onToken: (token: string) => void;
  readonly onFilters: (filters: readonly DataFilter[]) => void;
  readonly onTheme: (theme: Theme) => void;
}

/** What the link uses of `window`; a test has its own. */
export interface FrameWindow {
  readonly parent: { postMessage(message: unknown, origin: string): void };
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  removeEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

/** A new token is asked for this long before the old one ends. */
const AHEAD_MS = 60_000;
/** A page that does not answer is asked again. */
const ASK_AGAIN_MS = 5_000;
const THEMES: readonly string[] = ["light", "dark", "system"];

export class HostLink {
  readonly #widgetId: string;
  readonly #handlers: HostHandlers;
  readonly #window: FrameWindow;
  #origin: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(widgetId: string, handlers: HostHandlers, frame: FrameWindow = window) {
    this.#widgetId = widgetId;
    this.#handlers = handlers;
    this.#window = frame;
  }

  start(): void {
    this.#window.addEventListener("message", this.#onMessage);
    this.#send({ type: "flowforge:ready", widget_id: this.#widgetId });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#window.removeEventListener("message", this.#onMessage);
  }

  /** The token is used up or refused: ask the page for another one. */
  needToken(): void {
    this.#ask(0);
  }

  tellHeight(height: number): void {
    this.#send({ type: "flowforge:height", height });
  }

  #ask(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#send({ type: "flowforge:token-needed" });
      this.#ask(ASK_AGAIN_MS);
    }, wait);
  }

  #send(message: Readonly<Record<string, unknown>>): void {
    this.#window.parent.postMessage(message, this.#origin ?? "*");
  }

  readonly #onMessage = (event: MessageEvent<unknown>): void => {
    if (event.source !== this.#window.parent || typeof event.data !== "object" || event.data === null) return;
    if (this.#origin !== null && event.origin !== this.#origin) return;
    const message = event.data as Partial<Record<string, unknown>>;
    if (message["type"] === "flowforge:token") this.#take(message["token"], event.origin);
    // A page that has shown no token has nothing to say about the widget.
    if (this.#origin === null) return;
    const { filters, theme } = message;
    if (message["type"] === "flowforge:filters" && isFilters(filters)) this.#handlers.onFilters(filters);
    if (message["type"] === "flowforge:theme" && isTheme(theme)) this.#handlers.onTheme(theme);
  };

  #take(token: unknown, origin: string): void {
    const claims = typeof token === "string" ? readToken(token) : null;
    if (claims?.widgetId !== this.#widgetId || !claims.origins.includes(origin)) return;
    this.#origin = origin;
    const left = claims.expires - Date.now();
    this.#ask(Math.max(left - AHEAD_MS, left / 2, 1_000));
    this.#handlers.onToken(token as string);
  }
}

export function isTheme(value: unknown): value is Theme {
  return typeof value === "string" && THEMES.includes(value);
}

/** Whether it looks like filters; the server says whether they are. */
export function isFilters(value: unknown): value is readonly DataFilter[] {
  return (
    Array.isArray(value) &&
    value.every((each: unknown) => {
      const filter = each as Partial<DataFilter> | null;
      return typeof filter === "object" && typeof filter?.column === "string" && typeof filter.operator === "string";
    })
  );
}
