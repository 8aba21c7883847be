import { useMemo } from "react";

import { useMediaQuery } from "@/shared/hooks/useMediaQuery";
import { useResolvedTheme } from "@/shared/theme";

import { type Palette, readPalette } from "./palette";

/** The theme's colours, read anew when it changes, and whether pictures may move. */
export function useLook(): { readonly palette: Palette; readonly animate: boolean } {
  const theme = useResolvedTheme();
  const still = useMediaQuery("(prefers-reduced-motion: reduce)");
  // `theme` is what the palette is read from.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const palette = useMemo(() => readPalette(document.documentElement), [theme]);
  return { palette, animate: !still };
}
