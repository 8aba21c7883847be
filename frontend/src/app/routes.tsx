import { createBrowserRouter, redirect, type RouteObject } from "react-router";

import { RouteError } from "./RouteError";
import { Shell } from "./Shell";

const routes: RouteObject[] = [
  {
    element: <Shell />,
    errorElement: <RouteError />,
    children: [
      { index: true, loader: () => redirect("/canvas") },
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
        path: "dashboards/:dashboardId",
        lazy: async () => ({ Component: (await import("@/features/dashboards/DashboardPage")).DashboardPage }),
        errorElement: <RouteError />,
      },
    ],
  },
];

export const router = createBrowserRouter(routes);
