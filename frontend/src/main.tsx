import "./app/styles.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";

import { StartFailure } from "./app/StartFailure";
import { router } from "./app/routes";
import { queryClient } from "./shared/api/queryClient";
import { startSession, useSession } from "./shared/session";
import { startTheme } from "./shared/theme";
import { startUnloadGuard } from "./shared/unsaved";

const host = document.getElementById("root");
if (!host) throw new Error("index.html has no #root");
const root = createRoot(host);

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
