import { useEffect, useState } from "react";

/** Milliseconds since `running` became true, in steps of 100; 0 while it is false. */
export function useElapsed(running: boolean, restart: unknown = null): number {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    if (!running) return;
    const started = performance.now();
    const timer = setInterval(() => setElapsed(performance.now() - started), 100);
    return () => {
      clearInterval(timer);
      setElapsed(0);
    };
  }, [running, restart]);
  return running ? elapsed : 0;
}
