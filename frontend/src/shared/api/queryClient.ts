import { QueryClient } from "@tanstack/react-query";

import { ApiError } from "./problem";

const RETRIES = 2;
/** Answers that may be different in a moment: no connection, overloaded, store away. */
const PASSING = new Set([0, 502, 503]);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < RETRIES && error instanceof ApiError && PASSING.has(error.status),
      refetchOnWindowFocus: false,
      staleTime: 30_000,
    },
  },
});
