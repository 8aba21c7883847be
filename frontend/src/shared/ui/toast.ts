/** Short messages about what just happened; they leave by themselves. */

import { create } from "zustand";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "info" | "error" | "notice";
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

interface ToastState {
  readonly toasts: readonly Toast[];
}

export const useToasts = create<ToastState>(() => ({ toasts: [] }));

const VISIBLE_MS = { info: 4_000, error: 8_000, notice: 10_000 } as const;
let next = 1;

export function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

export function toast(text: string, tone: Toast["tone"] = "info", action?: Toast["action"]): void {
  const id = next++;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-2), { id, text, tone, action }] }));
  setTimeout(() => dismiss(id), VISIBLE_MS[tone]);
}

/** Something happened that nobody here did. What is already shown is not said twice. */
export function notify(text: string): void {
  if (!useToasts.getState().toasts.some((each) => each.text === text)) toast(text, "notice");
}
