/**
 * One typed `fetch`: JSON in and out, problem+json as `ApiError`, ETags kept.
 *
 * Who is asking is decided once, by `identify`; no caller builds an identity header.
 */

import { ApiError, readProblem } from "./problem";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Call {
  readonly method?: Method;
  readonly body?: unknown;
  /** Sent in place of `body`, byte for byte. */
  readonly file?: Blob;
  readonly signal?: AbortSignal | undefined;
  /** The version that this call edits; sent as `If-Match`. */
  readonly etag?: string | undefined;
  /** Further headers; they win over those that say who is asking. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer's JSON and its version, where the resource has one. */
export interface Answer<T> {
  readonly data: T;
  readonly etag: string | undefined;
}

let identity: () => Readonly<Record<string, string>> = () => ({});

/** Set the headers that say who is asking (a bearer token, or the development tenant). */
export function identify(headers: () => Readonly<Record<string, string>>): void {
  identity = headers;
}

/** Call the API. Throws `ApiError`; an aborted call throws the signal's reason. */
export async function call<T>(path: string, options: Call = {}): Promise<Answer<T>> {
  const response = await send(path, "application/json", options);
  const text = await response.text();
  return {
    data: (text === "" ? undefined : JSON.parse(text)) as T,
    etag: response.headers.get("etag") ?? undefined,
  };
}

/** Ask for a file of the given media type. */
export async function download(path: string, body: unknown, accept: string): Promise<Blob> {
  return (await send(path, accept, { method: "POST", body })).blob();
}

/** Fetch a file of the given media type. */
export async function fetchFile(path: string, accept: string): Promise<Blob> {
  return (await send(path, accept, {})).blob();
}

/** Send a file as it is. */
export async function sendFile<T>(path: string, file: Blob, signal?: AbortSignal): Promise<T> {
  return (await (await send(path, "application/json", { method: "POST", file, signal })).json()) as T;
}

/** Listen to a stream of server-sent events, from after the event of this id. */
export async function listen(
  path: string,
  lastId: string | null,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<ReadableStream<BufferSource>> {
  const resume = lastId === null ? headers : { ...headers, "last-event-id": lastId };
  const { body } = await send(path, "text/event-stream", { signal, headers: resume });
  if (body === null) throw new TypeError("an answer without a body");
  return body;
}

async function send(path: string, accept: string, options: Call): Promise<Response> {
  const { method = "GET", body, file, signal, etag } = options;
  const headers = new Headers({ accept, ...identity(), ...options.headers });
  if (file) headers.set("content-type", "application/octet-stream");
  else if (body !== undefined) headers.set("content-type", "application/json");
  if (etag !== undefined) headers.set("if-match", etag);
  const response = await reach(path, {
    method,
    headers,
    body: file ?? (body === undefined ? null : JSON.stringify(body)),
    signal: signal ?? null,
  });
  if (response.ok) return response;
  throw new ApiError(readProblem(response.status, response.statusText, await response.text()));
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError({
      title: "No connection",
      status: 0,
      detail: "The server did not answer.",
      code: "unreachable",
      hint: "Check that FlowForge is running, then try again.",
    });
  }
}
