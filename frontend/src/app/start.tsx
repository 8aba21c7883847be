import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import type { Root } from "react-dom/client";
import { RouterProvider } from "react-router";

import { queryClient } from "@/shared/api/queryClient";
import { startSession, useSession } from "@/shared/session";
import { startTheme } from "@/shared/theme";
import { startUnloadGuard } from "@/shared/unsaved";

import { StartFailure } from "./StartFailure";
import { router } from "./routes";

/** The application: its theme, who is asking, then its pages. */
export async function startApp(root: Root): Promise<void> {
  startTheme();
  startUnloadGuard();
  try {
    await startSession();
    const supported = useSession.getState().config?.auth.mode === "development";
    root.render(
      <StrictMode>
        {supported ? (
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        ) : (
          <StartFailure />
        )}
      </StrictMode>,
    );
  } catch (error) {
    root.render(<StartFailure error={error} />);
  }
}
