/** Every node's schema and problems, worked out in the browser after each edit. */

import { useLayoutEffect, useMemo } from "react";
import { create } from "zustand";

import { useTables } from "@/shared/api/catalogue";
import { type Problem as ServerProblem, toProblem } from "@/shared/api/problem";
import type { TableInfo } from "@/shared/api/types";
import { readCatalogue } from "@/shared/schema/catalogue";
import type { Problem } from "@/shared/schema/errors";
import type { NodeOutcome } from "@/shared/schema/outcome";
import { Propagator } from "@/shared/schema/propagate";
import type { Schema } from "@/shared/schema/types";

import { type Doc, findNode, inputsOf, toGraph } from "../document/doc";
import { feeders } from "../document/ports";
import { portsOf } from "../kinds";
import { useCanvas } from "./canvas";

interface Analysis {
  readonly outcomes: ReadonlyMap<string, NodeOutcome>;
  readonly graphProblem: Problem | null;
  readonly tables: readonly TableInfo[];
  /** Whether the catalogue has arrived: without it nothing can be judged. */
  readonly ready: boolean;
  /** Why the catalogue did not arrive. */
  readonly failure: ServerProblem | null;
}

export const useAnalysis = create<Analysis>(() => ({
  outcomes: new Map(),
  graphProblem: null,
  tables: [],
  ready: false,
  failure: null,
}));

/** Keep the analysis up to date with the document and the catalogue; used once, by the page. */
export function useRunAnalysis(): void {
  const doc = useCanvas((state) => state.doc);
  const { data: tables, error } = useTables();
  const propagator = useMemo(() => new Propagator(readCatalogue(tables ?? [])), [tables]);
  useLayoutEffect(() => {
    const { nodes, graphProblem } = propagator.run(toGraph(doc));
    useAnalysis.setState({ outcomes: nodes, graphProblem, tables: tables ?? [], ready: tables !== undefined });
  }, [doc, propagator, tables]);
  useLayoutEffect(() => {
    useAnalysis.setState({ failure: error && tables === undefined ? toProblem(error) : null });
  }, [error, tables]);
}

/**
 * The columns that arrive at a node, one place per port (or per wire of a port that takes several);
 * null where nothing is wired or what is wired is broken.
 */
export function inputSchemas(
  doc: Doc,
  outcomes: ReadonlyMap<string, NodeOutcome>,
  id: string,
): readonly (Schema | null)[] {
  const node = findNode(doc, id);
  if (!node) return [];
  return feeders(doc, portsOf, node).map((feeder) => (feeder ? (outcomes.get(feeder.id)?.schema ?? null) : null));
}

export function useInputSchemas(id: string): readonly (Schema | null)[] {
  const doc = useCanvas((state) => state.doc);
  const outcomes = useAnalysis((state) => state.outcomes);
  return useMemo(() => inputSchemas(doc, outcomes, id), [doc, outcomes, id]);
}

/** The table a node's rows come from, following its first inputs up to the source. */
export function sourceTable(doc: Doc, id: string): { database: string; table: string } | null {
  for (let node = findNode(doc, id); node; node = inputsOf(doc, node.id)[0]) {
    const { database, table } = node.data;
    if (node.type === "data_source" && typeof database === "string" && typeof table === "string") {
      return { database, table };
    }
  }
  return null;
}
