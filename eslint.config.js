// What imports cannot show. Who may import whom is in .dependency-cruiser.cjs.
import tseslint from "typescript-eslint";

const core = ["packages/core/src/**/*.ts"];
const tests = ["**/*.test.ts", "**/testing.ts", "**/testing/**", "e2e/**"];

/** The same facts must give the same status everywhere and at any time. */
const impure = [
  [
    "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    "The core reads no clock: pass `today`.",
  ],
  ["NewExpression[callee.name='Date'][arguments.length=0]", "The core reads no clock: pass `today`."],
  ["MemberExpression[object.name='Math'][property.name='random']", "The core has no chance in it."],
  [":function[async=true]", "The core waits for nothing."],
].map(([selector, message]) => ({ selector, message }));

export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "**/node_modules/**",
      "tools/**",
      "data/**",
      "coverage/**",
      ".dependency-cruiser.cjs",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-console": "error",
      "max-lines": ["error", { max: 400 }],
      "max-lines-per-function": ["error", { max: 60 }],
      complexity: ["error", 12],
      "max-params": ["error", 4],
      eqeqeq: "error",
      // Counting words and numbers into a sentence is what template strings are for.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-definitions": "off",
      // This is how the router is told.
      "@typescript-eslint/only-throw-error": [
        "error",
        {
          allow: [{ from: "package", package: "@tanstack/router-core", name: ["Redirect", "NotFoundError"] }],
        },
      ],
      // An arrow that returns a void call reads well in handlers.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: core,
    ignores: tests,
    rules: {
      "no-restricted-syntax": ["error", ...impure],
      "no-restricted-globals": [
        "error",
        "process",
        "fetch",
        "setTimeout",
        "setInterval",
        "crypto",
        "performance",
      ],
    },
  },
  {
    files: tests,
    rules: { "max-lines-per-function": "off" },
  },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
);
