// Light, dark, or as the system has it: one button that goes round.

import { ActionIcon, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";

import { MoonIcon, ScreenIcon, SunIcon } from "./icons.tsx";

const schemes = {
  auto: { words: "as the system", next: "light", Icon: ScreenIcon },
  light: { words: "light", next: "dark", Icon: SunIcon },
  dark: { words: "dark", next: "auto", Icon: MoonIcon },
} as const satisfies Record<
  MantineColorScheme,
  { words: string; next: MantineColorScheme; Icon: () => ReactNode }
>;

export function SchemeToggle(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { words, next, Icon } = schemes[colorScheme];
  const label = `Colours: ${words}. Change to ${schemes[next].words}`;
  return (
    <ActionIcon aria-label={label} onClick={() => setColorScheme(next)} size="md" title={label}>
      <Icon />
    </ActionIcon>
  );
}
