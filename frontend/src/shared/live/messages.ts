/** What the live feed says; the same messages over WebSocket and server-sent events. */

export interface Alert {
  readonly kind: string;
  readonly symbol: string;
  readonly value: string;
  readonly threshold: string;
  readonly window_start?: string;
  readonly window_end?: string;
}

export type LiveMessage =
  /** The feed is open; `resumed` false: messages may have been missed since the id that was named. */
  | { readonly type: "hello"; readonly id?: string; readonly resumed?: boolean }
  | { readonly type: "ping"; readonly id?: string }
  | { readonly type: "invalidate"; readonly id?: string; readonly widget_ids: readonly string[] }
  | { readonly type: "layout"; readonly id?: string; readonly dashboard_id?: string }
  | { readonly type: "alert"; readonly id?: string; readonly alert: Alert }
  | { readonly type: "execution"; readonly id?: string; readonly execution_id: string; readonly status: string };

const TYPES: readonly string[] = ["hello", "ping", "invalidate", "layout", "alert", "execution"];

/** A message of a type that is known; null for anything else, so that the feed can grow. */
export function readMessage(text: string): LiveMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const message = value as { readonly type?: unknown; readonly widget_ids?: unknown; readonly alert?: unknown };
  if (typeof message.type !== "string" || !TYPES.includes(message.type)) return null;
  if (message.type === "invalidate" && !Array.isArray(message.widget_ids)) return null;
  if (message.type === "alert" && (typeof message.alert !== "object" || message.alert === null)) return null;
  return value as LiveMessage;
}
