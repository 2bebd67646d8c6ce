import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist/", "test-output/", "**/public/"]),
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js"] },
      },
    },
    rules: {
      // The compiler knows every name that exists, in TypeScript and in the checked scripts.
      "no-undef": "off",
    },
  },
  {
    // Plain programs for readers and for old runtimes: no types to go by.
    files: ["examples/**/*.{js,mjs,cjs}", "test/**/*.{js,mjs,cjs}"],
    extends: [tseslint.configs.disableTypeChecked],
  },
);
