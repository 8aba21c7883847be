import { useEffect, useRef, useState } from "react";

import { Feed, type FeedState } from "./feed";
import type { LiveMessage } from "./messages";
import type { Transport } from "./transport";

interface Handlers {
  readonly onMessage: (message: LiveMessage) => void;
  readonly onGap: () => void;
}

/** A feed that is open while the component is shown and `key` is not null; another key is another feed. */
export function useFeed(key: string | null, transports: () => readonly Transport[], handlers: Handlers): FeedState {
  const [state, setState] = useState<FeedState>("connecting");
  const latest = useRef({ transports, handlers });
  useEffect(() => {
    latest.current = { transports, handlers };
  });
  useEffect(() => {
    if (key === null) return;
    const feed = new Feed({
      transports: latest.current.transports(),
      onMessage: (message) => latest.current.handlers.onMessage(message),
      onGap: () => latest.current.handlers.onGap(),
      onState: setState,
    });
    const hurry = () => {
      if (document.visibilityState === "visible") feed.hurry();
    };
    feed.start();
    addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
      feed.stop();
    };
  }, [key]);
  return state;
}
