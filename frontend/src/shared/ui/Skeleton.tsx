import { useEffect, useState } from "react";

const DELAY_MS = 200;

/** Grey bars in place of rows; nothing for the first 200 ms, since a flash is worse than a wait. */
export function Skeleton({ rows = 6 }: { readonly rows?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div aria-hidden className="flex flex-col gap-2.5 p-3">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="h-3.5 animate-pulse rounded bg-hover" style={{ width: `${92 - ((index * 13) % 40)}%` }} />
      ))}
    </div>
  );
}
