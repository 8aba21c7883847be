/** The two ways to listen to the live feed. Each tells its `Listener` what it hears until it is closed. */

import { call, listen } from "../api/client";
import { readMessage, type LiveMessage } from "./messages";
import { EventParser } from "./sse";

export interface Listener {
  readonly message: (message: LiveMessage) => void;
  /** The connection ended, or never came about. Called once, and not after closing. */
  readonly ended: () => void;
}

/** Begin to listen after the message of this id. Returns how to stop. */
export type Transport = (lastId: string | null, listener: Listener) => () => void;

export type Subject = { readonly dashboard_id: string } | { readonly execution_id: string };

const PROTOCOL = "flowforge.v1";
const TICKET = "flowforge.ticket.";

/** A WebSocket, opened with a ticket that is valid once: no token is ever part of an address. */
export function webSocket(path: string, subject: Subject): Transport {
  return (lastId, listener) => {
    const stop = new AbortController();
    let socket: WebSocket | null = null;
    const open = async () => {
      const body = { method: "POST", body: subject, signal: stop.signal } as const;
      const { data } = await call<{ ticket: string }>("/api/v1/stream/ticket", body);
      if (stop.signal.aborted) return;
      const address = new URL(path, location.href);
      address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
      if (lastId !== null) address.searchParams.set("last_event_id", lastId);
      socket = new WebSocket(address, [PROTOCOL, `${TICKET}${data.ticket}`]);
      socket.addEventListener("message", (event: MessageEvent<unknown>) => hear(String(event.data), null, listener));
      // An error is always followed by a close.
      socket.addEventListener("close", () => {
        if (!stop.signal.aborted) listener.ended();
      });
    };
    open().catch(() => {
      if (!stop.signal.aborted) listener.ended();
    });
    return () => {
      stop.abort();
      socket?.close();
    };
  };
}

/** Server-sent events through `fetch`; `headers` say who is asking where it is not the session. */
export function serverSentEvents(path: string, headers?: () => Readonly<Record<string, string>>): Transport {
  return (lastId, listener) => {
    const stop = new AbortController();
    const read = async () => {
      const response = await listen(path, lastId, stop.signal, headers?.());
      const parser = new EventParser(({ id, data }) => hear(data, id, listener));
      const text = response.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await text.read(); !piece.done; piece = await text.read()) parser.push(piece.value);
    };
    void read()
      .catch(() => undefined)
      .then(() => {
        if (!stop.signal.aborted) listener.ended();
      });
    return () => stop.abort();
  };
}

function hear(text: string, id: string | null, listener: Listener): void {
  const message = readMessage(text);
  if (message) listener.message(id !== null && message.id === undefined ? { ...message, id } : message);
}
