import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores([
    "dist/",
    "test-output/",
    // Compiled where NestJS is installed.
    "test/dropin/programs/controllers/",
    "test/dropin/programs/nest/",
    "examples/frameworks/nest/",
  ]),
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
      },
    },
    rules: {
      // The compiler knows every name that exists, in TypeScript and in the checked scripts.
      "no-undef": "off",
      // As the compiler has it: an underscore says that it is meant.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_" },
      ],
      // Types that belong to a class, as `Socket.DisconnectReason`.
      "@typescript-eslint/no-namespace": ["error", { allowDeclarations: true }],
    },
  },
  {
    // JavaScript has casts in comments at most, which the rules about types do not read.
    files: ["**/*.{js,mjs,cjs}"],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
