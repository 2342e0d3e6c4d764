import type { Step } from '../../pipelines/index.ts';
import { flatSteps } from './agent-job.ts';

/**
 * Release tools that commit or tag and push with what `git` finds in the tree, so with what the checkout left. A tool
 * that makes its tag through the forge's interface (goreleaser, release-please) is none. Source: their documentation.
 */
const TOOLS: ReadonlyMap<string, RegExp> = new Map([
  ['lerna', /^(?:publish|version)\b/],
  ['changeset', /^(?:publish|tag)\b/],
  ['@changesets/cli', /^(?:publish|tag)\b/],
  ['semantic-release', /^/],
  ['release-it', /^/],
  ['np', /^/],
  ['auto', /^(?:shipit|release)\b/],
  ['gh-pages', /^/],
  ['mkdocs', /^gh-deploy\b/],
  ['mike', /^deploy\b/],
]);

/** Actions around the same tools. */
const ACTIONS = /(?:^|\/)(?:changesets\/action|[\w-]*semantic-release[\w-]*|release-it[\w-]*)(?:\/|$)/i;

/** Words of a command line that start another program. */
const STARTERS: ReadonlySet<string> = new Set([
  'npx',
  'bunx',
  'pnpx',
  'npm',
  'pnpm',
  'yarn',
  'bun',
  'uvx',
  'uv',
  'pipx',
]);
const STARTED_BY: ReadonlySet<string> = new Set(['exec', 'run', 'dlx', 'x', 'tool', '--']);

/** Does a step push by itself, or start a release tool that does? What the checkout left is then needed. */
export function pushesWithCheckout(steps: readonly Step[]): boolean {
  return flatSteps(steps).some(
    (step) =>
      step.effects.some(({ kind }) => kind === 'push') ||
      ACTIONS.test(step.uses?.name ?? '') ||
      [step.run, ...step.followed.map(({ script }) => script)].some((script) =>
        script?.script.commands.some(({ words }) => isPushing(words.map(({ literal }) => literal ?? ''))),
      ),
  );
}

function isPushing(words: readonly string[]): boolean {
  let at = 0;
  if (STARTERS.has(words[0] ?? '')) {
    at = 1;
    while (STARTED_BY.has(words[at] ?? '') || /^-/.test(words[at] ?? '')) at += 1;
  }
  // `semantic-release@24` and `./node_modules/.bin/lerna` are the same tools.
  const program = (words[at] ?? '').replace(/(?<=.)@[^/]*$/, '');
  const tool = TOOLS.get(program) ?? TOOLS.get(program.slice(program.lastIndexOf('/') + 1));
  const operands = words.slice(at + 1).filter((word) => !word.startsWith('-'));
  return tool !== undefined && !words.includes('--dry-run') && tool.test(operands.join(' '));
}
