// Checks the import rules over the whole source tree: `npm run boundaries`. An empty result would pass silently, so it
// also demands that modules and dependencies were found. `checkBoundaries` is what the tests plant violations for.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import config from '../.dependency-cruiser.mjs';

const FOLDERS = ['core', 'native-workers', 'electron', 'renderer'];

/**
 * Returns the violations below `baseDir` as `{ rule, from, to }` and the number of modules and dependencies seen.
 * With `resolveAll` imports that resolve to nothing are violations too.
 */
export async function checkBoundaries(baseDir, resolveAll = true) {
  const { doNotFollow, exclude, tsPreCompilationDeps, enhancedResolveOptions } = config.options;
  const forbidden = config.forbidden.filter((rule) => resolveAll || rule.name !== 'resolvable');
  const folders = FOLDERS.filter((folder) => existsSync(resolve(baseDir, folder)));
  const result = await cruise(
    folders,
    { baseDir, validate: true, ruleSet: { forbidden }, doNotFollow, exclude, tsPreCompilationDeps, outputType: undefined },
    enhancedResolveOptions,
    { tsConfig: extractTSConfig(resolve(import.meta.dirname, '../tsconfig.json')) },
  );
  const { summary } = result.output;
  return {
    modules: summary.totalCruised,
    dependencies: summary.totalDependenciesCruised,
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { modules, dependencies, violations } = await checkBoundaries(resolve(import.meta.dirname, '..'));
  for (const { rule, from, to } of violations) process.stdout.write(`${rule}: ${from} → ${to}\n`);
  process.stdout.write(`boundaries: ${modules} modules, ${dependencies} imports, ${violations.length} violations\n`);
  if (modules === 0 || dependencies === 0) process.stdout.write('boundaries: nothing was found to check, which cannot be right\n');
  process.exitCode = violations.length > 0 || modules === 0 || dependencies === 0 ? 1 : 0;
}
