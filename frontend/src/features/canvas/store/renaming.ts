import { create } from "zustand";

/** The node whose name is being written, if any. */
export const useRenaming = create<{ readonly node: string | null }>(() => ({ node: null }));

export function startRenaming(node: string): void {
  useRenaming.setState({ node });
}

export function endRenaming(): void {
  useRenaming.setState({ node: null });
}
