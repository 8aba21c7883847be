/** What drags a widget: by class for the pointer, by arrow keys for the keyboard. */
export const HANDLE_CLASS = "widget-handle";

export const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
