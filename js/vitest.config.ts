// Views are tested in a DOM without a browser, against a fake model.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.ts"],
    testTimeout: 20_000,
  },
});
