// Mantine in our colours: neutral ink for what can be pressed, because colour is kept for the seven statuses.

import {
  ActionIcon,
  Button,
  Checkbox,
  createTheme,
  NativeSelect,
  NumberInput,
  Select,
  Switch,
  TextInput,
  Tooltip,
  type CSSVariablesResolver,
} from "@mantine/core";

// Nearly every field is required: those that are not say so.
const dense = { size: "sm", withAsterisk: false } as const;
const denseSwitch = { size: "sm" } as const;

export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--font-mono)",
  fontSizes: { xs: "12px", sm: "13.5px", md: "14px", lg: "16px", xl: "20px" },
  primaryColor: "dark",
  defaultRadius: 7,
  cursorType: "pointer",
  focusRing: "auto",
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray" } }),
    Button: Button.extend({ defaultProps: { size: "xs", variant: "default" } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: "xs" } }),
    NativeSelect: NativeSelect.extend({ defaultProps: dense }),
    NumberInput: NumberInput.extend({ defaultProps: dense }),
    Select: Select.extend({
      defaultProps: { ...dense, comboboxProps: { shadow: "md", offset: 4, withinPortal: false } },
    }),
    Switch: Switch.extend({ defaultProps: denseSwitch }),
    TextInput: TextInput.extend({ defaultProps: dense }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        events: { hover: true, focus: true, touch: true },
        multiline: true,
        maw: 280,
        openDelay: 200,
        withinPortal: false,
      },
    }),
  },
});

const colours = {
  "--mantine-color-body": "var(--raised)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-dimmed": "var(--muted)",
  "--mantine-color-placeholder": "var(--muted)",
  "--mantine-color-default": "var(--raised)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-anchor": "var(--text)",
  "--mantine-primary-color-filled": "var(--ink)",
  "--mantine-primary-color-filled-hover": "var(--ink)",
  "--mantine-primary-color-contrast": "var(--on-ink)",
  "--mantine-color-dark-filled": "var(--ink)",
  "--mantine-color-dark-filled-hover": "var(--ink)",
  "--mantine-color-disabled": "var(--sunken)",
  "--mantine-color-disabled-color": "var(--muted)",
  "--mantine-color-disabled-border": "var(--line)",
};

/** Both schemes alike: our own variables know which one it is. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: colours,
  dark: colours,
});
