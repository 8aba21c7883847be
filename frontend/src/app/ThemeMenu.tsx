import { Monitor, Moon, Sun } from "lucide-react";

import { S } from "@/shared/strings";
import { setTheme, useTheme, type Theme } from "@/shared/theme";
import { Menu } from "@/shared/ui/Menu";

const ICONS = { light: Sun, dark: Moon, system: Monitor } as const;
const ORDER: readonly Theme[] = ["light", "dark", "system"];

export function ThemeMenu() {
  const theme = useTheme((state) => state.theme);
  const Icon = ICONS[theme];
  return (
    <Menu
      label={`${S.shell.theme}: ${S.shell.themes[theme]}`}
      button={<Icon aria-hidden size={15} className="text-muted" />}
      items={ORDER.map((each) => ({
        label: S.shell.themes[each],
        checked: each === theme,
        run: () => setTheme(each),
      }))}
    />
  );
}
