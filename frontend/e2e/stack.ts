/** A FlowForge of its own for the tests: `flowforge up` on a temporary home and a free port; no live data moves its rows. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const READY_WITHIN_MS = 150_000;
const STOP_WITHIN_MS = 20_000;
const POLL_MS = 250;

export interface Stack {
  readonly url: string;
  /** Its home; empty where the stack is somebody else's and FLOWFORGE_HOME does not say. */
  readonly home: string;
  readonly stop: () => Promise<void>;
}

/** Start the whole stack, or take the one that FLOWFORGE_URL names. */
export async function startStack(): Promise<Stack> {
  const running = process.env["FLOWFORGE_URL"];
  if (running !== undefined) return { url: running, home: process.env["FLOWFORGE_HOME"] ?? "", stop: () => Promise.resolve() };
  const home = mkdtempSync(join(tmpdir(), "flowforge-e2e-"));
  const port = await freePort();
  const command = join(REPOSITORY, ".venv/bin/flowforge");
  const child = spawn(command, ["up", "--home", home, "--port", String(port), "--no-pipeline"], { stdio: "pipe" });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const url = `http://localhost:${port}`;
  const stop = async () => {
    await terminate(child);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await healthy(url, child);
  } catch (error) {
    await stop();
    throw new Error(`flowforge up failed:\n${said.join("")}`, { cause: error });
  }
  return { url, home, stop };
}

/** A second mesh on the engines of the stack in `home`, at which people sign in with the issuers. */
export async function startSecondMesh(home: string, port: number, issuers: object): Promise<() => Promise<void>> {
  const own = mkdtempSync(join(tmpdir(), "flowforge-mesh-"));
  const script = join(import.meta.dirname, "second_mesh.py");
  const command = [script, home, own, String(port), JSON.stringify(issuers)];
  const child = spawn(join(REPOSITORY, ".venv/bin/python"), command, { stdio: "ignore" });
  const stop = async () => {
    await terminate(child);
    rmSync(own, { recursive: true, force: true });
  };
  await healthy(`http://localhost:${port}`, child).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return stop;
}

/** Two neighbouring free ports: the application's and the mesh's own. */
export async function freePort(): Promise<number> {
  for (;;) {
    const first = await tryPort(0);
    if (first !== null && first < 65_000 && (await tryPort(first + 1)) !== null) return first;
  }
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(null));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const found = typeof address === "object" && address ? address.port : null;
      server.close(() => done(found));
    });
  });
}

async function healthy(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const response = await fetch(`${url}/api/v1/health`).catch(() => null);
    if (response?.ok) return;
    await new Promise((next) => setTimeout(next, POLL_MS));
  }
  throw new Error(`not healthy after ${READY_WITHIN_MS} ms`);
}

function terminate(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null) {
      done();
      return;
    }
    const forced = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    child.once("exit", () => {
      clearTimeout(forced);
      done();
    });
    child.kill("SIGTERM");
  });
}
