import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", "coverage", "src/shared/schema/generated"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Interfaces and type aliases both read well; a type alias can also be a union.
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      // Numbers in templates are never ambiguous here.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `onClick={() => store.remove(id)}` is the idiom of event handlers.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // Taking a member out of an object names it: `const { [key]: _before, ...rest } = object`.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ["src/**/*.tsx", "src/**/use*.ts"],
    ...reactHooks.configs.flat["recommended-latest"],
    rules: {
      ...reactHooks.configs.flat["recommended-latest"].rules,
      // Advice for the React Compiler, which is not used.
      "react-hooks/incompatible-library": "off",
      "react-hooks/preserve-manual-memoization": "off",
    },
  },
  {
    // Schema propagation is a pure core: it must run in a worker, a test or another tool.
    files: ["src/shared/schema/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["react", "react-dom", "react/*", "@xyflow/*", "zustand", "zundo", "echarts*"],
              message: "src/shared/schema is pure: no React, canvas or chart library.",
            },
            {
              group: ["**/features/**", "@/features/*", "@/app/*", "@/api/*", "@/ui/*", "@/charts/*"],
              message: "src/shared/schema knows nothing of the application around it.",
            },
          ],
        },
      ],
    },
  },
);
