import { defineConfig } from 'vitest/config';

// `npx vitest` at the root runs every package's tests in one go; `npm test` goes through turbo.
export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'examples/*', 'bench', 'scripts/figures'],
    passWithNoTests: true,
  },
});
