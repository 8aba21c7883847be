import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import type { Root } from "react-dom/client";
import { RouterProvider } from "react-router";

import { queryClient } from "@/shared/api/queryClient";
import { startSession } from "@/shared/session";
import { startTheme } from "@/shared/theme";
import { startUnloadGuard } from "@/shared/unsaved";

import { StartFailure } from "./StartFailure";

/** The application: its theme, who is asking, then its pages. */
export async function startApp(root: Root): Promise<void> {
  startTheme();
  startUnloadGuard();
  try {
    await startSession();
    // After the sign-in, which may have changed the address: the router reads it once.
    const { router } = await import("./routes");
    root.render(
      <StrictMode>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </StrictMode>,
    );
  } catch (error) {
    root.render(<StartFailure error={error} />);
  }
}
