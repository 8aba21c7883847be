import { createBrowserRouter, Navigate, type RouteObject } from "react-router";

import { RouteError } from "./RouteError";
import { Shell } from "./Shell";

const routes: RouteObject[] = [
  {
    element: <Shell />,
    // Pages come in files of their own; the first one is a moment away.
    hydrateFallbackElement: <></>,
    errorElement: <RouteError />,
    children: [
      { index: true, element: <Navigate to="/canvas" replace /> },
      {
        path: "canvas/:workflowId?",
        lazy: async () => ({ Component: (await import("@/features/canvas/CanvasPage")).CanvasPage }),
        errorElement: <RouteError />,
      },
      {
        path: "dashboards",
        lazy: async () => ({ Component: (await import("@/features/dashboards/DashboardsPage")).DashboardsPage }),
        errorElement: <RouteError />,
      },
      {
        path: "runs/:executionId?",
        lazy: async () => ({ Component: (await import("@/features/runs/RunsPage")).RunsPage }),
        errorElement: <RouteError />,
      },
      {
        path: "admin",
        lazy: async () => ({ Component: (await import("@/features/admin/AdminPage")).AdminPage }),
        errorElement: <RouteError />,
      },
      {
        path: "dashboards/:dashboardId",
        lazy: async () => ({ Component: (await import("@/features/dashboards/DashboardPage")).DashboardPage }),
        errorElement: <RouteError />,
      },
    ],
  },
];

export const router = createBrowserRouter(routes);
