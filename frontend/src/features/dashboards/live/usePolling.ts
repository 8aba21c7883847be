import { useEffect, useRef } from "react";

const EVERY_MS = 10_000;

/** Without a live feed: ask every ten seconds. */
export function usePolling(active: boolean, ask: () => void): void {
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => latest.current(), EVERY_MS);
    return () => clearInterval(timer);
  }, [active]);
}
