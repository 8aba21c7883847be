/** Texts of what is live: connections, alerts, times of data. */

export const live = {
  states: {
    connecting: "Connecting",
    live: "Live",
    reconnecting: "Reconnecting",
    polling: "Polling",
    paused: "Paused",
  },
  hints: {
    connecting: "Asking for live updates",
    live: "Widgets are updated as their data changes",
    reconnecting: "The connection was lost; widgets keep their last data",
    polling: "No live connection: widgets are asked for again every few seconds",
    paused: "Widgets keep their data until you resume",
  },
  pause: "Pause live updates",
  resume: "Resume live updates",
  alertKinds: { spread: "Spread", volume: "Volume", price: "Price" } as Readonly<Record<string, string>>,
  alert: (kind: string, symbol: string, value: string, threshold: string) =>
    `${kind} of ${symbol}: ${value}, beyond ${threshold}`,
} as const;
