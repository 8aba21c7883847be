import { create } from "zustand";

/** The node that is pointed at from elsewhere – a part of the SQL – without being selected. */
export const useMarked = create<{ readonly node: string | null }>(() => ({ node: null }));

export function mark(node: string | null): void {
  useMarked.setState({ node });
}
